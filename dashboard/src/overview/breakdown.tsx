import type { MetricsAnswer } from "#core/contracts/api/metrics.ts";
import { writeFilter } from "../filter/conditions.ts";
import { formatMetric, numberOf } from "../format/metric.ts";
import { writeRange, type Bounds } from "../range/time-range.ts";
import { useRange } from "../range/use-range.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { Change } from "../ui/change.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";
import { dimensionNames, dimensions, type Dimension } from "./figures.ts";
import { useGroupName } from "./use-group-name.ts";
import { useMetrics } from "./use-metrics.ts";

const callsOnly = writeFilter([{ field: "kind", operator: "in", value: ["generation", "embedding"] }]);

type Group = MetricsAnswer["groups"][number];

interface BreakdownProps {
  readonly bounds: Bounds;
  readonly dimension: Dimension;
  readonly onDimension: (name: Dimension) => void;
}

/** Who or what the calls were of, the dearest first; a row leads to its traces. */
export function Breakdown({ bounds, dimension, onDimension }: BreakdownProps) {
  const { projectId } = useProject();
  const { range } = useRange();
  const nameOf = useGroupName(dimension);
  const { data, isPlaceholderData } = useMetrics(bounds, {
    metrics: "costNanoUsd,requests,errorRate,latencyP95Ms",
    groupBy: dimension,
    // Steps round a call have no model and no price: as a row of their own they would say nothing.
    filter: callsOnly,
    groupLimit: 10,
    interval: "none",
    compare: "previous",
  });
  const dearest = Math.max(1e-12, ...(data?.groups ?? []).map((group) => numberOf("nanoUsd", group.totals.costNanoUsd) ?? 0));
  const tracesOf = (value: string) => {
    const filter = writeFilter([
      { field: dimension, ...(dimension === "tags" ? { operator: "in", value: [value] } : { operator: "eq", value }) },
    ]);
    return `${pagePath(projectId, "traces")}?${new URLSearchParams({ range: writeRange(range), filter }).toString()}`;
  };
  const columns: readonly Column<Group>[] = [
    {
      key: "name",
      title: dimensions[dimension],
      renderCell: ({ key }) =>
        key === null ? (
          <span className="muted">All others</span>
        ) : (
          <Link className="row-link" href={tracesOf(key[0] ?? "")} title={key[0]}>
            {nameOf(key[0] ?? "")}
          </Link>
        ),
    },
    {
      key: "cost",
      title: "Cost",
      align: "end",
      renderCell: ({ totals }) => {
        const cost = numberOf("nanoUsd", totals.costNanoUsd);
        return (
          <span className="share">
            <span className="share-bar" style={{ inlineSize: `${(100 * (cost ?? 0)) / dearest}%` }} />
            <span>{formatMetric("nanoUsd", cost)}</span>
          </span>
        );
      },
    },
    {
      key: "change",
      title: "Change",
      align: "end",
      renderCell: ({ totals, previous }) => (
        <Change now={numberOf("nanoUsd", totals.costNanoUsd)} before={numberOf("nanoUsd", previous?.totals.costNanoUsd)} betterIs="lower" />
      ),
    },
    {
      key: "requests",
      title: "Requests",
      align: "end",
      renderCell: ({ totals }) => formatMetric("count", numberOf("count", totals.requests)),
    },
    {
      key: "errors",
      title: "Errors",
      align: "end",
      isLess: true,
      renderCell: ({ totals }) => <ErrorRate rate={numberOf("ratio", totals.errorRate)} />,
    },
    {
      key: "latency",
      title: "P95",
      align: "end",
      isLess: true,
      renderCell: ({ totals }) => formatMetric("ms", numberOf("ms", totals.latencyP95Ms)),
    },
  ];
  return (
    <Panel
      title="Breakdown"
      tools={
        <Segments
          label="By"
          value={dimension}
          options={dimensionNames.map((name) => [name, dimensions[name]] as const)}
          onChange={onDimension}
        />
      }
    >
      <div className={isPlaceholderData ? "waiting" : undefined}>
        <DataTable
          label={`Cost by ${dimensions[dimension].toLowerCase()}`}
          columns={columns}
          rows={data?.groups ?? null}
          keyOf={({ key }) => key?.join("\n") ?? "rest"}
          empty="No calls in this range."
        />
      </div>
    </Panel>
  );
}

const alarmingRate = 0.02;

function ErrorRate({ rate }: { readonly rate: number | null }) {
  const tone = rate === null || rate === 0 ? "faint" : rate >= alarmingRate ? "error-text" : undefined;
  return <span className={tone}>{formatMetric("ratio", rate)}</span>;
}
