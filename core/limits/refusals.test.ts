import { describe, test } from "vitest";
import { limitIdSchema } from "../contracts/limits.ts";
import type { RegionStanding } from "./limiter-rpc.ts";
import { refusalOfBook } from "./refusals.ts";

const terms = {
  limitId: limitIdSchema.parse("019a0000-0000-7000-8000-000000000001"),
  version: 1,
  unit: "nano-usd",
  window: { kind: "never" },
  total: 1_000,
  perRegion: { "eu-west": 100 },
  isHard: true,
  whenUnreachable: "closed",
} as const;

function refusalOf(standing: RegionStanding, amount: number, regionLimit: number | null) {
  const { limit, left, retryAfterMs } = refusalOfBook(
    { terms, counted: "all", window: { startMs: 0, endMs: 60_000 }, standing, book: { free: 0 } },
    amount,
    regionLimit,
    0,
  );
  return { limit, left, retryAfterMs };
}

describe("refusalOfBook of a rolling window", () => {
  const rolling = { ...terms, window: { kind: "rolling", unit: "hour", count: 24 } } as const;
  const hourMs = 3_600_000;
  const window = { startMs: 0, endMs: hourMs };
  const nowMs = hourMs / 2;
  const spentIn = (leavesAtMs: number, everywhere: number, inRegion: number) => ({ leavesAtMs, everywhere, inRegion });
  /** 950 of 1,000 are spent, 85 of the region's 100: all but 600 and 60 in earlier slots, newest first. */
  const standing = {
    limit: 1_000,
    spent: 950,
    reserved: 0,
    inRegion: { spent: 85, reserved: 0 },
    slots: [spentIn(20 * hourMs, 300, 0), spentIn(5 * hourMs, 50, 25)],
  };
  const retryAfterMsOf = (amount: number, regionLimit: number | null, of: RegionStanding | null = standing) =>
    refusalOfBook({ terms: rolling, counted: "all", window, standing: of, book: { free: 0 } }, amount, regionLimit, nowMs).retryAfterMs;

  test.for([
    ["with the slot that leaves first, where that is enough", 100, null, 5 * hourMs],
    ["with as many as it takes", 101, null, 20 * hourMs],
    ["with the present one, a whole window after its end, where all of it is wanted", 401, null, 25 * hourMs],
    ["where the region has room too", 41, 100, 25 * hourMs],
    ["where the region has room with the first one", 40, 100, 5 * hourMs],
  ] as const)("says when enough has left it: %s", ([, amount, regionLimit, atMs], { expect }) => {
    expect(retryAfterMsOf(amount, regionLimit)).toBe(atMs - nowMs);
  });

  test("says soon where it has room that could not be had just now, or calls under way may leave enough", ({ expect }) => {
    expect(retryAfterMsOf(50, null)).toBe(1_000);
    expect(retryAfterMsOf(200, null, { ...standing, spent: 700, reserved: 250 })).toBe(1_000);
  });

  test("says nothing where it is more than the limit, or nobody knows what leaves when", ({ expect }) => {
    expect(retryAfterMsOf(1_001, null)).toBeNull();
    const { slots: _, ...unknown } = standing;
    // Lowered below what was spent.
    expect(retryAfterMsOf(40, null, { ...standing, spent: 1_010, slots: [spentIn(5 * hourMs, 40, 0)] })).toBe(25 * hourMs - nowMs);
    expect([retryAfterMsOf(100, null, unknown), retryAfterMsOf(100, null, null)]).toEqual([null, null]);
  });
});

describe("refusalOfBook", () => {
  test("in a region with a limit of its own says what is left of that, where it is less", ({ expect }) => {
    const standing = { limit: 1_000, spent: 300, reserved: 0, inRegion: { spent: 90, reserved: 0 } };
    expect(refusalOf(standing, 20, 100)).toEqual({ limit: 100, left: 10, retryAfterMs: 60_000 });
    expect(refusalOf({ ...standing, spent: 995 }, 20, 100)).toEqual({ limit: 1_000, left: 5, retryAfterMs: 60_000 });
    expect(refusalOf(standing, 101, 100)).toMatchObject({ retryAfterMs: null });
  });

  test("says soon only where calls under way may leave enough in both", ({ expect }) => {
    const standing = { limit: 1_000, spent: 300, reserved: 200, inRegion: { spent: 50, reserved: 50 } };
    expect(refusalOf(standing, 20, 100)).toEqual({ limit: 100, left: 0, retryAfterMs: 1_000 });
    expect(refusalOf(standing, 60, 100)).toMatchObject({ retryAfterMs: 60_000 });
    expect(refusalOf(standing, 600, null)).toEqual({ limit: 1_000, left: 500, retryAfterMs: 1_000 });
  });
});
