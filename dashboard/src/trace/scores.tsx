import type { TraceId } from "#core/contracts/id.ts";
import type { StoredScore } from "#core/contracts/api/scores.ts";
import { useApi } from "../api/queries.ts";
import { useNowMs } from "../api/use-poll.ts";
import { useProject } from "../shell/project-context.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Instant } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";

/** Scores of the trace and its spans; nothing where there are none. */
export function Scores({ traceId }: { readonly traceId: TraceId }) {
  const { projectId } = useProject();
  const nowMs = useNowMs();
  const { data } = useApi("listScores", { params: { projectId, traceId }, query: {} });
  if (data === undefined || data.scores.length === 0) return null;
  const columns: readonly Column<StoredScore>[] = [
    { key: "name", title: "Score", renderCell: ({ name }) => name },
    { key: "value", title: "Value", align: "end", renderCell: ({ value, label }) => (value === null ? label : `${value} ${label}`.trim()) },
    { key: "source", title: "From", renderCell: ({ source }) => source },
    { key: "comment", title: "Comment", isLess: true, renderCell: ({ comment }) => comment },
    { key: "time", title: "Received", align: "end", renderCell: ({ receivedAtMs }) => <Instant atMs={receivedAtMs} nowMs={nowMs} /> },
  ];
  return (
    <Panel title="Scores" className="panel-below">
      <DataTable label="Scores of the trace" columns={columns} rows={data.scores} keyOf={({ scoreId }) => scoreId} empty="" />
    </Panel>
  );
}
