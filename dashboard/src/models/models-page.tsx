import type { MetricsAnswer } from "#core/contracts/api/metrics.ts";
import { writeFilter } from "../filter/conditions.ts";
import { formatMetric, numberOf, type MetricUnit } from "../format/metric.ts";
import { useMetrics } from "../overview/use-metrics.ts";
import { writeRange } from "../range/time-range.ts";
import { useRange } from "../range/use-range.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { Sparkline } from "../chart/sparkline.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";

type Group = MetricsAnswer["groups"][number];

interface ModelFigure {
  readonly metric: keyof Group["totals"];
  readonly unit: MetricUnit;
  readonly title: string;
  readonly isLess?: true;
}

const modelFigures: readonly ModelFigure[] = [
  { metric: "costNanoUsd", unit: "nanoUsd", title: "Cost" },
  { metric: "requests", unit: "count", title: "Requests" },
  { metric: "errorRate", unit: "ratio", title: "Errors" },
  { metric: "inputTokens", unit: "tokens", title: "Tokens in", isLess: true },
  { metric: "outputTokens", unit: "tokens", title: "Tokens out", isLess: true },
  { metric: "cacheReadShare", unit: "ratio", title: "Cached", isLess: true },
  { metric: "latencyP50Ms", unit: "ms", title: "P50", isLess: true },
  { metric: "latencyP95Ms", unit: "ms", title: "P95" },
  { metric: "ttftP50Ms", unit: "ms", title: "TTFT P50", isLess: true },
  { metric: "outputTokensPerSecond", unit: "tokensPerSecond", title: "Speed", isLess: true },
];
const callsOnly = writeFilter([{ field: "kind", operator: "in", value: ["generation", "embedding"] }]);

/** Every model that was called in the range, the dearest first. */
export function ModelsPage() {
  const { projectId } = useProject();
  const { range, bounds } = useRange();
  const query = useMetrics(bounds, {
    metrics: modelFigures.map(({ metric }) => metric).join(","),
    groupBy: "provider,modelRequested",
    groupLimit: 100,
    filter: callsOnly,
  });
  const tracesOf = (provider: string, model: string) => {
    const filter = writeFilter([
      { field: "provider", operator: "eq", value: provider },
      { field: "modelRequested", operator: "eq", value: model },
    ]);
    return `${pagePath(projectId, "traces")}?${new URLSearchParams({ range: writeRange(range), filter }).toString()}`;
  };
  const columns: readonly Column<Group>[] = [
    {
      key: "model",
      title: "Model",
      renderCell: ({ key }) =>
        key === null ? (
          "All others"
        ) : (
          <Link className="row-link" href={tracesOf(key[0] ?? "", key[1] ?? "")}>
            {key[1]} <span className="faint">{key[0]}</span>
          </Link>
        ),
    },
    {
      key: "course",
      title: "Requests over time",
      isLess: true,
      renderCell: ({ series }) => (
        <span className="course-cell">
          <Sparkline values={(series.requests ?? []).map((value) => numberOf("count", value))} color="var(--series-1)" />
        </span>
      ),
    },
    ...modelFigures.map(({ metric, unit, title, isLess }): Column<Group> => ({
      key: metric,
      title,
      align: "end",
      ...(isLess === undefined ? {} : { isLess }),
      renderCell: ({ totals }) => formatMetric(unit, numberOf(unit, totals[metric])),
    })),
  ];
  if (query.error !== null && query.data === undefined)
    return <FailureNotice failure={query.error.failure} onRetry={() => void query.refetch()} />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Models</h1>
      </div>
      <div className={query.isPlaceholderData ? "panel waiting" : "panel"}>
        <DataTable
          label="Models"
          columns={columns}
          rows={query.data?.groups ?? null}
          keyOf={({ key }) => key?.join("\n") ?? "rest"}
          empty="No model was called in this range."
        />
      </div>
    </div>
  );
}
