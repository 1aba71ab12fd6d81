import { rounds, soak, warmUpMs, windowsMs } from "./plan.ts";
import { renderTables } from "./render.ts";
import type { GatewayReport } from "./report.ts";
import { streamEvents, workloads } from "./workloads.ts";

/** The section of `docs/benchmarks.md`: the figures with all that is needed to judge and to repeat them. */
export function renderDocument(report: GatewayReport): string {
  const { machine } = report;
  const packages = Object.entries(machine.packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  return `## Gateway

Written by \`npm run bench -- gateway --write-docs\`.

Run on ${new Date(machine.atMs).toISOString().slice(0, 10)} in ${report.durationSeconds} s, on ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node.slice(1)}; ${packages}.

**Method.** One mock upstream in a process of its own answers at once with bytes made beforehand (256 different plain answers of random words, so that nothing is flattered by a text that repeats); streams have ${streamEvents} events, each an HTTP chunk of its own, unpaced or one every ${workloads.paced.pacedMs} ms with the time of its sending in it. One load generator in a process of its own, raw sockets, closed loop: a connection sends its next call when the last answer is whole; paced streams begin spread over the length of one, as clients do not begin in step. Every target is warmed up first, by ${warmUpMs.plain / 1000} s of plain calls and ${warmUpMs.stream / 1000} s of streams. Both Workers and EvalForge run on the same workerd through Miniflare with direct sockets and with the same flags. EvalForge is the whole local system with every record on its way to ClickHouse, its edges in one workerd and what stands behind them in another; the two peers record nothing. All targets are up all the time and measured in turn: ${rounds.plain} rounds of ${windowsMs.plain / 1000} s of every combination (paced: ${rounds.paced} of ${windowsMs.paced / 1000} s), the median of the rounds with the least and the greatest. A ratio is the median of the rounds' ratios. EvalForge has a second of load before each window, so that its consumers work during it, and is waited for until its last record is stored, so that its work is in its own figures and in nobody else's. Percentiles are over the calls (paced: the events) of all rounds. An answer that is not a whole 200 is an error and not a call.

**CPU** is user and system time of all the target's processes over a load, its work after the answer included, by the calls of that load. For EvalForge that is all workerds (gateway; buffer; app with its consumers) and the embedded PostgreSQL and ClickHouse, which in production run elsewhere. **RSS** is theirs too. Of both, the workerds' part stands in brackets; shared pages count in each process.

**Read with care.** Generator, upstream and target share the machine's cores, so the figures are of the three together: what generator and upstream cost stands on both sides of a ratio of throughputs and brings it nearer to 1. CPU per call is the target's alone. Miniflare puts a small Worker of its own between every Worker and its upstream, the floors' and EvalForge's alike; the deployed platform has none. A closed loop hides queueing that an open one would show. At one connection latency is measured, not capacity. The differences between rounds show how noisy the machine was. The backlog was watched for ${soak.seconds} s at ${soak.connections} connections.

${renderTables(report)}

<details><summary>The same as JSON</summary>

\`\`\`json
${jsonLines(report)}
\`\`\`

</details>
`;
}

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Math.round(value * 1000) / 1000 : value;

/** One line a cell: diffs between two runs can be read. */
function jsonLines(report: GatewayReport): string {
  const { cells, ...others } = report;
  const lines = cells.map((cell) => JSON.stringify(cell, rounded));
  return `${JSON.stringify(others, rounded).slice(0, -1)},"cells":[\n${lines.join(",\n")}\n]}`;
}
