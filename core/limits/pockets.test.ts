import { describe, test } from "vitest";
import { organizationIdSchema } from "../contracts/id.ts";
import { limitIdSchema } from "../contracts/limits.ts";
import { Pockets } from "./pockets.ts";

const place = { organizationId: organizationIdSchema.parse("019a0000-0000-7000-8000-000000000001"), region: "us-east" } as const;
const limitId = limitIdSchema.parse("019a0000-0000-7000-8000-000000000002");
const terms = {
  limitId,
  version: 1,
  unit: "nano-usd",
  window: { kind: "never" },
  total: 1_000,
  perRegion: {},
  isHard: true,
  whenUnreachable: "closed",
} as const;
const claims = [{ terms, counted: "all", amount: 10 }];
const lease = { book: "b", limitId, counted: "all", version: 1, window: "w", epoch: 2, granted: 100, leaseMs: 5_000 };

describe("Pockets", () => {
  test("one is idle since the last call on it ended, and not while one is under way", ({ expect }) => {
    const pockets = new Pockets();
    pockets.adopt(place, [lease], 1_000);
    expect(pockets.idleSinceMs([lease])).toBe(1_000);
    const receipts = pockets.reserve(place, claims, 2_000);
    if (receipts === null) throw new Error("it fits");
    expect(pockets.idleSinceMs([lease])).toBeNull();
    pockets.settle(receipts, 5, 3_000);
    expect(pockets.idleSinceMs([lease])).toBe(3_000);
  });

  test("a call asks for a new one as soon as the last one has closed", ({ expect }) => {
    const pockets = new Pockets();
    expect([pockets.wanted(place, claims, 0).length, pockets.wanted(place, claims, 0).length]).toEqual([1, 0]);
    pockets.adopt(place, [lease], 1);
    expect(pockets.close([lease], true, 2)).toHaveLength(1);
    expect(pockets.wanted(place, claims, 3)).toHaveLength(1);
  });

  test("of very many whose calls never end the oldest is forgotten: its region counts it as spent", ({ expect }) => {
    const pockets = new Pockets();
    const leases = Array.from({ length: 10_001 }, (_, index) => ({ ...lease, counted: `user ${index}`, book: `b/${index}` }));
    pockets.adopt(place, leases, 0);
    const claimOf = (index: number) => [{ terms, counted: `user ${index}`, amount: 10 }];
    expect(pockets.reserve(place, claimOf(0), 1)).toBeNull();
    expect([1, 10_000].map((index) => pockets.reserve(place, claimOf(index), 1)?.length)).toEqual([1, 1]);
    expect(pockets.close(leases.slice(0, 1), true, 2)).toEqual([]);
  });
});
