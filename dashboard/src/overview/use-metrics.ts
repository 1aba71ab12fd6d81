import { useApi } from "../api/queries.ts";
import type { CallInput } from "../api/client.ts";
import type { Bounds } from "../range/time-range.ts";
import { useProject } from "../shell/project-context.ts";

type Query = CallInput<"getMetrics">["query"];

/** By whose clocks hours and days begin. */
export const ownTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Metrics of the project over a range. */
export function useMetrics(bounds: Bounds, query: Omit<Query, "fromMs" | "toMs" | "timeZone">) {
  const { projectId } = useProject();
  return useApi("getMetrics", { params: { projectId }, query: { ...query, ...bounds, timeZone: ownTimeZone } });
}
