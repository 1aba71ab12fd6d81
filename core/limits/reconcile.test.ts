import fc from "fast-check";
import { describe, test } from "vitest";
import { reconcile } from "./reconcile.ts";

const inHand = { limit: null, granted: 1_000, reserved: 0 };
const noCalls = { calls: 0, cost: 0, known: 0, presumed: 0, presumedBeyondCost: 0 };

describe("the ledger and the records", () => {
  test("of calls that came to their end agree", ({ expect }) => {
    const ledger = [{ ...inHand, region: "eu-west", spent: 300, presumed: 0 } as const];
    const recorded = [{ ...noCalls, region: "eu-west", calls: 3, cost: 300, known: 300 } as const];
    expect(reconcile(ledger, recorded)).toEqual({ recorded: 300, calls: 3, difference: 0, differences: [] });
  });

  test.for([
    [
      "a cut call, of which a part is known",
      { spent: 500, presumed: 500 },
      { cost: 20, presumed: 500, presumedBeyondCost: 480 },
      "presumed",
      480,
    ],
    ["an attempt that another one followed", { spent: 90, presumed: 0 }, { cost: 30, known: 90 }, "attempts", 60],
    ["an isolate that died", { spent: 700, presumed: 700 }, {}, "died", 700],
    ["a record that has not come", { spent: 40, presumed: 0 }, {}, "unrecorded", 40],
    ["an end that was not heard of", { spent: 0, presumed: 0 }, { cost: 40, known: 40 }, "unheard", -40],
  ] as const)("differ by %s, and say so", ([, ledger, recorded, cause, amount], { expect }) => {
    const { difference, differences } = reconcile(
      [{ ...inHand, region: "us-east", ...ledger }],
      [{ ...noCalls, region: "us-east", calls: 1, ...recorded }],
    );
    expect({ difference, differences }).toEqual({ difference: amount, differences: [{ region: "us-east", cause, amount }] });
  });

  test("differ by exactly what the causes add up to, whatever they say", ({ expect }) => {
    const amount = fc.nat(1_000_000);
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        amount,
        amount,
        fc.integer({ min: -1_000, max: 1_000 }),
        (spent, presumed, cost, known, held, beyond) => {
          const { difference, differences } = reconcile(
            [{ ...inHand, region: "us-west", spent, presumed }],
            [{ region: "us-west", calls: 1, cost, known, presumed: held, presumedBeyondCost: beyond }],
          );
          expect(differences.reduce((sum, each) => sum + each.amount, 0)).toBe(difference);
        },
      ),
    );
  });
});
