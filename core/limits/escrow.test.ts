import { describe, test } from "vitest";
import { mutants } from "./mutants.fixture.ts";
import { searchAll } from "./search.fixture.ts";
import { simulate } from "./simulation.fixture.ts";
import { escrow } from "./simulation-tree.fixture.ts";

/** A busy machine takes as much longer. */
const patienceMs = 120_000;

describe("the escrow protocol", () => {
  test(
    "nothing is overrun, and the ledger is the truth, in a million steps of loss, doubling, delay and crashes",
    ({ expect }) => {
      const outcome = simulate(1_000_000, 1, escrow);
      expect({ steps: outcome.steps, violation: outcome.violation }).toEqual({ steps: 1_000_000, violation: null });
      // Each kind of step was taken often enough to say something.
      expect(Object.entries(outcome.counts).filter(([, count]) => count < 1_000)).toEqual([]);
      expect(Object.keys(outcome.counts)).toHaveLength(20);
    },
    patienceMs,
  );

  test(
    "no state of two regions that share 3 breaks an invariant",
    ({ expect }) => {
      expect(searchAll(2, 3, 1, escrow)).toEqual({ states: 33_229, transitions: 388_366, violation: null });
    },
    patienceMs,
  );

  test(
    "no state of three regions that share 2 breaks an invariant",
    ({ expect }) => {
      expect(searchAll(3, 2, 1, escrow)).toEqual({ states: 31_850, transitions: 480_036, violation: null });
    },
    patienceMs,
  );

  test(
    "no state in which messages overtake each other breaks an invariant",
    ({ expect }) => {
      expect(searchAll(2, 1, 2, escrow)).toEqual({ states: 7_293, transitions: 121_810, violation: null });
    },
    patienceMs,
  );

  test.for(Object.entries(mutants))("a mistake is found: %s", { timeout: patienceMs }, ([, mutant], { expect }) => {
    expect(simulate(300_000, 7, { ...escrow, ...mutant }).violation).not.toBeNull();
  });
});
