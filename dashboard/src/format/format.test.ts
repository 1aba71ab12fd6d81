import fc from "fast-check";
import { describe, test } from "vitest";
import { formatCost, splitDollars } from "./money.ts";
import { formatBytes, formatCount, formatDuration } from "./numbers.ts";
import { formatAgo } from "./time.ts";

describe("money", () => {
  test("is exact, with at least cents and at most nine decimals", ({ expect }) => {
    const shown = ["0", "1", "21000", "23700", "5870000", "1000000000", "1500000000", "1234567890123456789"].map((nano) =>
      formatCost(nano, false),
    );
    expect(shown).toEqual(["$0.00", "$0.000000001", "$0.000021", "$0.0000237", "$0.00587", "$1.00", "$1.50", "$1,234,567,890.123456789"]);
  });

  test("an unknown cost is never shown as 0", ({ expect }) => {
    expect([formatCost(null, false), formatCost(null, true)]).toEqual(["unknown", "unknown"]);
  });

  test("a sum that lacks a part says that it is at least so much", ({ expect }) => {
    expect(formatCost("21000", true)).toBe("≥ $0.000021");
  });

  test("a credit keeps its sign", ({ expect }) => {
    expect(splitDollars(-21000)).toEqual({ whole: "−$0", fraction: ".000021" });
  });

  test("no nano-dollar is lost in the text", ({ expect }) => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), (nano) => {
        const [whole = "", fraction = ""] = formatCost(nano.toString(), false).replace(/[$,]/g, "").split(".");
        expect(BigInt(whole + fraction.padEnd(9, "0"))).toBe(nano);
      }),
    );
  });
});

describe("numbers", () => {
  test("durations change their unit where the figure would round into the next", ({ expect }) => {
    const shown = [0, 0.04, 0.44, 9.94, 9.96, 123.4, 999.4, 999.6, 9_994, 9_996, 59_900, 59_960, 125_000, 3_599_600, 3_720_000].map(
      formatDuration,
    );
    expect(shown).toEqual([
      "0 ms",
      "0 ms",
      "0.4 ms",
      "9.9 ms",
      "10 ms",
      "123 ms",
      "999 ms",
      "1.00 s",
      "9.99 s",
      "10.0 s",
      "59.9 s",
      "1 m 00 s",
      "2 m 05 s",
      "1 h 00 m",
      "1 h 02 m",
    ]);
  });

  test("what is not known is a dash", ({ expect }) => {
    expect([formatDuration(null), formatCount(null), formatCount(0), formatCount(1234567)]).toEqual(["–", "–", "0", "1,234,567"]);
  });

  test("bytes go up in powers of 1024", ({ expect }) => {
    expect([0, 1023, 1024, 65_536, 1_482_113].map(formatBytes)).toEqual(["0 B", "1023 B", "1 KB", "64 KB", "1.4 MB"]);
  });
});

test("time ago is one unit; the future is now", ({ expect }) => {
  const nowMs = 1_800_000_000_000;
  const ago = [-5_000, 1_900, 12_000, 59_999, 60_000, 3_600_000, 47 * 3_600_000, 49 * 3_600_000].map((ms) => formatAgo(nowMs - ms, nowMs));
  expect(ago).toEqual(["now", "now", "12 s ago", "59 s ago", "1 min ago", "1 h ago", "47 h ago", "2 d ago"]);
});
