import { useState } from "react";
import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import type { LimitEvent } from "#core/contracts/limit-event.ts";
import { useApi } from "../api/queries.ts";
import { useNowMs } from "../api/use-poll.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Instant } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";
import { sayPart, usd } from "./say-budget.ts";

const lookMs = 5_000;
const pageRows = 20;
const rowsMax = 200;

interface AlertsPanelProps {
  readonly organizationId: OrganizationId;
  readonly budgets: readonly BudgetAnswer[];
  readonly nameOf: (id: string) => string;
}

/** What happened to budgets of which an admin should hear, newest first. */
export function AlertsPanel({ organizationId, budgets, nameOf }: AlertsPanelProps) {
  const nowMs = useNowMs();
  const [rows, setRows] = useState(pageRows);
  const { data, error } = useApi("listLimitEvents", { params: { organizationId }, query: { limit: rows } }, { refetchMs: lookMs });
  const columns: readonly Column<LimitEvent>[] = [
    { key: "what", title: "What", renderCell: (event) => <What event={event} /> },
    {
      key: "budget",
      title: "Budget",
      renderCell: ({ limitId }) => {
        const name = budgets.find((budget) => budget.limitId === limitId)?.name;
        return name === undefined ? <span className="faint">removed</span> : <span className="wrapped">{name}</span>;
      },
    },
    { key: "counted", title: "Counted", isLess: true, renderCell: ({ counted }) => <span className="breakable">{nameOf(counted)}</span> },
    { key: "spent", title: "Spent then", align: "end", isLess: true, renderCell: sayThen },
    { key: "when", title: "When", align: "end", renderCell: ({ createdAtMs }) => <Instant atMs={createdAtMs} nowMs={nowMs} /> },
  ];
  return (
    <Panel title="Alerts">
      {error !== null && data === undefined ? (
        <p className="field-fault" role="alert">
          {error.failure.message}
        </p>
      ) : (
        <DataTable
          label="Alerts"
          columns={columns}
          rows={data?.events ?? null}
          keyOf={({ eventId }) => eventId}
          empty="No budget has reached a threshold, and no call was refused."
        />
      )}
      {data !== undefined && data.nextCursor !== null && rows < rowsMax && (
        <div className="list-end">
          <button type="button" className="button" onClick={() => setRows(Math.min(rowsMax, rows * 2))}>
            Show older
          </button>
        </div>
      )}
    </Panel>
  );
}

const sayThen = ({ spentNanoUsd, limitNanoUsd }: LimitEvent) => `${usd(spentNanoUsd)} of ${usd(limitNanoUsd)}`;

function What({ event: { kind, threshold, region, overNanoUsd } }: { readonly event: LimitEvent }) {
  switch (kind) {
    case "threshold":
      return <span className={threshold === 1 ? "badge badge-error" : "badge badge-warning"}>{sayPart(threshold ?? 0)} spent</span>;
    case "refused":
      return <span className="badge badge-error">call refused in {region}</span>;
    case "bound_exceeded":
      return <span className="badge badge-error">billed {usd(overNanoUsd)} beyond the bound</span>;
  }
}
