import { memo, type ReactNode } from "react";
import type { TraceSummary } from "#core/contracts/api/traces.ts";
import { formatCount, formatDuration } from "../format/numbers.ts";
import { formatAgo, formatInstant } from "../format/time.ts";
import { Link } from "../router.tsx";
import { tracePath } from "../routes.ts";
import { Badges } from "../ui/badges.tsx";
import { AlignedCost } from "../ui/cost.tsx";
import { ModelName } from "../ui/model-name.tsx";
import { Status } from "../ui/status.tsx";

/** Columns in order; the names are also their classes, by which narrow screens lay them out anew. */
const columns = {
  status: "Status",
  time: "Time",
  model: "Model",
  preview: "Input and output",
  tokens: "Tokens in / out",
  cost: "Cost",
  ttft: "TTFT",
  duration: "Duration",
} as const;

interface TraceTableProps {
  /** The rows are no longer refreshed. */
  readonly stale: boolean;
  readonly busy: boolean;
  readonly children: ReactNode;
}

/** Roles are written out because the rows are grids: browsers drop table semantics from elements that are laid out otherwise. */
export function TraceTable({ stale, busy, children }: TraceTableProps) {
  return (
    <table role="table" className={stale ? "traces traces-stale" : "traces"} aria-label="Traces" aria-busy={busy}>
      <thead role="rowgroup">
        <tr role="row">
          {Object.entries(columns).map(([name, title]) => (
            <th key={name} role="columnheader" scope="col" className={`cell-${name}`}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

export function TraceRows({ traces, nowMs }: { readonly traces: readonly TraceSummary[]; readonly nowMs: number }) {
  return traces.map((trace) => <TraceRow key={trace.traceId} trace={trace} ago={formatAgo(trace.startedAtMs, nowMs)} />);
}

interface TraceRowProps {
  readonly trace: TraceSummary;
  readonly ago: string;
}

/** Drawn anew only when the trace or its words for the time change: every poll brings equal rows in new objects. */
const TraceRow = memo(
  function TraceRow({ trace, ago }: TraceRowProps) {
    return (
      <tr role="row" className="trace-row">
        <td role="cell" className="cell-status">
          <Status status={trace.status} />
        </td>
        <td role="cell" className="cell-time">
          <time dateTime={new Date(trace.startedAtMs).toISOString()} title={formatInstant(trace.startedAtMs)}>
            {ago}
          </time>
          <span className="second-line">{trace.servingRegion}</span>
        </td>
        <td role="cell" className="cell-model">
          <Link className="row-link" href={tracePath(trace.traceId)}>
            {trace.modelRequested === "" ? (
              trace.name || trace.kind
            ) : (
              <ModelName provider={trace.provider} requested={trace.modelRequested} served={trace.modelServed} />
            )}
          </Link>
          <span className="second-line">
            <span className="provider-name">{trace.provider || trace.kind}</span>
            {trace.name !== "" && trace.modelRequested !== "" && <span className="trace-name">{trace.name}</span>}
            {trace.spanCount > 1 && <span>{trace.spanCount} spans</span>}
            <Badges simulated={trace.simulated} streamed={trace.streamed} />
          </span>
        </td>
        <td role="cell" className="cell-preview">
          <span className="preview-line">{trace.inputPreview || <span className="faint">no input recorded</span>}</span>
          <span className="preview-line preview-output">
            {trace.errorCode !== "" && <span className="error-code">{trace.errorCode}</span>}
            {trace.outputPreview || (trace.errorCode === "" && <span className="faint">no output recorded</span>)}
          </span>
        </td>
        <td role="cell" className="cell-tokens">
          {trace.inputTokens === null && trace.outputTokens === null ? (
            <span className="faint">unknown</span>
          ) : (
            <>
              {formatCount(trace.inputTokens)} <span className="faint">/</span> {formatCount(trace.outputTokens)}
            </>
          )}
        </td>
        <td role="cell" className="cell-cost">
          <AlignedCost nanoUsd={trace.costNanoUsd} incomplete={trace.costIncomplete} />
        </td>
        <td role="cell" className="cell-ttft">
          {formatDuration(trace.ttftMs)}
        </td>
        <td role="cell" className="cell-duration">
          {formatDuration(trace.endedAtMs - trace.startedAtMs)}
        </td>
      </tr>
    );
  },
  (one, other) => one.ago === other.ago && JSON.stringify(one.trace) === JSON.stringify(other.trace),
);

export function SkeletonRows() {
  return Array.from({ length: 12 }, (_, row) => (
    <tr key={row} role="row" className="trace-row skeleton-row" aria-hidden="true">
      {Object.keys(columns).map((name) => (
        <td key={name} className={`cell-${name}`}>
          <span className="skeleton" />
        </td>
      ))}
    </tr>
  ));
}
