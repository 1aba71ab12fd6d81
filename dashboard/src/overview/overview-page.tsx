import { FailureNotice } from "../ui/failure-notice.tsx";
import { useRange } from "../range/use-range.ts";
import { setSearch, useSearch } from "../router.tsx";
import { Breakdown } from "./breakdown.tsx";
import { CourseChart } from "./course-chart.tsx";
import { FigureCards } from "./figure-cards.tsx";
import { figureNames, isDimension, isFigure } from "./figures.ts";
import { FirstSteps } from "./first-steps.tsx";
import { IngestLag } from "./ingest-lag.tsx";
import { Movers } from "./movers.tsx";
import { SimulatedNote } from "./simulated-note.tsx";
import { useMetrics } from "./use-metrics.ts";
import "./overview.css";

/** What a project's calls came to in the range: figures, their course, by what they were made, and what changed. */
export function OverviewPage() {
  const { range, bounds } = useRange();
  const search = new URLSearchParams(useSearch());
  const metric = search.get("metric");
  const by = search.get("by");
  const figure = isFigure(metric) ? metric : "requests";
  const dimension = isDimension(by) ? by : null;
  const query = useMetrics(bounds, { metrics: ["spans", ...figureNames].join(","), compare: "previous" });
  const all = query.data?.groups[0];

  if (query.error !== null && query.data === undefined)
    return <FailureNotice failure={query.error.failure} onRetry={() => void query.refetch()} />;
  return (
    <div className="page page-wide">
      <div className="page-head">
        <h1>Overview</h1>
        <IngestLag />
      </div>
      {query.data !== undefined && (all === undefined || all.totals.spans === 0) && <FirstSteps range={range} />}
      <SimulatedNote bounds={bounds} />
      <FigureCards group={all ?? null} chosen={figure} onChoose={(name) => setSearch({ metric: name }, { replace: true })} />
      <CourseChart
        bounds={bounds}
        figure={figure}
        dimension={dimension}
        onDimension={(name) => setSearch({ by: name }, { replace: true })}
      />
      <div className="overview-columns">
        <Breakdown
          bounds={bounds}
          dimension={dimension ?? "modelRequested"}
          onDimension={(name) => setSearch({ by: name }, { replace: true })}
        />
        <Movers bounds={bounds} />
      </div>
    </div>
  );
}
