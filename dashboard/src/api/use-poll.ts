import { useEffect, useEffectEvent, useRef, useState } from "react";

/** What one round of polling says about the next: its delay in milliseconds, or that it was the last. */
export type NextRound = { readonly kind: "after"; readonly delayMs: number } | { readonly kind: "failed" } | { readonly kind: "done" };

const backoffFirstMs = 1_000;
const backoffMaxMs = 30_000;

/** Delay after so many failed rounds in a row: 1 s, doubled each time, at most 30 s. */
export function backoffMs(failures: number): number {
  return Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.max(0, failures - 1));
}

/**
 * Runs `round` while `active` and the tab is visible; at once when either becomes true or `key` changes.
 * Rounds never overlap. After a failure it waits longer each time; `retryAtMs` says until when, `retry` goes at once.
 */
export function usePoll(
  key: string,
  active: boolean,
  round: (signal: AbortSignal) => Promise<NextRound>,
): { retryAtMs: number | null; retry: () => void } {
  const [retryAtMs, setRetryAtMs] = useState<number | null>(null);
  const runNow = useRef<() => void>(() => undefined);
  const runRound = useEffectEvent(round);

  useEffect(() => {
    if (!active) return undefined;
    const stopped = new AbortController();
    let failures = 0;
    let timer: number | undefined;
    let running = false;
    let done = false;

    const run = async (): Promise<void> => {
      window.clearTimeout(timer);
      if (running || done || document.hidden || stopped.signal.aborted) return;
      running = true;
      const next = await runRound(stopped.signal);
      running = false;
      if (stopped.signal.aborted) return;
      failures = next.kind === "failed" ? failures + 1 : 0;
      done = next.kind === "done";
      setRetryAtMs(next.kind === "failed" ? Date.now() + backoffMs(failures) : null);
      if (next.kind !== "done") timer = window.setTimeout(() => void run(), next.kind === "failed" ? backoffMs(failures) : next.delayMs);
    };
    const start = () => void run();
    runNow.current = start;
    document.addEventListener("visibilitychange", start);
    start();
    return () => {
      stopped.abort();
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", start);
      setRetryAtMs(null);
    };
  }, [key, active]);

  return { retryAtMs, retry: () => runNow.current() };
}

/** Epoch milliseconds, drawn anew every second while the tab is visible. */
export function useNowMs(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) setNowMs(Date.now());
    }, 1_000);
    return () => window.clearInterval(timer);
  }, []);
  return nowMs;
}
