import { useState } from "react";
import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApi, useApiChange } from "../api/queries.ts";
import { sayWhose } from "../limits/say-limit.ts";
import { SelectorBadges } from "../limits/selector-badges.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { BudgetStateView } from "./budget-state.tsx";
import { sayAmount, sayPart } from "./say-budget.ts";

const shownMax = 5;

interface BudgetCardProps {
  readonly organizationId: OrganizationId;
  readonly budget: BudgetAnswer;
  readonly nameOf: (id: string) => string;
  /** It is looked at so often. */
  readonly lookMs: number;
  readonly onChange: () => void;
  readonly onLedger: () => void;
}

/** A budget, and where its money is, for each that it counts. */
export function BudgetCard({ organizationId, budget, nameOf, lookMs, onChange, onLedger }: BudgetCardProps) {
  const params = { organizationId, limitId: budget.limitId };
  const [all, setAll] = useState(false);
  const { data, error } = useApi("getBudgetState", { params, query: {} }, { refetchMs: lookMs });
  const remove = useApiChange("deleteBudget", ["listBudgets"]);
  const states = data?.states ?? [];
  const isOne = budget.subject.kind === "organization";
  return (
    <Panel
      title={budget.name}
      tools={
        <span className="budget-tools">
          <button type="button" className="button" onClick={onLedger}>
            Ledger
          </button>
          <button type="button" className="button" onClick={onChange}>
            Change
          </button>
          <ConfirmButton
            label="Remove"
            isDangerous
            question="Nothing holds these calls back then. Remove?"
            busy={remove.isPending}
            onConfirm={() => remove.mutate({ params, query: {} })}
          />
        </span>
      }
    >
      <p className="budget-words">
        <span className={budget.enforcement === "hard" ? "badge" : "badge badge-warning"}>{budget.enforcement}</span>
        <SelectorBadges selector={budget.selector} />
        <span>
          {sayAmount(budget)}, {sayWhose(budget.subject, nameOf)}
          {budget.alertThresholds.length > 0 && `, alerts at ${budget.alertThresholds.map(sayPart).join(", ")}`}
        </span>
      </p>
      {remove.error !== null && (
        <p className="field-fault" role="alert">
          {remove.error.failure.message}
        </p>
      )}
      {data?.states.length === 0 && <p className="muted">Nothing was spent in the present window.</p>}
      {error !== null && <p className="muted">How it stands cannot be told just now: {error.failure.message}</p>}
      <ul className="budget-states">
        {(all ? states : states.slice(0, shownMax)).map((state) => (
          <BudgetStateView key={state.counted} budget={budget} state={state} counted={isOne ? "All of it" : nameOf(state.counted)} />
        ))}
      </ul>
      {states.length > shownMax && (
        <button type="button" className="quiet-button" onClick={() => setAll(!all)}>
          {all ? `Show the ${shownMax} that spent most` : `Show all ${states.length}`}
        </button>
      )}
    </Panel>
  );
}
