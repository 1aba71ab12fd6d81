import { useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useNowMs } from "../api/use-poll.ts";
import { writeFilter } from "../filter/conditions.ts";
import { Facets } from "../filter/facets.tsx";
import { FilterBar } from "../filter/filter-bar.tsx";
import { setFilter, useFilter } from "../filter/use-filter.ts";
import { useValueName } from "../filter/use-value-name.ts";
import { formatCount } from "../format/numbers.ts";
import { formatRange } from "../range/format-range.ts";
import { relativeRanges, type TimeRange } from "../range/time-range.ts";
import { useRange } from "../range/use-range.ts";
import { setSearch, useSearch } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { ConnectionBanner } from "../ui/connection-banner.tsx";
import { Select } from "../ui/select.tsx";
import { parseColumns } from "./columns.tsx";
import { ColumnsMenu } from "./columns-menu.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { NoTraces } from "./no-traces.tsx";
import { rememberedColumns } from "./remembered-columns.ts";
import { Shortcuts } from "./shortcuts.tsx";
import { StripChart } from "./strip-chart.tsx";
import { TraceTable } from "./trace-table.tsx";
import { countNewer } from "./trace-window.ts";
import { ViewsMenu } from "./views-menu.tsx";
import { isLive, sorts, useTraceWindow, type Listed, type Sort } from "./use-trace-window.ts";

const topPx = 40;
const sortNames = ["startedAt", "duration", "costNanoUsd", "totalTokens"] as const satisfies readonly Sort[];

/** The project's traces. Newest first they refresh by themselves; rows never move under a reader who has scrolled down. */
export function TraceListPage() {
  const { session, projectId } = useProject();
  const search = useSearch();
  const { range, bounds } = useRange();
  const conditions = useFilter();
  const nameOf = useValueName();
  const [paused, setPaused] = useState(false);
  const [facetsOpen, setFacetsOpen] = useState(false);
  const nowMs = useNowMs();
  // What was clicked or typed is seen at once; the rows, which take longer to draw, follow.
  const listedSearch = useDeferredValue(search);
  const listedConditions = useDeferredValue(conditions);
  const remembered = rememberedColumns();
  const columns = useMemo(() => parseColumns(listedSearch, remembered), [listedSearch, remembered]);
  const listed: Listed = { range: useDeferredValue(range), filter: writeFilter(listedConditions), sort: parseSort(listedSearch) };
  const live = isLive(listed);
  const listing = useTraceWindow({ listed, paused, atTop: () => window.scrollY <= topPx });
  const traces = listing.window?.traces ?? [];
  const { anchorId, toTop } = useScrollAnchor(live ? (traces[0]?.traceId ?? null) : null);
  const hidden = countNewer(traces, anchorId);
  const showNewest = () => {
    listing.showNewest();
    toTop();
  };
  return (
    <div className="page page-wide">
      <div className="page-head">
        <h1>Traces</h1>
        {(listing.window !== null || listing.failure !== null) && live && <Refreshing paused={paused} failed={listing.failure !== null} />}
        <div className="page-actions">
          <Select
            label="Order"
            value={parseSort(search)}
            options={sortNames.map((name) => [name, sorts[name]] as const)}
            onChange={(sort) => setSearch({ sort: sort === "startedAt" ? null : sort })}
          />
          <button type="button" className="button facets-button" aria-expanded={facetsOpen} onClick={() => setFacetsOpen(!facetsOpen)}>
            Values
          </button>
          <ViewsMenu />
          <ColumnsMenu columns={columns} />
          <ExportMenu listed={listed} />
          {live && (
            <button type="button" className="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>
              {paused ? "Resume" : "Pause"}
            </button>
          )}
        </div>
      </div>
      <FilterBar conditions={conditions} nameOf={nameOf} onChange={setFilter} />
      <StripChart bounds={bounds} conditions={listedConditions} />
      {listing.failure !== null && (
        <ConnectionBanner failure={listing.failure} retryAtMs={listing.retryAtMs} nowMs={nowMs} onRetry={listing.retry} />
      )}
      {(hidden > 0 || listing.newest !== null) && (
        <button type="button" className="newer-pill" onClick={showNewest}>
          ↑ {listing.newest === null ? `${hidden} new` : "Many new"}
        </button>
      )}
      <div className={facetsOpen ? "traces-columns facets-open" : "traces-columns"}>
        <Facets bounds={bounds} conditions={conditions} nameOf={nameOf} onChange={setFilter} />
        <div className="traces-main">
          {listing.window !== null && traces.length === 0 ? (
            <NoTraces gatewayUrl={session.gatewayUrl} range={sayRange(range)} filtered={conditions.length > 0} />
          ) : (
            (listing.window !== null || listing.failure === null) && (
              <TraceTable
                traces={hidden === 0 ? traces : traces.slice(hidden)}
                columns={columns}
                nowMs={nowMs}
                hrefOf={(traceId) => pagePath(projectId, "trace", traceId) + listedSearch}
                stale={listing.failure !== null}
                busy={listing.window === null}
              />
            )
          )}
          {listing.window !== null && traces.length > 0 && (
            <ListEnd
              count={traces.length}
              range={sayRange(range)}
              isWhole={listing.window.nextCursor === null}
              loading={listing.loadingOlder}
              onLoad={() => void listing.loadOlder()}
            />
          )}
        </div>
      </div>
      <Shortcuts />
    </div>
  );
}

function parseSort(search: string): Sort {
  const text = new URLSearchParams(search).get("sort");
  return sortNames.find((name) => name === text) ?? "startedAt";
}

function sayRange(range: TimeRange): string {
  return range.kind === "relative"
    ? `in the last ${relativeRanges[range.name].label}`
    : `between ${formatRange(range).replace(" – ", " and ")}`;
}

interface ListEndProps {
  readonly count: number;
  readonly range: string;
  readonly isWhole: boolean;
  readonly loading: boolean;
  readonly onLoad: () => void;
}

/** Older rows are loaded before the reader comes to the end; the button is for who has no scroll. */
function ListEnd({ count, range, isWhole, loading, onLoad }: ListEndProps) {
  const end = useRef<HTMLDivElement>(null);
  const load = useRef(onLoad);
  useLayoutEffect(() => {
    load.current = onLoad;
  });
  useLayoutEffect(() => {
    if (end.current === null || isWhole) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true && window.scrollY > topPx) load.current();
      },
      { rootMargin: "1200px" },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [isWhole, count]);
  return (
    <div ref={end} className="list-end">
      {isWhole ? (
        <span className="muted">
          That is all {range}: {formatCount(count)} {count === 1 ? "trace" : "traces"}
        </span>
      ) : (
        <button type="button" className="button" disabled={loading} onClick={onLoad}>
          {loading ? "Loading…" : "Load more"}
        </button>
      )}
    </div>
  );
}

/** Remembers the newest row at the moment the reader leaves the top, and where they were when the page is shown again. */
function useScrollAnchor(newestId: string | null): { anchorId: string | null; toTop: () => void } {
  const [anchorId, setAnchorId] = useState<string | null>(null);
  const scrollY = useRef(0);
  const newest = useRef(newestId);

  useLayoutEffect(() => {
    newest.current = newestId;
  }, [newestId]);
  useLayoutEffect(() => {
    window.scrollTo(0, scrollY.current);
    const follow = () => {
      scrollY.current = window.scrollY;
      const away = window.scrollY > topPx;
      setAnchorId((held) => (away ? (held ?? newest.current) : null));
    };
    window.addEventListener("scroll", follow, { passive: true });
    return () => window.removeEventListener("scroll", follow);
  }, []);

  const toTop = () => window.scrollTo(0, 0);
  return { anchorId, toTop };
}

function Refreshing({ paused, failed }: { readonly paused: boolean; readonly failed: boolean }) {
  const state = failed ? "offline" : paused ? "paused" : "live";
  return (
    <span className={`refreshing refreshing-${state}`} role="status">
      <span className="status-dot" aria-hidden="true" />
      {state}
    </span>
  );
}
