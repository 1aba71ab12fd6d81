import { markdownTable } from "../markdown-table.ts";
import { limitSets, limitsPlan, months, type LimitsReport } from "./run-limits.ts";

export function limitsReached({ sets, months: simulated, protocol }: LimitsReport): boolean {
  const areSetsGood = sets.every(({ set, errors, cpuMore }) => errors === 0 && cpuMore.least <= limitSets[set].cpuMoreMax);
  return (
    areSetsGood && protocol.violation === null && Object.values(simulated).every(({ strandedPart }) => strandedPart <= strandedPartMax)
  );
}

const strandedPartMax = 0.005;
const percent = (part: number, digits: number): string => `${(part * 100).toFixed(digits)} %`;

/** The section of `docs/benchmarks.md`. */
export function renderLimits(report: LimitsReport): string {
  const { machine, loadAverageBefore, sets, months: simulated, protocol } = report;
  const rows = sets.map(({ set, callsPerSecond, latencyMs, cpuMicrosecondsPerCall, cpuMore, hopPart, errors }) => [
    limitSets[set].title,
    `${callsPerSecond.median.toFixed(0)} (${callsPerSecond.min.toFixed(0)}–${callsPerSecond.max.toFixed(0)})`,
    latencyMs.p50.toFixed(1),
    latencyMs.p99.toFixed(1),
    `${cpuMicrosecondsPerCall.min.toFixed(0)} (${cpuMicrosecondsPerCall.median.toFixed(0)})`,
    set === "none" ? "" : `${percent(cpuMore.least, 0)} (${percent(cpuMore.median, 0)})`,
    set === "none" ? "" : percent(limitSets[set].cpuMoreMax, 0),
    set === "none" ? "" : percent(hopPart, 1),
    String(errors),
  ]);
  const monthRows = Object.entries(simulated).map(([name, { calls, hops, strandedPart }]) => [
    name === "deaths" ? months.deaths.title : months.deployments.title,
    percent(strandedPart, 2),
    percent(strandedPartMax, 1),
    percent(hops / calls, 2),
  ]);
  return [
    "## Limits",
    "",
    "Written by `npm run bench -- limits --write-docs`; `--steps` says how many steps of the protocol are taken.",
    "",
    `**Method.** The whole local system; ${limitsPlan.connections} connections call, each every ${limitsPlan.everyMs} ms, through keys of ${sets.length} organizations that differ in their limits, in turn, ${limitsPlan.rounds} rounds of ${limitsPlan.windowMs / 1_000} s. No budget comes near its end. CPU is that of the Workers' processes, the records' way to ClickHouse included: the least of all rounds, as what else a machine does only adds to what a call costs, and the median in brackets. Load average before: ${loadAverageBefore.toFixed(1)}.`,
    "",
    `**Machine.** ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}.`,
    "",
    markdownTable(
      [
        "limits",
        "calls/s (min–max)",
        "P50 ms",
        "P99 ms",
        "CPU µs/call (median)",
        "CPU more (of medians)",
        "goal",
        "asked their region",
        "errors",
      ],
      rows,
    ),
    "",
    "What pockets strand in a simulated month of one budget: four isolates, 50 calls a second each that last 2 s and cost a tenth of their reserve.",
    "",
    markdownTable(["how isolates end", "stranded, of the budget", "goal", "calls that ask their region"], monthRows),
    "",
    protocol.violation === null
      ? `The escrow protocol alone, with loss, doubling, delay and crashes: ${protocol.steps.toLocaleString("en")} random steps in ${protocol.seconds} s on ${protocol.processes} processes: overshoot 0.`
      : `**An invariant broke**: ${protocol.violation}`,
    "",
  ].join("\n");
}
