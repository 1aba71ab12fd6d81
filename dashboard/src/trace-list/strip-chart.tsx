import { useMemo } from "react";
import { TimeChart, type ChartSeries } from "../chart/time-chart.tsx";
import { ofSpans } from "../filter/fields.ts";
import { writeFilter, type Condition } from "../filter/conditions.ts";
import { formatMetric, numberOf } from "../format/metric.ts";
import type { Bounds } from "../range/time-range.ts";
import { setRange } from "../range/use-range.ts";
import { useMetrics } from "../overview/use-metrics.ts";

/** Spans of the list over time, those that failed on top of the others; a drag over a spike narrows the list to it. */
export function StripChart({ bounds, conditions }: { readonly bounds: Bounds; readonly conditions: readonly Condition[] }) {
  const { data, isPlaceholderData } = useMetrics(bounds, { metrics: "spans,failedSpans", filter: writeFilter(ofSpans(conditions)) });
  const series = useMemo((): readonly ChartSeries[] => {
    const group = data?.groups[0];
    const numbers = (values: readonly (number | string | null)[] | undefined) => (values ?? []).map((value) => numberOf("count", value));
    const failed = numbers(group?.series.failedSpans);
    const fine = numbers(group?.series.spans).map((value, at) => (value ?? 0) - (failed[at] ?? 0));
    return [
      { key: "fine", label: "Spans", color: "var(--series-1)", values: fine },
      { key: "failed", label: "Failed", color: "var(--error)", values: failed },
    ];
  }, [data]);
  return (
    <div className={isPlaceholderData ? "strip waiting" : "strip"}>
      <TimeChart
        label="Spans over time. Drag to narrow the list."
        points={data?.points ?? []}
        bounds={data === undefined ? bounds : { fromMs: data.fromMs, toMs: data.toMs }}
        series={series}
        kind="bars"
        format={(value) => formatMetric("count", value)}
        height={92}
        onBrush={(chosen) => setRange({ kind: "absolute", ...chosen })}
      />
    </div>
  );
}
