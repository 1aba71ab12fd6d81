import type { Machine } from "../gateway/machine.ts";
import { loads, type LoadName } from "./loads.ts";
import type { Part } from "./system.ts";

/** What one load came to. */
export interface LoadSummary {
  readonly name: LoadName;
  readonly offered: number;
  readonly accepted: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly loadMs: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly bytesPerSpan: number;
  /** Accepted and not yet rows, at the end of each 5 s. */
  readonly backlog: readonly number[];
  /** From the end of the load to the last row. */
  readonly drainedMs: number;
  readonly rows: number;
  readonly spans: number;
  readonly cpuMicrosecondsPerSpan: Readonly<Record<Part | "generator", number>>;
  readonly rssBytesMax: Readonly<Record<Part, number>>;
}

export interface IngestReport {
  readonly machine: Machine;
  /** Processes that wanted a core before the run, on average over a minute: more than none, and the figures are too low. */
  readonly loadAverageBefore: number;
  readonly loads: readonly LoadSummary[];
  readonly failures: readonly { readonly name: LoadName; readonly reason: string }[];
}

export const acceptedPerSecond = ({ accepted, loadMs }: LoadSummary): number => (accepted * 1000) / loadMs;
export const storedPerSecond = ({ rows, loadMs, drainedMs }: LoadSummary): number => (rows * 1000) / (loadMs + drainedMs);

/** What a load was to reach and did not. */
export function missedGoals(load: LoadSummary): string[] {
  const { goal } = loads[load.name];
  const accepted = acceptedPerSecond(load);
  const stored = storedPerSecond(load);
  return [
    ...(accepted >= goal.acceptedPerSecond ? [] : [`${accepted.toFixed(0)} accepted a second, not ${goal.acceptedPerSecond}`]),
    ...(goal.p95Ms === null || load.latencyMs.p95 < goal.p95Ms ? [] : [`P95 ${load.latencyMs.p95.toFixed(0)} ms, not under ${goal.p95Ms}`]),
    ...(goal.storedPerSecond === null || stored >= goal.storedPerSecond
      ? []
      : [`${stored.toFixed(0)} queryable a second, not ${goal.storedPerSecond}`]),
    ...(load.spans === load.accepted ? [] : [`${load.accepted} accepted, but ${load.spans} different spans stored`]),
    ...(load.rows === load.spans ? [] : [`${load.spans} spans in ${load.rows} rows`]),
  ];
}
