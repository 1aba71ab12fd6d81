import { pacedStreamMs, workloadNames, type Workload } from "./workloads.ts";

/** One combination that every target is measured at. */
export interface Cell {
  readonly workload: Workload;
  readonly connections: number;
}

export const connectionCounts = [1, 16, 64] as const;
export const cells: readonly Cell[] = workloadNames.flatMap((workload) =>
  connectionCounts.map((connections) => ({ workload, connections })),
);

/** Each round measures all its cells of all targets in turn, so that a slow minute of the machine hits all alike. */
export const rounds = { plain: 5, stream: 5, paced: 3 } as const satisfies Record<Workload, number>;

/** Milliseconds of one measurement; a paced stream takes 800, so that its window holds five. */
export const windowsMs = { plain: 1_000, stream: 1_000, paced: 4_000 } as const satisfies Record<Workload, number>;

/** Load before the window. A target that records gets as long as its pipeline needs to fill and to drain while it serves. */
export const leadInMs = { plain: 200, stream: 200, paced: pacedStreamMs } as const satisfies Record<Workload, number>;
export const recordingLeadInMs = { plain: 1_000, stream: 1_000, paced: pacedStreamMs } as const satisfies Record<Workload, number>;

/**
 * Load of each kind before the first round, per target. A process that is minutes old is what is measured: compilers
 * take ten thousand calls until they have settled.
 */
export const warmUpMs = { plain: 8_000, stream: 5_000 } as const satisfies Partial<Record<Workload, number>>;

/** The long load under which the backlog is watched. */
export const soak = { seconds: 10, connections: 64 } as const;

/** Longest wait until what a target recorded is in its store. */
export const drainPatienceMs = 60_000;
