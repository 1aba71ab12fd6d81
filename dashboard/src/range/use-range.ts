import { useEffect, useMemo, useState } from "react";
import { setSearch, useSearch } from "../router.tsx";
import { boundsOf, parseRange, stepOf, writeRange, type Bounds, type TimeRange } from "./time-range.ts";

/** The range of the address, and its ends as of now; those of a range up to now move on by themselves. */
export function useRange(): { readonly range: TimeRange; readonly bounds: Bounds } {
  const search = useSearch();
  const range = useMemo(() => parseRange(search), [search]);
  const nowMs = useStepMs(stepOf(range));
  const { fromMs, toMs } = boundsOf(range, nowMs);
  const bounds = useMemo(() => ({ fromMs, toMs }), [fromMs, toMs]);
  return { range, bounds };
}

export function setRange(range: TimeRange): void {
  setSearch({ range: writeRange(range) });
}

/** Epoch milliseconds, drawn anew once a step while the tab is visible. */
function useStepMs(stepMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (stepMs === null) return undefined;
    const look = () => {
      if (!document.hidden) setNowMs(Date.now());
    };
    look();
    const timer = window.setInterval(look, stepMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [stepMs]);
  return nowMs;
}
