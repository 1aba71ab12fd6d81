import { distinctBatches } from "./batches.ts";
import { loads, spansPerBatch } from "./loads.ts";
import { acceptedPerSecond, missedGoals, storedPerSecond, type IngestReport, type LoadSummary } from "./report.ts";

const columns: readonly (readonly [title: string, text: (load: LoadSummary) => string])[] = [
  ["load", ({ name }) => loads[name].title],
  ["bytes/span", ({ bytesPerSpan }) => bytesPerSpan.toFixed(0)],
  ["accepted/s", (load) => acceptedPerSecond(load).toFixed(0)],
  ["P50 ms", ({ latencyMs }) => latencyMs.p50.toFixed(1)],
  ["P95 ms", ({ latencyMs }) => latencyMs.p95.toFixed(1)],
  ["P99 ms", ({ latencyMs }) => latencyMs.p99.toFixed(1)],
  [
    "refused",
    ({ refused }) =>
      Object.entries(refused)
        .map(([what, count]) => `${count} × ${what}`)
        .join("; ") || "0",
  ],
  ["queryable/s", (load) => storedPerSecond(load).toFixed(0)],
  ["drained after", ({ drainedMs }) => `${(drainedMs / 1000).toFixed(1)} s`],
  ["accepted = spans = rows", ({ accepted, spans, rows }) => `${accepted} = ${spans} = ${rows}`],
  [
    "CPU µs/span: edges, objects, app, ClickHouse, runner (generator)",
    ({ cpuMicrosecondsPerSpan: { edges, objects, app, clickhouse, runner, generator } }) =>
      `${[edges, objects, app, clickhouse, runner].map((value) => value.toFixed(1)).join(", ")} (${generator.toFixed(1)})`,
  ],
  [
    "RSS MB: edges, objects, app, ClickHouse, runner",
    ({ rssBytesMax: { edges, objects, app, clickhouse, runner } }) =>
      [edges, objects, app, clickhouse, runner].map((value) => (value / 1e6).toFixed(0)).join(", "),
  ],
  ["reached", (load) => missedGoals(load).join("; ") || "yes"],
];

/** The figures as a Markdown table, and how the backlog went. */
export function renderIngest({ loads: all, failures }: IngestReport): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(() => "---")),
    ...all.map((load) => line(columns.map(([, text]) => text(load)))),
    "",
    ...all.map((load) => `Backlog of ${loads[load.name].title}, every 5 s: ${load.backlog.join(", ") || "none seen"}.`),
    ...failures.map(({ name, reason }) => `${loads[name].title} failed: ${reason}`),
  ].join("\n");
}

/** The section of `docs/benchmarks.md`. */
export function documentIngest(report: IngestReport): string {
  const { machine, loadAverageBefore } = report;
  return `## Ingest

Written by \`npm run bench -- ingest --write-docs\`.

Run on ${new Date(machine.atMs).toISOString().slice(0, 10)}, on ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node.slice(1)}; load average before it ${loadAverageBefore.toFixed(1)}.

**Method.** The whole local system, and one load generator in a process of its own with raw sockets on the same cores. A batch is ${spansPerBatch} spans, of ${distinctBatches} batches of different seeded text, users, models, tokens and times, each sent under ids of its own; gzip is zlib's level 6, made before the load. A connection sends its next batch when it has the answer to the last, and none before its time by the offered rate. Latency is from the first byte of a request to the last of its answer. The drain into ClickHouse runs all the time, in bursts too; there it falls behind, since it yields to what is being accepted, and what piles up lies in R2. Each load has a system of its own, warmed up for ten seconds. After it all its rows are waited for and counted, as they lie in the table and as they are read (\`FINAL\`): accepted, spans and rows must be one number. CPU is of each process from the start of a load to its last row. The runner holds PostgreSQL and the fronts; memory is the most that was seen.

${renderIngest(report)}
`;
}
