import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApi } from "../api/queries.ts";
import { formatMoment } from "../range/format-range.ts";
import { budgetFormSchema, nanoUsdOf } from "./budget-form.ts";
import { usd } from "./say-budget.ts";

interface WhatIfProps {
  readonly organizationId: OrganizationId;
  readonly budget: BudgetAnswer;
  /** As it was typed. */
  readonly dollars: string;
}

/** How a budget would stand with another amount, for the one that has spent most of it. */
export function WhatIf({ organizationId, budget, dollars }: WhatIfProps) {
  const typed = budgetFormSchema.shape.dollars.safeParse(dollars);
  const ifLimitNanoUsd = typed.success && typed.data !== undefined ? nanoUsdOf(typed.data) : null;
  const isOther = ifLimitNanoUsd !== null && ifLimitNanoUsd !== budget.amount.totalNanoUsd;
  const params = { organizationId, limitId: budget.limitId };
  const { data } = useApi("getBudgetState", isOther ? { params, query: { ifLimitNanoUsd } } : null);
  const [most] = data?.states ?? [];
  if (!isOther || most?.ifLimit?.limitNanoUsd !== ifLimitNanoUsd) return null;
  const { leftNanoUsd, usedUpAtMs, lasts } = most.ifLimit;
  const left = leftNanoUsd < 0 ? `${usd(-leftNanoUsd)} more than that is spent or reserved` : `${usd(leftNanoUsd)} would be left`;
  const outlook =
    usedUpAtMs === null ? (lasts ? "; at this rate it lasts" : "") : `; at this rate it is used up ${formatMoment(usedUpAtMs)}`;
  return (
    <p className="muted" role="status">
      With {usd(ifLimitNanoUsd)}: {left}
      {leftNanoUsd > 0 && outlook}.
    </p>
  );
}
