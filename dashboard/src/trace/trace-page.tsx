import { useEffect, useMemo } from "react";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { traceIdSchema, type TraceId } from "#core/contracts/id.ts";
import { useNowMs } from "../api/use-poll.ts";
import { formatCount } from "../format/numbers.ts";
import { NotFoundPage } from "../not-found.tsx";
import type { PageProps } from "../pages.ts";
import type { Session } from "../session.ts";
import { setSearch, useSearch } from "../router.tsx";
import { useProject } from "../shell/project-context.ts";
import { ConnectionBanner } from "../ui/connection-banner.tsx";
import { Notice } from "../ui/notice.tsx";
import { Segments } from "../ui/segments.tsx";
import { GraphView } from "./graph-view.tsx";
import { Scores } from "./scores.tsx";
import { SpanDetail } from "./span-detail.tsx";
import { spanTree } from "./span-tree.ts";
import { TraceHeader } from "./trace-header.tsx";
import { useTrace } from "./use-trace.ts";
import { Waterfall } from "./waterfall.tsx";
import "../styles/trace.css";
import "../styles/conversation.css";

/** One trace: its totals, its spans on a time line, and the chosen span in full. */
export function TracePage({ id }: PageProps) {
  const traceId = traceIdSchema.safeParse(id.toLowerCase());
  return traceId.success ? <KnownTracePage traceId={traceId.data} /> : <NotFoundPage />;
}

function KnownTracePage({ traceId }: { readonly traceId: TraceId }) {
  const { session, onUnauthorized } = useProject();
  const nowMs = useNowMs();
  const { spans, isCut, isArriving, state, failure, retryAtMs, retry, lookAgain } = useTrace(session, traceId, onUnauthorized);
  useEffect(() => {
    window.scrollTo(0, 0);
  }, []);

  return (
    <div className="page page-wide">
      {failure !== null && <ConnectionBanner failure={failure} retryAtMs={retryAtMs} nowMs={nowMs} onRetry={retry} />}
      {spans === null && failure === null && state === "waiting" && (
        <Notice title="Waiting for this trace" tone="waiting">
          <p>A trace is here within two seconds after its call has ended.</p>
        </Notice>
      )}
      {spans === null && failure === null && state === "missing" && (
        <Notice title="This trace is not here" tone="quiet">
          <p>It has not arrived, belongs to another project, or its id is mistyped.</p>
          <button type="button" className="button" onClick={lookAgain}>
            Look again
          </button>
        </Notice>
      )}
      {spans === null && state === "loading" && failure === null && <TraceSkeleton />}
      {spans !== null && isCut && (
        <p className="muted" role="status">
          {formatCount(spans.length)} spans are here; this trace has more.
        </p>
      )}
      {spans !== null && <TraceBody session={session} spans={spans} isArriving={isArriving} nowMs={nowMs} />}
    </div>
  );
}

interface TraceBodyProps {
  readonly session: Session;
  readonly spans: readonly StoredSpan[];
  readonly isArriving: boolean;
  readonly nowMs: number;
}

function TraceBody({ session, spans, isArriving, nowMs }: TraceBodyProps) {
  const lines = useMemo(() => spanTree(spans), [spans]);
  const search = new URLSearchParams(useSearch());
  const chosenId = search.get("span");
  const view = search.get("view") === "graph" ? "graph" : "waterfall";
  const first = lines[0];
  const chosen = (lines.find((line) => line.span.spanId === chosenId) ?? first)?.span;
  if (!first || !chosen) return null;
  const Shown = lines.length > 1 && view === "graph" ? GraphView : Waterfall;
  return (
    <>
      <TraceHeader root={first.span} spans={spans} isArriving={isArriving} nowMs={nowMs} />
      {lines.length > 1 && (
        <div className="trace-view">
          <Segments
            label="How the spans are shown"
            value={view}
            options={[
              ["waterfall", "Waterfall"],
              ["graph", "Graph"],
            ]}
            onChange={(next) => setSearch({ view: next === "graph" ? next : null }, { replace: true })}
          />
        </div>
      )}
      <Shown lines={lines} chosenId={chosen.spanId} onChoose={(spanId) => setSearch({ span: spanId }, { replace: true })} />
      <SpanDetail key={chosen.spanId} session={session} span={chosen} />
      <Scores traceId={chosen.traceId} />
    </>
  );
}

function TraceSkeleton() {
  return (
    <div className="trace-skeleton" aria-busy="true" aria-label="Loading the trace">
      <span className="skeleton" />
      <span className="skeleton" />
      <span className="skeleton" />
    </div>
  );
}
