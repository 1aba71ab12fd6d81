import type { TraceSummary } from "#core/contracts/api/traces.ts";

/** The part of a project's traces that the page holds: newest first, without gaps, from the newest down to `nextCursor`. */
export interface TraceWindow {
  readonly traces: readonly TraceSummary[];
  /** Where older ones continue; `null`: these are all. */
  readonly nextCursor: string | null;
}

/**
 * Takes a fresh first page in. Its rows replace older copies of themselves (a trace grows while spans arrive).
 * `gap`: more arrived since than fits a page, so that the two do not meet; `window` is then the fresh page alone.
 */
export function mergeNewest(held: TraceWindow, page: TraceWindow): { readonly kind: "merged" | "gap"; readonly window: TraceWindow } {
  if (bringsNothing(held, page)) return { kind: "merged", window: held };
  if (held.traces.length === 0 || page.nextCursor === null) return { kind: "merged", window: page };
  if (idsOfBoth(held.traces, page.traces).size === 0) return { kind: "gap", window: page };
  return { kind: "merged", window: { traces: union(page.traces, held.traces), nextCursor: held.nextCursor } };
}

/** Whether the page is what is held at the top, so that nothing has to be drawn anew: most often, as it is asked for every second. */
function bringsNothing(held: TraceWindow, page: TraceWindow): boolean {
  if (page.nextCursor === null && (held.nextCursor !== null || held.traces.length !== page.traces.length)) return false;
  return page.traces.every((trace, at) => JSON.stringify(trace) === JSON.stringify(held.traces[at]));
}

/** Adds the page that `held.nextCursor` led to. */
export function appendOlder(held: TraceWindow, page: TraceWindow): TraceWindow {
  return { traces: union(held.traces, page.traces), nextCursor: page.nextCursor };
}

/** The same of a list in another order, and so in the order of its pages. */
export function addPage(held: TraceWindow, page: TraceWindow): TraceWindow {
  const known = idsOfBoth(held.traces, page.traces);
  return { traces: [...held.traces, ...page.traces.filter((trace) => !known.has(trace.traceId))], nextCursor: page.nextCursor };
}

/** How many rows stand before the row `anchorId`, which was the newest when the reader began to scroll. */
export function countNewer(traces: readonly TraceSummary[], anchorId: string | null): number {
  return Math.max(
    0,
    traces.findIndex((trace) => trace.traceId === anchorId),
  );
}

/** Rows of one moment stand in the order of their ids. */
function newestFirst(one: TraceSummary, other: TraceSummary): number {
  return other.startedAtMs - one.startedAtMs || (one.traceId < other.traceId ? 1 : -1);
}

/** Rows of both, which are newest first as well, each trace once (the copy of `preferred`). */
function union(preferred: readonly TraceSummary[], others: readonly TraceSummary[]): TraceSummary[] {
  const known = idsOfBoth(preferred, others);
  const rest = others.filter((trace) => !known.has(trace.traceId));
  const [last, next] = [preferred.at(-1), rest[0]];
  const joined = [...preferred, ...rest];
  return last === undefined || next === undefined || newestFirst(last, next) < 0 ? joined : joined.sort(newestFirst);
}

/** One of the two is a page and the other may be a hundred thousand rows, of which a set is not made every second. */
function idsOfBoth(one: readonly TraceSummary[], other: readonly TraceSummary[]): ReadonlySet<string> {
  const [few, many] = one.length < other.length ? [one, other] : [other, one];
  const ids = new Set(few.map(({ traceId }) => traceId));
  return new Set(many.filter(({ traceId }) => ids.has(traceId)).map(({ traceId }) => traceId));
}
