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

interface Held {
  /** The first page; `isCut`: there are more. */
  readonly spans: readonly StoredSpan[] | null;
  readonly isCut: boolean;
  readonly state: "loading" | "waiting" | "missing" | "found";
  readonly failure: CallFailure | null;
}

/** A trace and how far it has come; polls until it is there, and then while it may still grow. */
export function useTrace(session: Session, traceId: TraceId, onUnauthorized: (message: string) => void) {
  const [held, setHeld] = useState<Held>({ spans: null, isCut: false, state: "loading", failure: null });
  const [look, setLook] = useState(0);
  const waitingSinceMs = useRef<number | null>(null);

  const round = async (signal: AbortSignal): Promise<NextRound> => {
    const result = await call(session, "getTrace", { params: { projectId: session.projectId, traceId }, query: {} }, signal);
    if (result === null) return { kind: "done" };
    switch (result.kind) {
      case "ok": {
        setHeld({ spans: result.value.spans, isCut: result.value.nextCursor !== null, state: "found", failure: null });
        const newestAtMs = Math.max(...result.value.spans.map((span) => span.receivedAtMs));
        return Date.now() - newestAtMs < growthPatienceMs ? { kind: "after", delayMs: growthPollMs } : { kind: "done" };
      }
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
    setHeld({ spans: null, isCut: false, state: "waiting", failure: null });
    setLook(look + 1);
  };
  return { ...held, ...poll, lookAgain };
}
