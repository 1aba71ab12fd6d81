import type { TraceSummary } from "#core/contracts/api/traces.ts";
import { formatMetric, numberOf } from "../format/metric.ts";
import { formatCount, formatDuration } from "../format/numbers.ts";
import { formatMoment } from "../range/format-range.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Status } from "../ui/status.tsx";

/** Traces of one session or user, in the order that they are given in. */
export function TraceRows({ label, traces }: { readonly label: string; readonly traces: readonly TraceSummary[] | null }) {
  const { projectId } = useProject();
  const columns: readonly Column<TraceSummary>[] = [
    {
      key: "said",
      title: "Asked and answered",
      renderCell: (trace) => (
        <Link className="row-link said" href={pagePath(projectId, "trace", trace.traceId)}>
          <span className="preview-line">{trace.inputPreview || trace.name || trace.kind}</span>
          <span className="preview-line preview-output">
            {trace.errorCode !== "" && <span className="error-code">{trace.errorCode}</span>}
            {trace.outputPreview}
          </span>
        </Link>
      ),
    },
    { key: "status", title: "Status", renderCell: ({ status }) => <Status status={status} /> },
    { key: "model", title: "Model", isLess: true, renderCell: ({ modelRequested, name }) => modelRequested || name },
    { key: "time", title: "Began", isLess: true, renderCell: ({ startedAtMs }) => formatMoment(startedAtMs) },
    {
      key: "tokens",
      title: "Tokens",
      align: "end",
      isLess: true,
      renderCell: ({ inputTokens, outputTokens }) => formatCount(inputTokens === null ? outputTokens : inputTokens + (outputTokens ?? 0)),
    },
    {
      key: "cost",
      title: "Cost",
      align: "end",
      renderCell: ({ costNanoUsd }) => (costNanoUsd === null ? "unknown" : formatMetric("nanoUsd", numberOf("nanoUsd", costNanoUsd))),
    },
    {
      key: "duration",
      title: "Duration",
      align: "end",
      isLess: true,
      renderCell: ({ startedAtMs, endedAtMs }) => formatDuration(endedAtMs - startedAtMs),
    },
  ];
  return <DataTable label={label} columns={columns} rows={traces} keyOf={({ traceId }) => traceId} empty="No traces are stored." />;
}
