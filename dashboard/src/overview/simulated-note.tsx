import { formatMetric, numberOf } from "../format/metric.ts";
import type { Bounds } from "../range/time-range.ts";
import { useMetrics } from "./use-metrics.ts";

/** Says so where calls were answered by the simulator: their figures mean nothing. */
export function SimulatedNote({ bounds }: { readonly bounds: Bounds }) {
  const { data } = useMetrics(bounds, { metrics: "requests", groupBy: "simulated", interval: "none" });
  const countOf = (value: string) => numberOf("count", data?.groups.find(({ key }) => key?.[0] === value)?.totals.requests) ?? 0;
  const simulated = countOf("true");
  if (simulated === 0) return null;
  return (
    <p className="banner banner-warning" role="note">
      <span className="banner-text">
        <strong>
          {formatMetric("count", simulated)} of {formatMetric("count", simulated + countOf("false"))} requests were answered by the
          simulator.
        </strong>{" "}
        Their tokens, times and costs are made up. Set a provider’s key to call the real one.
      </span>
    </p>
  );
}
