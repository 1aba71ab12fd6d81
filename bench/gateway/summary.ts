import type { Measurement } from "./bench-target.ts";
import { percentile, spread, type Spread } from "./percentile.ts";
import type { Cell } from "./plan.ts";
import type { TargetName } from "./targets/table.ts";

/** What the rounds of one cell of one target come to. Times are percentiles over the calls (events) of all rounds. */
export interface CellSummary extends Cell {
  readonly target: TargetName;
  readonly calls: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly callsPerSecond: Spread;
  /** The same, round by round. */
  readonly roundsCallsPerSecond: readonly number[];
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly lagMs: { readonly p50: number; readonly p99: number } | null;
  /** All CPU time of the target's processes, its work after the answer included, by all of the load's calls. */
  readonly cpuMicrosecondsPerCall: Spread;
  /** The part of it that is workerd's. */
  readonly workerdCpuMicrosecondsPerCall: Spread;
  readonly rssBytesMax: number;
  readonly workerdRssBytesMax: number;
  /** Longest wait for the records of a round. */
  readonly drainedMsMax: number | null;
}

/** Sums up `measurements`, one a round, of one cell. */
export function summarise(target: TargetName, cell: Cell, measurements: readonly Measurement[]): CellSummary {
  const errors: Record<string, number> = {};
  for (const measurement of measurements)
    for (const [reason, count] of Object.entries(measurement.errors)) errors[reason] = (errors[reason] ?? 0) + count;
  const latencies = pooled(measurements.map((measurement) => measurement.latenciesUs));
  const lags = pooled(measurements.map((measurement) => measurement.lagsUs));
  const drained = measurements.flatMap((measurement) => measurement.drainedMs ?? []);
  const usages = measurements.map((measurement) => measurement.usage);
  const roundsCallsPerSecond = measurements.map((measurement) => (measurement.calls * 1000) / measurement.windowMs);
  return {
    target,
    ...cell,
    calls: latencies.length,
    errors,
    callsPerSecond: spread(roundsCallsPerSecond),
    roundsCallsPerSecond,
    latencyMs: quantilesMs(latencies),
    lagMs: lags.length === 0 ? null : quantilesMs(lags),
    cpuMicrosecondsPerCall: perCall(measurements, (usage) => usage.cpuMs),
    workerdCpuMicrosecondsPerCall: perCall(measurements, (usage) => usage.workerd.cpuMs),
    rssBytesMax: Math.max(...usages.map((usage) => usage.rssBytes)),
    workerdRssBytesMax: Math.max(...usages.map((usage) => usage.workerd.rssBytes)),
    drainedMsMax: drained.length === 0 ? null : Math.max(...drained),
  };
}

function perCall(measurements: readonly Measurement[], cpuMs: (usage: Measurement["usage"]) => number): Spread {
  return spread(measurements.map(({ usage, callsTotal }) => (cpuMs(usage) * 1000) / Math.max(1, callsTotal)));
}

function pooled(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part])).sort();
}

function quantilesMs(sortedUs: Float64Array): { p50: number; p99: number } {
  return { p50: percentile(sortedUs, 0.5) / 1000, p99: percentile(sortedUs, 0.99) / 1000 };
}
