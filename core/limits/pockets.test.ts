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
  test("one is closed when no call was on it for a while, whatever is under way on others of its call", ({ expect }) => {
    const pockets = new Pockets();
    const leaseOf = (counted: string) => ({ ...lease, counted, book: counted });
    const claimsOf = (key: string) => [...claims, { terms, counted: key, amount: 10 }];
    const own = [lease, leaseOf("key 1")];
    pockets.adopt(place, [...own, leaseOf("key 2")], 1_000);
    const [first, second] = [pockets.reserve(place, claimsOf("key 1"), 2_000), pockets.reserve(place, claimsOf("key 2"), 2_000)];
    if (first === null || second === null) throw new Error("both fit");
    expect(pockets.closeRested(own, 100, 2_500)).toEqual({ closings: [], nextAtMs: null });
    pockets.settle(first, 5, 3_000);
    expect(pockets.closeRested(own, 100, 3_099)).toEqual({ closings: [], nextAtMs: 3_100 });
    const { closings, nextAtMs } = pockets.closeRested(own, 100, 3_100);
    expect([closings, nextAtMs]).toMatchObject([[{ book: "key 1", report: { closing: true, spent: 5 } }], null]);
    pockets.settle(second, 5, 3_150);
    expect(pockets.closeRested(own, 100, 3_200)).toEqual({ closings: [], nextAtMs: 3_250 });
    expect(pockets.closeRested(own, 100, 3_250)).toMatchObject({ closings: [{ book: "b", report: { spent: 10 } }], nextAtMs: null });
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
