import { useState } from "react";
import type { VirtualKey } from "#core/contracts/api/keys.ts";
import { useNowMs } from "../api/use-poll.ts";
import { usePages } from "../api/use-pages.ts";
import { writeFilter } from "../filter/conditions.ts";
import { formatMetric, numberOf } from "../format/metric.ts";
import { useMetrics } from "../overview/use-metrics.ts";
import { relativeRanges, writeRange } from "../range/time-range.ts";
import { useRange } from "../range/use-range.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Instant } from "../ui/instant.tsx";
import { PlusIcon } from "../ui/icons.tsx";
import { ApiKeysPanel } from "./api-keys-panel.tsx";
import { KeyDrawer } from "./key-drawer.tsx";
import { NewKeyDrawer } from "./new-key-drawer.tsx";

type Open = { readonly kind: "new" } | { readonly kind: "key"; readonly key: VirtualKey } | null;

/** Virtual keys of the project with what each has spent in the range, and the keys of the control API. */
export function KeysPage() {
  const { projectId } = useProject();
  const { range, bounds } = useRange();
  const nowMs = useNowMs();
  const [open, setOpen] = useState<Open>(null);
  const list = usePages("listKeys", projectId, (cursor) => ({ params: { projectId }, query: { limit: 100, cursor } }));
  const spent = useMetrics(bounds, { metrics: "costNanoUsd,requests,errorRate", groupBy: "keyId", groupLimit: 100, interval: "none" });
  const totalsOf = (keyId: string) => spent.data?.groups.find(({ key }) => key?.[0] === keyId)?.totals;
  const tracesOf = (keyId: string) => {
    const filter = writeFilter([{ field: "keyId", operator: "eq", value: keyId }]);
    return `${pagePath(projectId, "traces")}?${new URLSearchParams({ range: writeRange(range), filter }).toString()}`;
  };
  const when = range.kind === "relative" ? relativeRanges[range.name].short : "range";
  const columns: readonly Column<VirtualKey>[] = [
    {
      key: "name",
      title: "Key",
      renderCell: (key) => (
        <button type="button" className="row-link row-button" onClick={() => setOpen({ kind: "key", key })}>
          {key.name} <span className="mono faint cell-less">{key.keyId.slice(0, 8)}…</span>
        </button>
      ),
    },
    {
      key: "state",
      title: "State",
      renderCell: ({ revokedAtMs, record }) =>
        revokedAtMs === null ? (
          <span className="badges">
            <span className="badge badge-ok">active</span>
            {record === "durable" && <span className="badge">durable</span>}
          </span>
        ) : (
          <span className="badge badge-error">revoked</span>
        ),
    },
    {
      key: "cost",
      title: `Spent, ${when}`,
      align: "end",
      renderCell: ({ keyId }) => formatMetric("nanoUsd", numberOf("nanoUsd", totalsOf(keyId)?.costNanoUsd ?? "0")),
    },
    {
      key: "requests",
      title: "Requests",
      align: "end",
      renderCell: ({ keyId }) => (
        <Link className="text-link above-row" href={tracesOf(keyId)}>
          {formatMetric("count", numberOf("count", totalsOf(keyId)?.requests ?? 0))}
        </Link>
      ),
    },
    {
      key: "errors",
      title: "Errors",
      align: "end",
      isLess: true,
      renderCell: ({ keyId }) => formatMetric("ratio", numberOf("ratio", totalsOf(keyId)?.errorRate)),
    },
    {
      key: "created",
      title: "Made",
      align: "end",
      isLess: true,
      renderCell: ({ createdAtMs }) => <Instant atMs={createdAtMs} nowMs={nowMs} />,
    },
  ];
  if (list.failure !== null && list.pages === null) return <FailureNotice failure={list.failure} onRetry={list.retry} />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Keys</h1>
        <div className="page-actions">
          <button type="button" className="button button-primary" onClick={() => setOpen({ kind: "new" })}>
            <PlusIcon />
            Make a key
          </button>
        </div>
      </div>
      <div className="panel">
        <DataTable
          label="Virtual keys"
          columns={columns}
          rows={list.pages?.flatMap(({ keys }) => keys) ?? null}
          keyOf={({ keyId }) => keyId}
          empty="No keys yet. Applications call the gateway with one."
        />
      </div>
      {list.isCut && (
        <div className="list-end">
          <button type="button" className="button" disabled={list.loading} onClick={list.loadMore}>
            Load more
          </button>
        </div>
      )}
      <ApiKeysPanel />
      {open?.kind === "new" && <NewKeyDrawer onClose={() => setOpen(null)} />}
      {open?.kind === "key" && <KeyDrawer virtualKey={open.key} onClose={() => setOpen(null)} />}
    </div>
  );
}
