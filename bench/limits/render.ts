import { markdownTable } from "../markdown-table.ts";
import { limitSets, limitsPlan, type LimitsReport } from "./run-limits.ts";

/** How much CPU a call may take beside that of one without limits, where each asks its region. */
const cpuAddedMax = 0.35;

function cpuAdded({ sets }: LimitsReport, set: LimitsReport["sets"][number]): number {
  const [plain] = sets;
  return plain === undefined ? 0 : set.cpuMicrosecondsPerCall.median / plain.cpuMicrosecondsPerCall.median - 1;
}

export function limitsReached(report: LimitsReport): boolean {
  const { sets, simulated } = report;
  return simulated.violation === null && sets.every((set) => set.errors === 0 && cpuAdded(report, set) <= cpuAddedMax);
}

/** The section of `docs/benchmarks.md`. */
export function renderLimits(report: LimitsReport): string {
  const { machine, loadAverageBefore, sets, simulated } = report;
  const rows = sets.map((set) => [
    limitSets[set.set].title,
    `${set.callsPerSecond.median.toFixed(0)} (${set.callsPerSecond.min.toFixed(0)}–${set.callsPerSecond.max.toFixed(0)})`,
    set.latencyMs.p50.toFixed(1),
    set.latencyMs.p99.toFixed(1),
    set.cpuMicrosecondsPerCall.median.toFixed(0),
    `${(cpuAdded(report, set) * 100).toFixed(0)} %`,
    String(set.errors),
  ]);
  return [
    "## Limits",
    "",
    "Written by `npm run bench -- limits --write-docs`.",
    "",
    `**Method.** The whole local system; ${limitsPlan.connections} connections call through keys of three organizations that differ in their limits, in turn, ${limitsPlan.rounds} rounds of ${limitsPlan.windowMs / 1_000} s. No budget comes near its end. CPU is that of all processes of the system, the records' way into ClickHouse included. The goal is ${cpuAddedMax * 100} % more CPU at most where each call asks its region's limiter. Beside it, ${simulated.steps.toLocaleString("en")} random steps of the escrow protocol alone, with loss, doubling, delay and crashes. Load average before: ${loadAverageBefore.toFixed(1)}.`,
    "",
    `**Machine.** ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}.`,
    "",
    markdownTable(["limits", "calls/s (min–max)", "P50 ms", "P99 ms", "CPU µs/call", "CPU more", "errors"], rows),
    "",
    simulated.violation === null
      ? `${simulated.steps.toLocaleString("en")} steps in ${simulated.seconds} s: overshoot 0.`
      : `**An invariant broke**: ${simulated.violation}`,
    "",
  ].join("\n");
}
