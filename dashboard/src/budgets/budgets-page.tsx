import { useState } from "react";
import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApi } from "../api/queries.ts";
import { useCountedName } from "../limits/use-counted-name.ts";
import { OfOrganization } from "../shell/of-organization.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { PlusIcon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { AlertsPanel } from "./alerts-panel.tsx";
import { BudgetCard } from "./budget-card.tsx";
import { ChangeBudgetDrawer, NewBudgetDrawer } from "./budget-drawer.tsx";
import { budgetTree } from "./budget-tree.ts";
import { LedgerDrawer } from "./ledger-drawer.tsx";
import "./budgets.css";

/** What the organization may spend, where its money is now, and what happened to it. */
export function BudgetsPage() {
  return <OfOrganization>{(organizationId) => <Budgets organizationId={organizationId} />}</OfOrganization>;
}

type Open = { readonly kind: "new" } | { readonly kind: "change" | "ledger"; readonly budget: BudgetAnswer } | null;

const lookMs = 2_000;
/** Many budgets are looked at less often: each look asks every region. */
const manyBudgets = 20;
const lookAtManyMs = 10_000;

function Budgets({ organizationId }: { readonly organizationId: OrganizationId }) {
  const [open, setOpen] = useState<Open>(null);
  const nameOf = useCountedName();
  const { data, error, refetch } = useApi("listBudgets", { params: { organizationId }, query: { limit: 100 } });
  if (error !== null && data === undefined) return <FailureNotice failure={error.failure} onRetry={() => void refetch()} />;
  const budgets = data?.budgets ?? [];
  const close = () => setOpen(null);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Budgets</h1>
        <div className="page-actions">
          <button type="button" className="button button-primary" onClick={() => setOpen({ kind: "new" })}>
            <PlusIcon />
            Set a budget
          </button>
        </div>
      </div>
      {data?.budgets.length === 0 && (
        <Notice title="Nothing is limited" tone="quiet">
          <p>A hard budget is never passed, under any number of calls at once: what a call may cost is set aside before it is made.</p>
        </Notice>
      )}
      <div className="stacked">
        {budgetTree(budgets).map(({ budget, depth }) => (
          <div key={budget.limitId} className={`budget-node budget-depth-${depth}`}>
            <BudgetCard
              organizationId={organizationId}
              budget={budget}
              nameOf={nameOf}
              lookMs={budgets.length > manyBudgets ? lookAtManyMs : lookMs}
              onChange={() => setOpen({ kind: "change", budget })}
              onLedger={() => setOpen({ kind: "ledger", budget })}
            />
          </div>
        ))}
        {budgets.length > 0 && <AlertsPanel organizationId={organizationId} budgets={budgets} nameOf={nameOf} />}
      </div>
      {open?.kind === "new" && <NewBudgetDrawer organizationId={organizationId} onClose={close} />}
      {open?.kind === "change" && <ChangeBudgetDrawer organizationId={organizationId} budget={open.budget} onClose={close} />}
      {open?.kind === "ledger" && <LedgerDrawer organizationId={organizationId} budget={open.budget} onClose={close} />}
    </div>
  );
}
