import fc from "fast-check";
import { describe, test } from "vitest";
import { settledHolds, settlementsOf, type Held } from "./held.ts";

const hold = (account: string, worst: number, seq: number, attemptId = "a", isPocketed = false): Held => ({
  attemptId,
  account,
  receipt: { book: `${account}/w`, unit: "nano-usd", epoch: 1, seq, amount: worst },
  worst,
  isPocketed,
});

describe("what an attempt cost", () => {
  test("is paid by each account once, and by no hold beyond its reserve but the last", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 8 }), fc.nat(1_000), (reserves, cost) => {
        const holds = reserves.flatMap((worst, index) => [hold("one", worst, index), hold("two", worst + 1, index)]);
        const settled = settledHolds(holds, cost);
        for (const account of ["one", "two"]) {
          const paid = settled.filter(({ held }) => held.account === account);
          expect(paid.reduce((sum, { nanoUsd }) => sum + (nanoUsd ?? 0), 0)).toBe(cost);
          expect(paid.slice(0, -1).filter(({ held, nanoUsd }) => (nanoUsd ?? 0) > held.worst)).toEqual([]);
        }
      }),
    );
  });

  test("is all that each hold reserved, where nobody knows it", ({ expect }) => {
    expect(settledHolds([hold("one", 5, 1), hold("one", 7, 2)], null).map(({ nanoUsd }) => nanoUsd)).toEqual([null, null]);
  });

  test("is told their limiter under the names that it gave them, charges once and first; pockets tell by themselves", ({ expect }) => {
    const holds = [hold("whole", 30, 1), hold("part", 10, 2), hold("part", 20, 3, "a/2"), hold("part", 20, 4, "a/3", true)];
    const charges = [{ book: "rate", unit: "tokens", amount: 900 } as const];
    expect(settlementsOf({ attemptId: "a", charges }, settledHolds(holds, 25), 12)).toEqual([
      { attemptId: "a", nanoUsd: 25, receipts: [holds[0]?.receipt], charges, tokens: 12 },
      { attemptId: "a", nanoUsd: 10, receipts: [holds[1]?.receipt], charges: [], tokens: 12 },
      { attemptId: "a/2", nanoUsd: 15, receipts: [holds[2]?.receipt], charges: [], tokens: 12 },
    ]);
    expect(settlementsOf({ attemptId: "a", charges }, [], null)).toEqual([
      { attemptId: "a", nanoUsd: null, receipts: [], charges, tokens: null },
    ]);
  });
});
