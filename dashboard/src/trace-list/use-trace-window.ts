import { useRef, useState } from "react";
import { call, type CallFailure } from "../api/client.ts";
import { usePoll, type NextRound } from "../api/use-poll.ts";
import { boundsOf, type TimeRange } from "../range/time-range.ts";
import { useProject } from "../shell/project-context.ts";
import { addPage, appendOlder, mergeNewest, type TraceWindow } from "./trace-window.ts";

const pollMs = 1_000;
const pageRows = 100;
/** Who scrolls down wants to go on: the most that the API gives at once. */
const olderRows = 200;

export const sorts = {
  startedAt: "Newest first",
  duration: "Longest first",
  costNanoUsd: "Dearest first",
  totalTokens: "Most tokens first",
} as const;
export type Sort = keyof typeof sorts;

/** What is listed. `filter`: as the API takes it. */
export interface Listed {
  readonly range: TimeRange;
  readonly filter: string;
  readonly sort: Sort;
}

interface Listing {
  /** Which list this is of. */
  readonly key: string;
  /** `null`: nothing has arrived for it yet. */
  readonly window: TraceWindow | null;
  readonly failure: CallFailure | null;
  /** More arrived at once than a page holds, while the reader was further down: what they may jump to. */
  readonly newest: TraceWindow | null;
}

interface TraceListingInput {
  readonly listed: Listed;
  readonly paused: boolean;
  /** The reader is at the top, so that rows may change under them. */
  readonly atTop: () => boolean;
}

/** Whether a list grows by itself: newest first, up to now. */
export function isLive({ range, sort }: Listed): boolean {
  return range.kind === "relative" && sort === "startedAt";
}

/** The held rows of a list, refreshed every second where it is live, and the way to older ones. */
export function useTraceWindow({ listed, paused, atTop }: TraceListingInput) {
  const { session, onUnauthorized } = useProject();
  const key = JSON.stringify([session.projectId, listed]);
  const nothing: Listing = { key, window: null, failure: null, newest: null };
  const [listing, setListing] = useState<Listing>(nothing);
  const [loadingOlder, setLoadingOlder] = useState(false);
  const olderAbort = useRef<AbortController | null>(null);
  const current: Listing = listing.key === key ? listing : nothing;

  const readPage = async (cursor: string | undefined, signal: AbortSignal) => {
    const { fromMs, toMs } = boundsOf(listed.range, Date.now());
    const query = {
      fromMs,
      ...(isLive(listed) ? {} : { toMs }),
      filter: listed.filter,
      sort: listed.sort,
      limit: cursor === undefined ? pageRows : olderRows,
      cursor,
    };
    return await call(session, "listTraces", { params: { projectId: session.projectId }, query }, signal);
  };

  const refresh = async (signal: AbortSignal): Promise<NextRound> => {
    const result = await readPage(undefined, signal);
    if (result === null) return { kind: "done" };
    if (result.kind === "unauthorized" && result.status === 401) {
      onUnauthorized(result.message);
      return { kind: "done" };
    }
    if (result.kind !== "ok") {
      setListing((held) => ({ ...(held.key === key ? held : nothing), failure: result }));
      return result.kind === "unavailable" ? { kind: "failed" } : { kind: "done" };
    }
    const mayReplace = atTop();
    setListing((held) => takePage(held.key === key ? held : nothing, { page: result.value, mayReplace }));
    return isLive(listed) ? { kind: "after", delayMs: pollMs } : { kind: "done" };
  };
  const poll = usePoll(key, !paused || current.window === null, refresh);

  const loadOlder = async (): Promise<void> => {
    const cursor = current.window?.nextCursor;
    if (cursor === null || cursor === undefined || loadingOlder) return;
    olderAbort.current?.abort();
    const abort = new AbortController();
    olderAbort.current = abort;
    setLoadingOlder(true);
    const result = await readPage(cursor, abort.signal);
    setLoadingOlder(false);
    if (result === null) return;
    const add = isLive(listed) ? appendOlder : addPage;
    setListing((held) => {
      // The rows may have been replaced meanwhile; this page then continues something that is no longer there.
      if (held.key !== key || held.window?.nextCursor !== cursor) return held;
      return result.kind === "ok" ? { ...held, window: add(held.window, result.value) } : { ...held, failure: result };
    });
  };

  const showNewest = () => setListing((held) => ({ ...held, window: held.newest ?? held.window, newest: null }));
  return { ...current, ...poll, loadingOlder, loadOlder, showNewest };
}

function takePage(held: Listing, { page, mayReplace }: { readonly page: TraceWindow; readonly mayReplace: boolean }): Listing {
  const merged = mergeNewest(held.window ?? { traces: [], nextCursor: null }, page);
  if (merged.kind === "gap" && !mayReplace) return { ...held, failure: null, newest: merged.window };
  if (merged.window === held.window && held.failure === null && held.newest === null) return held;
  return { key: held.key, window: merged.window, failure: null, newest: null };
}
