/** Why a budget's ledger has more spent than the records of its calls say; less, where the amount is below 0. */
export const budgetDifferences = {
  presumed: "Calls that were cut, or of which the provider did not say what they used: counted at the most that they can cost.",
  attempts:
    "Calls with attempts that are counted apart: another one was answered, in another window, or by a model that this budget does not count.",
  died: "Spent, and in no record: what a limiter or an isolate that died had in hand, or a call whose end was never heard of.",
  unrecorded: "Calls that are settled, and whose records have not come: they are on their way, or were lost with their isolate.",
  unheard: "Calls that are recorded, and whose end the budget has not heard of yet.",
} as const satisfies Readonly<Record<string, string>>;

export type BudgetDifference = keyof typeof budgetDifferences;

export const budgetDifferenceNames = Object.keys(budgetDifferences).filter((name): name is BudgetDifference =>
  Object.hasOwn(budgetDifferences, name),
);
