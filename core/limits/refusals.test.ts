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
    { terms, counted: "all", window: { endMs: 60_000 }, standing, book: { free: 0 } },
    amount,
    regionLimit,
    0,
  );
  return { limit, left, retryAfterMs };
}

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
