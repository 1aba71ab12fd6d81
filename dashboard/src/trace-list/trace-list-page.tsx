import { useLayoutEffect, useRef, useState } from "react";
import { useNowMs } from "../api/use-poll.ts";
import type { Session } from "../session.ts";
import { ConnectionBanner } from "../ui/connection-banner.tsx";
import { NoTraces } from "./no-traces.tsx";
import { timeRangeNames, timeRanges, type TimeRange } from "./time-range.ts";
import { SkeletonRows, TraceRows, TraceTable } from "./trace-table.tsx";
import { countNewer } from "./trace-window.ts";
import { useTraceWindow } from "./use-trace-window.ts";

const topPx = 40;

interface TraceListPageProps {
  readonly session: Session;
  readonly onUnauthorized: (message: string) => void;
}

/** The project's traces, newest first, refreshing by itself. Rows never move under a reader who has scrolled down. */
export function TraceListPage({ session, onUnauthorized }: TraceListPageProps) {
  const [range, setRange] = useState<TimeRange>("24h");
  const [paused, setPaused] = useState(false);
  const nowMs = useNowMs();
  const listing = useTraceWindow({ session, range, paused, atTop: () => window.scrollY <= topPx, onUnauthorized });
  const traces = listing.window?.traces ?? [];
  const { anchorId, toTop } = useScrollAnchor(traces[0]?.traceId ?? null);
  const hidden = countNewer(traces, anchorId);

  const showNewest = () => {
    listing.showNewest();
    toTop();
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>Traces</h1>
        {(listing.window !== null || listing.failure !== null) && <Refreshing paused={paused} failed={listing.failure !== null} />}
        <div className="page-actions">
          <RangeChoice range={range} onChange={setRange} />
          <button type="button" className="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            {paused ? "Resume" : "Pause"}
          </button>
        </div>
      </div>
      {listing.failure !== null && (
        <ConnectionBanner failure={listing.failure} retryAtMs={listing.retryAtMs} nowMs={nowMs} onRetry={listing.retry} />
      )}
      {(hidden > 0 || listing.newest !== null) && (
        <button type="button" className="newer-pill" onClick={showNewest}>
          ↑ {listing.newest === null ? `${hidden} new` : "Many new"}
        </button>
      )}
      {listing.window !== null && traces.length === 0 && <NoTraces gatewayUrl={session.gatewayUrl} range={timeRanges[range].label} />}
      {listing.window === null && listing.failure === null && (
        <TraceTable stale={false} busy>
          <SkeletonRows />
        </TraceTable>
      )}
      {traces.length > 0 && (
        <TraceTable stale={listing.failure !== null} busy={false}>
          <TraceRows traces={traces.slice(hidden)} nowMs={nowMs} />
        </TraceTable>
      )}
      {listing.window !== null && traces.length > 0 && (
        <div className="list-end">
          {listing.window.nextCursor === null ? (
            <span className="muted">
              That is all of the last {timeRanges[range].label}: {traces.length} {traces.length === 1 ? "trace" : "traces"}
            </span>
          ) : (
            <button type="button" className="button" disabled={listing.loadingOlder} onClick={() => void listing.loadOlder()}>
              {listing.loadingOlder ? "Loading…" : "Load more"}
            </button>
          )}
        </div>
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

function RangeChoice({ range, onChange }: { readonly range: TimeRange; readonly onChange: (range: TimeRange) => void }) {
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Time range</legend>
      {timeRangeNames.map((name) => (
        <label key={name}>
          <input type="radio" name="range" checked={name === range} onChange={() => onChange(name)} />
          <span>{timeRanges[name].label}</span>
        </label>
      ))}
    </fieldset>
  );
}
