import type { Child } from "../processes/parent.ts";
import type { BenchTarget } from "./bench-target.ts";
import { soak } from "./plan.ts";
import { countRows, countSpans } from "./record-count.ts";

/** How the records kept up with the calls under a load without pause. */
export interface SoakSummary {
  readonly seconds: number;
  readonly connections: number;
  readonly callsPerSecond: number;
  /** Calls answered and not yet rows, at the end of each second. */
  readonly backlogPerSecond: readonly number[];
  /** From the end of the load to the last row. */
  readonly drainedMs: number;
  /** Over the whole run, all loads together: each answered call must be one row and one span; a failed one may be. */
  readonly calls: number;
  readonly callsFailed: number;
  readonly rows: number;
  readonly spans: number;
}

/**
 * Loads a recording target second after second on the same terms and looks after each how many calls are not yet
 * rows. The seconds follow each other at once; the drain never gets a pause of its own.
 */
export async function watchBacklog(target: BenchTarget, clickhouseUrl: string, generator: Child): Promise<SoakSummary> {
  const rowsBefore = await countRows(clickhouseUrl);
  const backlogPerSecond: number[] = [];
  let calls = 0;
  for (let second = 0; second < soak.seconds; second += 1) {
    calls += (await target.load(generator, { workload: "plain", connections: soak.connections }, 0, 1000)).callsTotal;
    const rows = await countRows(clickhouseUrl);
    backlogPerSecond.push(calls - (rows - rowsBefore));
  }
  const drained = await target.untilDrained(clickhouseUrl);
  return {
    seconds: soak.seconds,
    connections: soak.connections,
    callsPerSecond: calls / soak.seconds,
    backlogPerSecond,
    drainedMs: drained.waitedMs,
    calls: drained.calls,
    callsFailed: drained.callsFailed,
    rows: drained.rows,
    spans: await countSpans(clickhouseUrl),
  };
}
