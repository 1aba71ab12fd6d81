import type { BudgetState } from "#core/contracts/api/budgets.ts";
import type { EndpointOutput } from "#core/contracts/api/endpoints.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApi, useApiChange } from "../api/queries.ts";
import { formatDollars } from "../format/metric.ts";
import { formatMoment } from "../range/format-range.ts";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { Panel } from "../ui/panel.tsx";

type Budget = EndpointOutput<"listBudgets">["budgets"][number];

const lookMs = 2_000;
const usd = (nanoUsd: number) => formatDollars(nanoUsd / 1e9);

/** A budget, and for each that it counts what is spent, reserved by calls under way, and left; looked at every two seconds. */
export function BudgetCard({ organizationId, budget }: { readonly organizationId: OrganizationId; readonly budget: Budget }) {
  const params = { organizationId, limitId: budget.limitId };
  const { data } = useApi("getBudgetState", { params, query: {} }, { refetchMs: lookMs });
  const remove = useApiChange("deleteBudget", ["listBudgets"]);
  return (
    <Panel
      title={budget.name}
      tools={
        <ConfirmButton
          label="Remove"
          isDangerous
          question="Nothing holds these calls back then. Remove?"
          busy={remove.isPending}
          onConfirm={() => remove.mutate({ params, query: {} })}
        />
      }
    >
      <p className="budget-words">
        <span className={budget.enforcement === "hard" ? "badge badge-error" : "badge"}>{budget.enforcement}</span> {sayBudget(budget)}
      </p>
      {data?.states.length === 0 && <p className="muted">Nothing was spent in the present window.</p>}
      <ul className="budget-states">
        {data?.states.map((state) => (
          <State key={state.counted} state={state} counted={budget.subject.kind === "organization" ? "All of it" : state.counted} />
        ))}
      </ul>
    </Panel>
  );
}

function State({ state, counted }: { readonly state: BudgetState; readonly counted: string }) {
  const { limitNanoUsd, spentNanoUsd, reservedNanoUsd, leftNanoUsd, window: span, regions } = state;
  const percent = (nanoUsd: number) => `${Math.min(100, (100 * nanoUsd) / Math.max(1, limitNanoUsd))}%`;
  const said = `${usd(spentNanoUsd)} of ${usd(limitNanoUsd)} spent`;
  return (
    <li>
      <div className="budget-line">
        <span className="mono breakable">{counted}</span>
        <strong>{said}</strong>
      </div>
      <div className="budget-bar" role="img" aria-label={`${said}, ${usd(reservedNanoUsd)} reserved`}>
        <span className={leftNanoUsd <= 0 ? "budget-spent budget-over" : "budget-spent"} style={{ inlineSize: percent(spentNanoUsd) }} />
        <span className="budget-reserved" style={{ inlineSize: percent(reservedNanoUsd) }} />
      </div>
      <div className="budget-line muted">
        <span>
          {usd(leftNanoUsd)} left, {usd(reservedNanoUsd)} reserved by calls under way
        </span>
        <span>{span.endMs === null ? "never starts anew" : `until ${formatMoment(span.endMs)}`}</span>
      </div>
      {regions.map((region) => (
        <div key={region.region} className="budget-line budget-region">
          <span>{region.region}</span>
          <span>
            {usd(region.spentNanoUsd)} spent, {usd(region.inHandNanoUsd)} in hand
            {region.limitNanoUsd !== null && `, at most ${usd(region.limitNanoUsd)}`}
          </span>
        </div>
      ))}
    </li>
  );
}

function sayBudget({ subject, amount, window: span }: Budget): string {
  const total = amount.totalNanoUsd === null ? "amounts by region" : usd(amount.totalNanoUsd);
  const whose =
    subject.kind === "organization"
      ? "the whole organization"
      : subject.id === null
        ? `each ${subject.kind} by itself`
        : `${subject.kind} ${subject.id}`;
  return `${total} ${sayWindow(span)}, ${whose}`;
}

function sayWindow(span: Budget["window"]): string {
  switch (span.kind) {
    case "clock":
    case "calendar":
      return `a ${span.unit}`;
    case "rolling":
      return `in any ${span.count} ${span.unit}s`;
    case "never":
      return "once";
  }
}
