import { spansPerBatch } from "../ingest/loads.ts";
import { freshness, isFresh, type FreshnessReport } from "./run-freshness.ts";

/** The figures as a Markdown table. */
export function renderFreshness(report: FreshnessReport): string {
  const { accepted, seen, freshMs } = report;
  const figures = Object.values(freshMs).map((value) => value.toFixed(0));
  return [
    "| spans/s | batches accepted | seen | P50 ms | P95 ms | P99 ms | longest ms | goal | reached |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    `| ${[freshness.spansPerSecond, accepted, seen, ...figures, `P95 ≤ ${freshness.goalP95Ms} ms`, isFresh(report) ? "yes" : "no"].join(" | ")} |`,
  ].join("\n");
}

/** The section of `docs/benchmarks.md`. */
export function documentFreshness(report: FreshnessReport): string {
  const { machine, loadAverageBefore } = report;
  return `## Freshness

Written by \`npm run bench -- freshness --write-docs\`.

Run on ${new Date(machine.atMs).toISOString().slice(0, 10)}, on ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node.slice(1)}; load average before it ${loadAverageBefore.toFixed(1)}.

**Method.** The whole local system takes ${freshness.spansPerSecond} spans a second in batches of ${spansPerBatch} (JSON under gzip) for ${freshness.seconds} s. Every ${freshness.lookEveryMs} ms a query asks ClickHouse which batches it has whole. Measured is from the end of a batch's 202 until the answer of the first query that shows all of its spans.

${renderFreshness(report)}
`;
}
