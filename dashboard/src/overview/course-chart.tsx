import { useMemo } from "react";
import { restColor, seriesColor } from "../chart/colors.ts";
import { TimeChart, type ChartSeries } from "../chart/time-chart.tsx";
import { formatMetric, numberOf } from "../format/metric.ts";
import type { Bounds } from "../range/time-range.ts";
import { setRange } from "../range/use-range.ts";
import { Panel } from "../ui/panel.tsx";
import { Select } from "../ui/select.tsx";
import { dimensionNames, dimensions, figures, type Dimension, type FigureName } from "./figures.ts";
import { useGroupName } from "./use-group-name.ts";
import { useMetrics } from "./use-metrics.ts";

interface CourseChartProps {
  readonly bounds: Bounds;
  readonly figure: FigureName;
  /** `null`: all calls together. */
  readonly dimension: Dimension | null;
  readonly onDimension: (name: Dimension | null) => void;
}

const groupLimit = 6;

/** The chosen figure over time, together or by a dimension. A drag sets the range of the whole page. */
export function CourseChart({ bounds, figure, dimension, onDimension }: CourseChartProps) {
  const { title, unit, kind, color } = figures[figure];
  const groupBy = dimension === null ? {} : { groupBy: dimension, groupLimit };
  const { data, isPlaceholderData } = useMetrics(bounds, { metrics: figure, ...groupBy });
  const nameOf = useGroupName(dimension);
  const series = useMemo(
    (): readonly ChartSeries[] =>
      (data?.groups ?? []).map((group, at) => ({
        key: group.key?.join("\n") ?? "rest",
        label: dimension === null ? title : group.key === null ? "All others" : nameOf(group.key[0] ?? ""),
        color: dimension === null ? color : group.key === null ? restColor : seriesColor(at),
        values: (group.series[figure] ?? []).map((value) => numberOf(unit, value)),
      })),
    [data, dimension, figure, unit, title, color, nameOf],
  );
  return (
    <Panel
      title={`${title} over time`}
      tools={
        <Select
          label="Split by"
          value={dimension ?? ""}
          options={[["", "No split"], ...dimensionNames.map((name) => [name, dimensions[name]] as const)]}
          onChange={(value) => onDimension(dimensionNames.find((name) => name === value) ?? null)}
        />
      }
    >
      <div className={isPlaceholderData ? "waiting" : undefined}>
        <TimeChart
          label={`${title} over time. Drag to zoom in.`}
          points={data?.points ?? []}
          bounds={data === undefined ? bounds : { fromMs: data.fromMs, toMs: data.toMs }}
          series={series}
          kind={kind}
          format={(value) => formatMetric(unit, value)}
          height={240}
          onBrush={(chosen) => setRange({ kind: "absolute", ...chosen })}
        />
      </div>
      {dimension !== null && (
        <ul className="legend" aria-label="Series">
          {series.map(({ key, label, color: mark }) => (
            <li key={key}>
              <span className="chart-mark" style={{ background: mark }} />
              {label}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
