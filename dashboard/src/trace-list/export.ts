import type { TraceSummary } from "#core/contracts/api/traces.ts";
import { call, type CallFailure } from "../api/client.ts";
import { boundsOf } from "../range/time-range.ts";
import type { Session } from "../session.ts";
import type { Listed } from "./use-trace-window.ts";

export const exportedMax = 10_000;
const pageRows = 200;

export type Exported = { readonly kind: "read"; readonly traces: readonly TraceSummary[]; readonly isCut: boolean } | CallFailure;

/** All traces of a list in its order, up to the most that are exported; `isCut`: there are more. */
export async function readAll(session: Session, { range, filter, sort }: Listed, signal: AbortSignal): Promise<Exported> {
  const bounds = boundsOf(range, Date.now());
  const traces: TraceSummary[] = [];
  for (let cursor: string | undefined; ;) {
    const query = { ...bounds, filter, sort, limit: pageRows, cursor };
    const page = await call(session, "listTraces", { params: { projectId: session.projectId }, query }, signal);
    if (page === null) return { kind: "read", traces, isCut: true };
    if (page.kind !== "ok") return page;
    traces.push(...page.value.traces);
    if (page.value.nextCursor === null) return { kind: "read", traces, isCut: false };
    if (traces.length >= exportedMax) return { kind: "read", traces, isCut: true };
    cursor = page.value.nextCursor;
  }
}

export const exportFormats = {
  csv: { title: "CSV", mediaType: "text/csv", write: toCsv },
  jsonl: { title: "JSON lines", mediaType: "application/x-ndjson", write: toJsonl },
} as const;
export type ExportFormat = keyof typeof exportFormats;

const csvColumns = [
  "traceId",
  "startedAtMs",
  "endedAtMs",
  "name",
  "kind",
  "status",
  "errorCode",
  "provider",
  "modelRequested",
  "modelServed",
  "spanCount",
  "inputTokens",
  "outputTokens",
  "costNanoUsd",
  "costIncomplete",
  "ttftMs",
  "userId",
  "sessionId",
  "servingRegion",
  "simulated",
  "streamed",
  "inputPreview",
  "outputPreview",
] as const satisfies readonly (keyof TraceSummary)[];

/** RFC 4180. What a spreadsheet would run as a formula gets an apostrophe before it: the text is that of strangers. */
export function toCsv(traces: readonly TraceSummary[]): string {
  const cell = (value: string | number | boolean | null): string => {
    if (typeof value !== "string") return value === null ? "" : String(value);
    const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
  };
  return [csvColumns.join(","), ...traces.map((trace) => csvColumns.map((name) => cell(trace[name])).join(","))].join("\r\n");
}

function toJsonl(traces: readonly TraceSummary[]): string {
  return traces.map((trace) => JSON.stringify(trace)).join("\n");
}
