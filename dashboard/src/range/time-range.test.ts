import { test } from "vitest";
import { boundsOf, parseRange, usualRange, writeRange } from "./time-range.ts";

test("a range in the address is read as it was written; what is none is the usual one", ({ expect }) => {
  const ranges = [
    { kind: "relative", name: "7d" },
    { kind: "absolute", fromMs: 1_000, toMs: 2_000 },
  ] as const;
  expect(ranges.map((range) => parseRange(`?x=1&range=${writeRange(range)}`))).toEqual(ranges);
  expect(["", "?range=", "?range=9y", "?range=5-4", "?range=1-x"].map(parseRange)).toEqual(Array.from({ length: 5 }, () => usualRange));
});

test("a range up to now has the same ends for a whole step, and holds what has just come", ({ expect }) => {
  const range = { kind: "relative", name: "1h" } as const;
  const [one, later] = [boundsOf(range, 1_000_001), boundsOf(range, 1_009_999)];
  expect(one).toEqual(later);
  expect([one.toMs >= 1_009_999, one.toMs - one.fromMs]).toEqual([true, 3_600_000]);
});
