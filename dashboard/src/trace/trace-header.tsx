import type { ReactNode } from "react";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { formatCount, formatDuration } from "../format/numbers.ts";
import { formatInstant, formatSecond } from "../format/time.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { Badges } from "../ui/badges.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { CostText } from "../ui/cost.tsx";
import { Instant } from "../ui/instant.tsx";
import { ModelName } from "../ui/model-name.tsx";
import { Status } from "../ui/status.tsx";
import { traceTotals } from "./trace-totals.ts";

interface TraceHeaderProps {
  readonly root: StoredSpan;
  readonly spans: readonly StoredSpan[];
  readonly isArriving: boolean;
  readonly nowMs: number;
}

/** What the trace is, and what it adds up to. */
export function TraceHeader({ root, spans, isArriving, nowMs }: TraceHeaderProps) {
  const totals = traceTotals(spans);
  const tokens =
    totals.inputTokens === null ? "unknown" : `${formatCount(totals.inputTokens)} in · ${formatCount(totals.outputTokens)} out`;
  return (
    <header className="trace-head">
      <div className="trace-title">
        <h1>
          {root.modelRequested === "" ? (
            root.name || root.kind
          ) : (
            <ModelName provider={root.provider} requested={root.modelRequested} served={root.modelServed} />
          )}
        </h1>
        <Status status={root.status} />
        {isArriving && (
          <span className="badge badge-arriving" role="status" title="The newest span came less than 30 seconds ago: there may be more">
            still arriving
          </span>
        )}
        <Badges simulated={spans.some((span) => span.simulated)} streamed={root.streamed} />
      </div>
      <p className="trace-subtitle">
        {root.provider !== "" && <span>{root.provider}</span>}
        {root.modelRequested !== "" && <span>{root.name || root.kind}</span>}
        <span title={formatInstant(totals.startedAtMs)}>
          {formatSecond(totals.startedAtMs)} (<Instant atMs={totals.startedAtMs} nowMs={nowMs} />)
        </span>
        {root.sessionId !== "" && (
          <Link className="text-link" href={pagePath(root.projectId, "session", root.sessionId)}>
            Session {root.sessionId}
          </Link>
        )}
        {root.userId !== "" && (
          <Link className="text-link" href={pagePath(root.projectId, "user", root.userId)}>
            User {root.userId}
          </Link>
        )}
        <span className="id-with-copy">
          <CopyButton text={root.traceId} what="trace id" label="Trace id" />
        </span>
      </p>
      <dl className="totals">
        <Total name="Duration">{formatDuration(totals.durationMs)}</Total>
        <Total name="First token">{formatDuration(root.ttftMs)}</Total>
        <Total name="Tokens">{tokens}</Total>
        <Total name="Cost">
          <CostText nanoUsd={totals.costNanoUsd} incomplete={totals.costIncomplete} />
        </Total>
        <Total name="Spans">{formatCount(spans.length)}</Total>
        <Total name="Region">{root.servingRegion}</Total>
      </dl>
    </header>
  );
}

function Total({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
