import { useRef, useState } from "react";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { TraceId } from "#core/contracts/id.ts";
import { call, type CallFailure } from "../api/client.ts";
import { usePoll, type NextRound } from "../api/use-poll.ts";
import type { Session } from "../session.ts";

/** A link is often followed before the trace has arrived. */
const arrivalPollMs = 500;
const arrivalPatienceMs = 10_000;
/** Spans of one trace may come from several clients; after this long without a new one it is taken for whole. */
const growthPollMs = 2_000;
const growthPatienceMs = 30_000;

/** So many spans are read; the API gives the rest. */
const spansMax = 20_000;

interface Held {
  readonly spans: readonly StoredSpan[] | null;
  /** There are more spans than these: on their way, or beyond the most that are read. */
  readonly isCut: boolean;
  /** Whether spans may still come: the newest came a moment ago. */
  readonly isArriving: boolean;
  readonly state: "loading" | "waiting" | "missing" | "found";
  readonly failure: CallFailure | null;
}

/** A trace and how far it has come; polls until it is there, and then while it may still grow. */
export function useTrace(session: Session, traceId: TraceId, onUnauthorized: (message: string) => void) {
  const [held, setHeld] = useState<Held>({ spans: null, isCut: false, isArriving: false, state: "loading", failure: null });
  const [look, setLook] = useState(0);
  const waitingSinceMs = useRef<number | null>(null);

  const round = async (signal: AbortSignal): Promise<NextRound> => {
    const params = { projectId: session.projectId, traceId };
    const spans: StoredSpan[] = [];
    let result = await call(session, "getTrace", { params, query: {} }, signal);
    while (result?.kind === "ok") {
      spans.push(...result.value.spans);
      const cursor = result.value.nextCursor;
      const newestAtMs = spans.reduce((newest, span) => Math.max(newest, span.receivedAtMs), 0);
      const isArriving = Date.now() - newestAtMs < growthPatienceMs;
      const shown = [...spans];
      // What is known already stays until as much has come again.
      setHeld((before) =>
        (before.spans?.length ?? 0) > shown.length && cursor !== null
          ? before
          : { spans: shown, isCut: cursor !== null, isArriving, state: "found", failure: null },
      );
      if (cursor === null || spans.length >= spansMax) return isArriving ? { kind: "after", delayMs: growthPollMs } : { kind: "done" };
      result = await call(session, "getTrace", { params, query: { cursor } }, signal);
    }
    if (result === null) return { kind: "done" };
    switch (result.kind) {
      case "not-found": {
        waitingSinceMs.current ??= Date.now();
        const patient = Date.now() - waitingSinceMs.current < arrivalPatienceMs;
        setHeld((before) => ({ ...before, state: patient ? "waiting" : "missing", failure: null }));
        return patient ? { kind: "after", delayMs: arrivalPollMs } : { kind: "done" };
      }
      case "unauthorized":
        onUnauthorized(result.message);
        return { kind: "done" };
      case "invalid":
      case "conflict":
      case "unavailable":
        setHeld((before) => ({ ...before, failure: result }));
        return { kind: "failed" };
    }
  };
  const poll = usePoll(`${traceId} ${look}`, true, round);
  const lookAgain = () => {
    waitingSinceMs.current = null;
    setHeld({ spans: null, isCut: false, isArriving: false, state: "waiting", failure: null });
    setLook(look + 1);
  };
  return { ...held, ...poll, lookAgain };
}
