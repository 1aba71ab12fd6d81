import { useState } from "react";
import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApiChange } from "../api/queries.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { useToast } from "../ui/toast.tsx";
import { budgetBody, budgetFieldOf, budgetFormSchema, budgetHeld, newBudgetHeld, rareBudgetFields } from "./budget-form.ts";
import { WhatIf } from "./what-if.tsx";

interface NewBudgetDrawerProps {
  readonly organizationId: OrganizationId;
  readonly onClose: () => void;
}

export function NewBudgetDrawer({ organizationId, onClose }: NewBudgetDrawerProps) {
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const change = useApiChange("createBudget", ["listBudgets"]);
  return (
    <Drawer title="Set a budget" onClose={onClose}>
      <SchemaForm
        schema={budgetFormSchema}
        held={newBudgetHeld}
        rare={rareBudgetFields}
        fieldOf={budgetFieldOf}
        submit="Set it"
        busy={change.isPending}
        failure={change.error?.failure ?? null}
        onSubmit={(form) =>
          change.mutate({ params: { organizationId }, query: {}, body: budgetBody(form, null), idempotencyKey }, { onSuccess: onClose })
        }
      />
    </Drawer>
  );
}

interface ChangeBudgetDrawerProps extends NewBudgetDrawerProps {
  readonly budget: BudgetAnswer;
}

/** Changes a budget in place: what is spent stays spent. */
export function ChangeBudgetDrawer({ organizationId, budget, onClose }: ChangeBudgetDrawerProps) {
  const say = useToast();
  const params = { organizationId, limitId: budget.limitId };
  const change = useApiChange("putBudget", ["listBudgets", "getBudgetState", "getBudgetLedger"]);
  return (
    <Drawer title={`Change ${budget.name}`} onClose={onClose}>
      <SchemaForm
        schema={budgetFormSchema}
        held={budgetHeld(budget)}
        rare={rareBudgetFields}
        fieldOf={budgetFieldOf}
        submit="Save"
        busy={change.isPending}
        failure={change.error?.failure ?? null}
        renderAside={(values) => <WhatIf organizationId={organizationId} budget={budget} dollars={String(values["dollars"] ?? "")} />}
        onSubmit={(form) =>
          change.mutate(
            { params, query: {}, body: budgetBody(form, budget) },
            {
              onSuccess: () => {
                say("ok", "Saved. Every region keeps to it within 5 seconds.");
                onClose();
              },
            },
          )
        }
      />
    </Drawer>
  );
}
