import { useState } from "react";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApi, useApiChange } from "../api/queries.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { OfOrganization } from "../shell/of-organization.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { PlusIcon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { BudgetCard } from "./budget-card.tsx";
import { budgetOf, newBudgetSchema } from "./new-budget.ts";
import "./budgets.css";

/** What the organization may spend, and where its money is now. */
export function BudgetsPage() {
  return <OfOrganization>{(organizationId) => <Budgets organizationId={organizationId} />}</OfOrganization>;
}

function Budgets({ organizationId }: { readonly organizationId: OrganizationId }) {
  const [making, setMaking] = useState(false);
  const { data, error, refetch } = useApi("listBudgets", { params: { organizationId }, query: { limit: 100 } });
  if (error !== null && data === undefined) return <FailureNotice failure={error.failure} onRetry={() => void refetch()} />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Budgets</h1>
        <div className="page-actions">
          <button type="button" className="button button-primary" onClick={() => setMaking(true)}>
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
        {data?.budgets.map((budget) => (
          <BudgetCard key={budget.limitId} organizationId={organizationId} budget={budget} />
        ))}
      </div>
      {making && <NewBudgetDrawer organizationId={organizationId} onClose={() => setMaking(false)} />}
    </div>
  );
}

function NewBudgetDrawer({ organizationId, onClose }: { readonly organizationId: OrganizationId; readonly onClose: () => void }) {
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const change = useApiChange("createBudget", ["listBudgets"]);
  return (
    <Drawer title="Set a budget" onClose={onClose}>
      <SchemaForm
        schema={newBudgetSchema}
        submit="Set it"
        busy={change.isPending}
        failure={change.error?.failure ?? null}
        onSubmit={(form) =>
          change.mutate({ params: { organizationId }, query: {}, body: budgetOf(form), idempotencyKey }, { onSuccess: onClose })
        }
      />
    </Drawer>
  );
}
