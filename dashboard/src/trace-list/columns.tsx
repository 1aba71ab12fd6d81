import type { ReactNode } from "react";
import type { TraceSummary } from "#core/contracts/api/traces.ts";
import { formatCount, formatDuration } from "../format/numbers.ts";
import { formatInstant } from "../format/time.ts";
import { Link } from "../router.tsx";
import { Badges } from "../ui/badges.tsx";
import { AlignedCost } from "../ui/cost.tsx";
import { ModelName } from "../ui/model-name.tsx";
import { Status } from "../ui/status.tsx";

/** What a cell is made of. */
export interface RowFacts {
  readonly trace: TraceSummary;
  readonly ago: string;
  readonly href: string;
}

interface TraceColumn {
  readonly title: string;
  /** Its share of the row, as a grid says it. */
  readonly width: string;
  /** Seen unless the reader chose otherwise. */
  readonly isUsual: boolean;
  readonly cell: (facts: RowFacts) => ReactNode;
}

/** Many senders name a call by its model, which stands above it already. */
function isOwnName({ name, modelRequested, modelServed }: TraceSummary): boolean {
  return name !== "" && modelRequested !== "" && name !== modelRequested && name !== modelServed;
}

/** Columns in order; the names are also their classes, by which narrow screens lay them out anew. */
export const traceColumns = {
  status: { title: "Status", width: "70px", isUsual: true, cell: ({ trace }) => <Status status={trace.status} /> },
  time: {
    title: "Time",
    width: "80px",
    isUsual: true,
    cell: ({ trace, ago }) => (
      <>
        <time dateTime={new Date(trace.startedAtMs).toISOString()} title={formatInstant(trace.startedAtMs)}>
          {ago}
        </time>
        <span className="second-line">{trace.servingRegion}</span>
      </>
    ),
  },
  model: {
    title: "Model",
    width: "minmax(130px, 1fr)",
    isUsual: true,
    cell: ({ trace, href }) => (
      <>
        <Link className="row-link" href={href}>
          {trace.modelRequested === "" ? (
            trace.name || trace.kind
          ) : (
            <ModelName provider={trace.provider} requested={trace.modelRequested} served={trace.modelServed} />
          )}
        </Link>
        <span className="second-line">
          <span className="provider-name">{trace.provider || trace.kind}</span>
          {trace.spanCount > 1 && <span>{trace.spanCount} spans</span>}
          <Badges simulated={trace.simulated} streamed={trace.streamed} />
          {isOwnName(trace) && <span className="trace-name">{trace.name}</span>}
        </span>
      </>
    ),
  },
  preview: {
    title: "Input and output",
    width: "minmax(200px, 3fr)",
    isUsual: true,
    cell: ({ trace }) => (
      <>
        <span className="preview-line">{trace.inputPreview || <span className="faint">no input recorded</span>}</span>
        <span className="preview-line preview-output">
          {trace.errorCode !== "" && (
            <span className={trace.status === "cancelled" ? "error-code error-code-cancelled" : "error-code"}>{trace.errorCode}</span>
          )}
          {trace.outputPreview || (trace.errorCode === "" && <span className="faint">no output recorded</span>)}
        </span>
      </>
    ),
  },
  tokens: {
    title: "Tokens in / out",
    width: "104px",
    isUsual: true,
    cell: ({ trace }) =>
      trace.inputTokens === null && trace.outputTokens === null ? (
        <span className="faint">unknown</span>
      ) : (
        <>
          {formatCount(trace.inputTokens)} <span className="faint">/</span> {formatCount(trace.outputTokens)}
        </>
      ),
  },
  cost: {
    title: "Cost",
    width: "108px",
    isUsual: true,
    cell: ({ trace }) => <AlignedCost nanoUsd={trace.costNanoUsd} incomplete={trace.costIncomplete} />,
  },
  ttft: { title: "TTFT", width: "62px", isUsual: true, cell: ({ trace }) => formatDuration(trace.ttftMs) },
  duration: {
    title: "Duration",
    width: "70px",
    isUsual: true,
    cell: ({ trace }) => formatDuration(trace.endedAtMs - trace.startedAtMs),
  },
  user: {
    title: "User",
    width: "minmax(90px, 0.7fr)",
    isUsual: false,
    cell: ({ trace }) => trace.userId || <span className="faint">–</span>,
  },
  session: {
    title: "Session",
    width: "minmax(90px, 0.7fr)",
    isUsual: false,
    cell: ({ trace }) => trace.sessionId || <span className="faint">–</span>,
  },
  spans: { title: "Spans", width: "52px", isUsual: false, cell: ({ trace }) => formatCount(trace.spanCount) },
} as const satisfies Readonly<Record<string, TraceColumn>>;

export type TraceColumnName = keyof typeof traceColumns;
export const traceColumnNames = Object.keys(traceColumns).filter((name): name is TraceColumnName => Object.hasOwn(traceColumns, name));
const usualColumns: readonly TraceColumnName[] = traceColumnNames.filter((name) => traceColumns[name].isUsual);

/** `columns=status,time` of a query, in the order of the table; where it names none those that the reader chose last, or the usual ones. */
export function parseColumns(search: string, remembered: string): readonly TraceColumnName[] {
  for (const text of [new URLSearchParams(search).get("columns") ?? "", remembered]) {
    const named = new Set(text.split(","));
    const columns = traceColumnNames.filter((name) => named.has(name));
    if (columns.length > 0) return columns;
  }
  return usualColumns;
}

/** `null`: these are the usual ones, and need not be said. */
export function writeColumns(columns: readonly TraceColumnName[]): string | null {
  const text = traceColumnNames.filter((name) => columns.includes(name)).join(",");
  return text === usualColumns.join(",") ? null : text;
}
