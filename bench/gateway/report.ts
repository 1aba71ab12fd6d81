import type { Machine } from "./machine.ts";
import type { SoakSummary } from "./soak.ts";
import type { CellSummary } from "./summary.ts";
import type { Cell } from "./plan.ts";
import { spread } from "./percentile.ts";
import { connectionCounts } from "./plan.ts";
import type { TargetName } from "./targets/table.ts";
import type { Workload } from "./workloads.ts";

/** All that one run found. */
export interface GatewayReport {
  readonly machine: Machine;
  readonly durationSeconds: number;
  readonly cells: readonly CellSummary[];
  readonly soak: SoakSummary | null;
  /** Why a target gave no figures, or not all. */
  readonly failures: readonly { readonly target: TargetName; readonly reason: string }[];
}

/** One target as a fraction of (or a difference to) another, at one cell. */
export interface Comparison extends Cell {
  readonly title: string;
  readonly value: number;
  /** What is to be reached, as text and as a test. */
  readonly goal: string;
  readonly reached: boolean;
}

interface ComparisonRow {
  readonly title: string;
  readonly workload: Workload;
  readonly floor: TargetName;
  readonly goal: string;
  readonly compare: (ours: CellSummary, floor: CellSummary) => number;
  readonly reached: (value: number) => boolean;
}

/** The median of the rounds' ratios: within a round the two are measured seconds apart, so a slow minute is on both sides. */
const throughputRatio = (ours: CellSummary, floor: CellSummary): number =>
  spread(
    floor.roundsCallsPerSecond.flatMap((theirs, round) => {
      const own = ours.roundsCallsPerSecond[round];
      return own === undefined ? [] : [own / theirs];
    }),
  ).median;

const comparisonRows: readonly ComparisonRow[] = [
  {
    title: "EvalForge ÷ bare Worker, plain, calls/s",
    workload: "plain",
    floor: "bare",
    goal: "≥ 0.45",
    compare: throughputRatio,
    reached: (value) => value >= 0.45,
  },
  {
    title: "EvalForge ÷ pump Worker, streaming, calls/s",
    workload: "stream",
    floor: "pump",
    goal: "≥ 0.5",
    compare: throughputRatio,
    reached: (value) => value >= 0.5,
  },
  {
    title: "EvalForge − bare Worker, paced, lag P99 in ms",
    workload: "paced",
    floor: "bare",
    goal: "≤ 5",
    compare: (ours, floor) => (ours.lagMs?.p99 ?? Number.NaN) - (floor.lagMs?.p99 ?? Number.NaN),
    reached: (value) => value <= 5,
  },
];

/** The figures that have goals, at every number of connections at which both sides were measured. */
export function comparisons(cells: readonly CellSummary[]): Comparison[] {
  return comparisonRows.flatMap(({ title, workload, floor, goal, compare, reached }) =>
    connectionCounts.flatMap((connections) => {
      const ours = findCell(cells, "evalforge", { workload, connections });
      const theirs = findCell(cells, floor, { workload, connections });
      if (ours === null || theirs === null) return [];
      const value = compare(ours, theirs);
      return [{ title, workload, connections, value, goal, reached: reached(value) }];
    }),
  );
}

/** The summary of one target at one cell, where there is one. */
export function findCell(cells: readonly CellSummary[], target: TargetName, { workload, connections }: Cell): CellSummary | null {
  return cells.find((cell) => cell.target === target && cell.workload === workload && cell.connections === connections) ?? null;
}

/** Every call must be one row and one span (a failed one at most), and the backlog no larger at the end than after the first second. */
export function soakFailures(soak: SoakSummary): string[] {
  const first = soak.backlogPerSecond[0] ?? 0;
  const last = soak.backlogPerSecond.at(-1) ?? 0;
  return [
    ...(soak.rows >= soak.calls ? [] : [`${soak.calls} calls answered, but only ${soak.rows} rows stored`]),
    ...(soak.rows === soak.spans ? [] : [`${soak.rows} rows, but only ${soak.spans} different spans`]),
    ...(soak.rows <= soak.calls + soak.callsFailed ? [] : [`${soak.rows} rows, more than the ${soak.calls + soak.callsFailed} calls made`]),
    ...(last <= first ? [] : [`the backlog grew: ${first} after the first second, ${last} after the last`]),
  ];
}
