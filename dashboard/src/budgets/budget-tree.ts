import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import type { LimitSubject } from "#core/contracts/limits.ts";

/** A budget, and under how many others of the tree it stands. */
export interface BudgetNode {
  readonly budget: BudgetAnswer;
  readonly depth: number;
}

/** The order in which calls meet them: what an organization may spend holds for all below it. */
const levels = { organization: 0, team: 1, project: 1, key: 2, user: 3 } as const satisfies Record<LimitSubject["kind"], number>;
const kinds = ["organization", "team", "project", "key", "user"] as const satisfies readonly LimitSubject["kind"][];

/** Budgets from the organization down to users: of one kind, those for each before those for one, those of all calls before those of some, by their names. */
export function budgetTree(budgets: readonly BudgetAnswer[]): readonly BudgetNode[] {
  const used = [...new Set(budgets.map(({ subject }) => levels[subject.kind]))].toSorted((left, right) => left - right);
  const isNamed = ({ subject }: BudgetAnswer): number => (subject.kind === "organization" || subject.id === null ? 0 : 1);
  const isOfSome = ({ selector }: BudgetAnswer): number => (Object.values(selector).every((part) => part === null) ? 0 : 1);
  return budgets
    .toSorted(
      (left, right) =>
        kinds.indexOf(left.subject.kind) - kinds.indexOf(right.subject.kind) ||
        isNamed(left) - isNamed(right) ||
        isOfSome(left) - isOfSome(right) ||
        left.name.localeCompare(right.name, "en"),
    )
    .map((budget) => ({ budget, depth: used.indexOf(levels[budget.subject.kind]) }));
}
