import { useRef, useState } from "react";
import { call, type CallFailure } from "../api/client.ts";
import { usePoll, type NextRound } from "../api/use-poll.ts";
import type { Session } from "../session.ts";
import { rangeStartMs, type TimeRange } from "./time-range.ts";
import { appendOlder, mergeNewest, type TraceWindow } from "./trace-window.ts";

const pollMs = 1_000;
const pageRows = 50;

interface Listing {
  readonly range: TimeRange;
  /** `null`: nothing has arrived for this range yet. */
  readonly window: TraceWindow | null;
  readonly failure: CallFailure | null;
  /** More arrived at once than a page holds, while the reader was further down: what they may jump to. */
  readonly newest: TraceWindow | null;
}

interface TraceListingInput {
  readonly session: Session;
  readonly range: TimeRange;
  readonly paused: boolean;
  /** The reader is at the top, so that rows may change under them. */
  readonly atTop: () => boolean;
  readonly onUnauthorized: (message: string) => void;
}

/** The held rows of a range, refreshed every second, and the way to older ones. */
export function useTraceWindow({ session, range, paused, atTop, onUnauthorized }: TraceListingInput) {
  const [listing, setListing] = useState<Listing>({ range, window: null, failure: null, newest: null });
  const [loadingOlder, setLoadingOlder] = useState(false);
  const olderAbort = useRef<AbortController | null>(null);
  const current: Listing = listing.range === range ? listing : { range, window: null, failure: null, newest: null };

  const refresh = async (signal: AbortSignal): Promise<NextRound> => {
    const result = await readPage(session, range, undefined, signal);
    if (result === null) return { kind: "done" };
    if (result.kind === "unauthorized") {
      onUnauthorized(result.message);
      return { kind: "done" };
    }
    if (result.kind !== "ok") {
      setListing((held) => ({ ...(held.range === range ? held : { range, window: null, newest: null }), failure: result }));
      return { kind: "failed" };
    }
    const mayReplace = atTop();
    setListing((held) => takePage(held.range === range ? held.window : null, { range, page: result.value, mayReplace }));
    return { kind: "after", delayMs: pollMs };
  };
  const poll = usePoll(range, !paused, refresh);

  const loadOlder = async (): Promise<void> => {
    const cursor = current.window?.nextCursor;
    if (cursor === null || cursor === undefined || loadingOlder) return;
    olderAbort.current?.abort();
    const abort = new AbortController();
    olderAbort.current = abort;
    setLoadingOlder(true);
    const result = await readPage(session, range, cursor, abort.signal);
    setLoadingOlder(false);
    if (result === null) return;
    setListing((held) => {
      // The rows may have been replaced meanwhile; this page then continues something that is no longer there.
      if (held.range !== range || held.window?.nextCursor !== cursor) return held;
      return result.kind === "ok" ? { ...held, window: appendOlder(held.window, result.value) } : { ...held, failure: result };
    });
  };

  const showNewest = () => setListing((held) => ({ ...held, window: held.newest ?? held.window, newest: null }));
  return { ...current, ...poll, loadingOlder, loadOlder, showNewest };
}

function takePage(
  window: TraceWindow | null,
  { range, page, mayReplace }: { range: TimeRange; page: TraceWindow; mayReplace: boolean },
): Listing {
  const merged = mergeNewest(window ?? { traces: [], nextCursor: null }, page);
  if (merged.kind === "gap" && !mayReplace) return { range, window, failure: null, newest: merged.window };
  return { range, window: merged.window, failure: null, newest: null };
}

function readPage(session: Session, range: TimeRange, cursor: string | undefined, signal: AbortSignal) {
  const query = { fromMs: rangeStartMs(range, Date.now()), limit: pageRows, cursor };
  return call(session, "listTraces", { params: { projectId: session.projectId }, query }, signal);
}
