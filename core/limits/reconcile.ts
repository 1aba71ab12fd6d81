import { budgetDifferenceNames, type BudgetDifference } from "../contracts/budget-difference.ts";
import { regionSchema, type Region } from "../contracts/region.ts";
import type { RegionLedger } from "./root-ledger.ts";

/**
 * What the records of calls say of a budget's holds in one window, by the region that served them. A record has what its call
 * cost, and what each of its holds was settled at.
 */
export interface RecordedSpending {
  readonly region: Region;
  readonly calls: number;
  /** What the calls cost. */
  readonly cost: number;
  /** Holds whose cost was known. */
  readonly known: number;
  /** Holds of which nobody said what their call cost, at the most that it can. */
  readonly presumed: number;
  /** Of calls with such a hold: all of their holds less what is recorded as their cost. */
  readonly presumedBeyondCost: number;
}

export interface Difference {
  readonly region: Region;
  readonly cause: BudgetDifference;
  readonly amount: number;
}

/** What is recorded, and each difference from the ledger with its cause: together exactly what the ledger has. */
export function reconcile(
  ledger: readonly RegionLedger[],
  recorded: readonly RecordedSpending[],
): { readonly recorded: number; readonly calls: number; readonly difference: number; readonly differences: readonly Difference[] } {
  const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const total = sumOf(recorded.map(({ cost }) => cost));
  return {
    recorded: total,
    calls: sumOf(recorded.map(({ calls }) => calls)),
    difference: sumOf(ledger.map(({ spent }) => spent)) - total,
    differences: regionSchema.options.flatMap((region) =>
      differencesIn(
        region,
        ledger.find((each) => each.region === region) ?? { spent: 0, presumed: 0 },
        recorded.find((each) => each.region === region) ?? { cost: 0, known: 0, presumed: 0, presumedBeyondCost: 0 },
      ),
    ),
  };
}

function differencesIn(
  region: Region,
  ledger: Pick<RegionLedger, "spent" | "presumed">,
  recorded: Omit<RecordedSpending, "region" | "calls">,
): readonly Difference[] {
  const presumed = ledger.presumed - recorded.presumed;
  const known = ledger.spent - ledger.presumed - recorded.known;
  const amounts = {
    presumed: recorded.presumedBeyondCost,
    attempts: recorded.known + recorded.presumed - recorded.cost - recorded.presumedBeyondCost,
    died: Math.max(0, presumed),
    unrecorded: Math.max(0, known),
    unheard: Math.min(0, presumed) + Math.min(0, known),
  } as const satisfies Record<BudgetDifference, number>;
  return budgetDifferenceNames.flatMap((cause) => (amounts[cause] === 0 ? [] : [{ region, cause, amount: amounts[cause] }]));
}
