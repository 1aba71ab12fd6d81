import { useState } from "react";
import type { BudgetLedger } from "#core/contracts/api/budget-ledger.ts";
import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import { budgetDifferences } from "#core/contracts/budget-difference.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApi } from "../api/queries.ts";
import { formatCost } from "../format/money.ts";
import { formatMoment } from "../range/format-range.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Notice } from "../ui/notice.tsx";

type RegionLedger = BudgetLedger["regions"][number];
type DifferingCall = BudgetLedger["reconciliation"]["calls"][number];

/** Each look reads the records of a whole window. */
const lookMs = 10_000;
const exact = (nanoUsd: number) => formatCost(nanoUsd, false);

const regionColumns: readonly Column<RegionLedger>[] = [
  { key: "region", title: "Region", renderCell: ({ region }) => region },
  { key: "granted", title: "Granted", align: "end", renderCell: ({ grantedNanoUsd }) => exact(grantedNanoUsd) },
  { key: "spent", title: "Spent", align: "end", renderCell: ({ spentNanoUsd }) => exact(spentNanoUsd) },
  { key: "presumed", title: "of it presumed", align: "end", renderCell: ({ presumedNanoUsd }) => exact(presumedNanoUsd) },
  { key: "reserved", title: "Reserved", align: "end", renderCell: ({ reservedNanoUsd }) => exact(reservedNanoUsd) },
  { key: "hand", title: "In hand", align: "end", renderCell: ({ inHandNanoUsd }) => exact(inHandNanoUsd) },
  { key: "debt", title: "Debt", align: "end", renderCell: ({ debtNanoUsd }) => exact(debtNanoUsd) },
];

const callColumns: readonly Column<DifferingCall>[] = [
  {
    key: "trace",
    title: "Call",
    renderCell: ({ projectId, traceId }) => (
      <Link className="text-link mono" href={pagePath(projectId, "trace", traceId)}>
        {traceId.slice(0, 12)}…
      </Link>
    ),
  },
  { key: "region", title: "Region", isLess: true, renderCell: ({ region }) => region },
  { key: "cause", title: "Cause", renderCell: ({ cause }) => cause },
  { key: "cost", title: "Recorded", align: "end", renderCell: ({ costNanoUsd }) => formatCost(costNanoUsd, false) },
  { key: "settled", title: "Counted", align: "end", renderCell: ({ settledNanoUsd }) => exact(settledNanoUsd) },
];

interface LedgerDrawerProps {
  readonly organizationId: OrganizationId;
  readonly budget: BudgetAnswer;
  readonly onClose: () => void;
}

/** Where a budget's money went in a window, and whether the records of its calls say the same. */
export function LedgerDrawer({ organizationId, budget, onClose }: LedgerDrawerProps) {
  const [atMs, setAtMs] = useState<number | null>(null);
  const { data, error, refetch } = useApi(
    "getBudgetLedger",
    { params: { organizationId, limitId: budget.limitId }, query: atMs === null ? {} : { atMs } },
    { refetchMs: lookMs },
  );
  return (
    <Drawer title={`Ledger of ${budget.name}`} wide onClose={onClose}>
      {error !== null && data === undefined && <FailureNotice failure={error.failure} onRetry={() => void refetch()} />}
      {error === null && data === undefined && (
        <Notice title="Asking every region and reading the records" tone="waiting">
          <p>It takes a moment.</p>
        </Notice>
      )}
      {data !== undefined && (
        <>
          {data.window.endMs !== null && (
            <div className="budget-line">
              <span>
                {formatMoment(data.window.startMs)} – {formatMoment(data.window.endMs)}
              </span>
              <span className="actions">
                <button type="button" className="button" onClick={() => setAtMs(data.window.startMs - 1)}>
                  Window before
                </button>
                {atMs !== null && (
                  <button type="button" className="button" onClick={() => setAtMs(null)}>
                    Present window
                  </button>
                )}
              </span>
            </div>
          )}
          <p>
            <strong>{exact(data.spentNanoUsd)}</strong> of {exact(data.limitNanoUsd)}
            {data.accounts > 1 && ` each, ${data.accounts} together,`} is spent; {exact(data.reservedNanoUsd)} is reserved by calls under
            way.
          </p>
          <DataTable
            label="Ledger by region"
            columns={regionColumns}
            rows={data.regions}
            keyOf={({ region }) => region}
            empty="Nothing was granted in this window."
          />
          <h3>Reconciliation</h3>
          <Reconciliation {...data.reconciliation} />
        </>
      )}
    </Drawer>
  );
}

function Reconciliation({ recordedNanoUsd, recordedCalls, differenceNanoUsd, differences, calls }: BudgetLedger["reconciliation"]) {
  return (
    <>
      <dl className="ledger-sums">
        <dt>Recorded cost of {recordedCalls} calls</dt>
        <dd>{exact(recordedNanoUsd)}</dd>
        <dt>Difference</dt>
        <dd>{exact(differenceNanoUsd)}</dd>
      </dl>
      {differences.length === 0 ? (
        <p className="ledger-agrees">The records say the same, to the nano-dollar.</p>
      ) : (
        <ul className="ledger-differences" aria-label="Differences">
          {differences.map(({ region, cause, amountNanoUsd }) => (
            <li key={`${region} ${cause}`}>
              <strong>
                {exact(amountNanoUsd)} {cause} in {region}
              </strong>
              <span className="muted">{budgetDifferences[cause]}</span>
            </li>
          ))}
        </ul>
      )}
      {calls.length > 0 && (
        <DataTable
          label="Calls that differ"
          columns={callColumns}
          rows={calls}
          keyOf={({ traceId, spanId }) => `${traceId} ${spanId}`}
          empty=""
        />
      )}
    </>
  );
}
