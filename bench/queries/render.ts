import { markdownTable } from "../markdown-table.ts";
import { copiedCharacters, generated } from "./fill.ts";
import type { QueriesReport, QueryFigures } from "./run-queries.ts";

const p95MsMax = 300;

function isReached({ group, p95Ms, failed }: QueryFigures): boolean {
  return failed === null && (group === "details" || p95Ms < p95MsMax);
}

export function queriesReached({ sizes }: QueriesReport): boolean {
  return sizes.every(({ figures }) => figures.every(isReached));
}

/** The section of `docs/benchmarks.md`. */
export function renderQueries({ sizes, seconds }: QueriesReport): string {
  const [smaller] = sizes;
  const larger = sizes.at(-1);
  const rows = (larger?.figures ?? []).map((figures, index) => {
    const before = smaller?.figures[index];
    const texts = [before, figures].flatMap((one) => (one === undefined ? ["–", "–"] : [one.p50Ms.toFixed(0), one.p95Ms.toFixed(0)]));
    const growth = before === undefined ? "–" : `${(figures.p50Ms / before.p50Ms).toFixed(1)} ×`;
    return [
      figures.group,
      figures.title,
      ...texts,
      growth,
      figures.failed ?? (figures.group === "details" ? "" : isReached(figures) ? "yes" : "no"),
    ];
  });
  const columns = sizes.flatMap(({ spans }) => [`${(spans / 1e6).toFixed(1)} M: P50 ms`, "P95 ms"]);
  return [
    "## Queries",
    "",
    "Written by `npm run bench -- queries --write-docs`.",
    "",
    `**Method.** The whole local system, asked over HTTP through its control API by one client, one query at a time. ${generated} spans of the seeded traffic of 30 days and copies of them with traces, times, sessions and three quarters of the users of their own, inserted in the order in which they ended, as they would come in; all but the last two hours are then merged at once as parts are that are an hour old, and the last two hours lie in parts of about 100 rows and what usual merges make of them; of a copy's texts the first ${copiedCharacters.input_text} (input) and ${copiedCharacters.output_text} (output) characters. The run took ${seconds} s. Asked when merges and rollups have ended. Before each query ClickHouse's mark, uncompressed and query caches are dropped, and no two queries have the same range, so that Redis has no answer; the files are in the operating system's cache. 20 times each. The goal for metrics and lists is a P95 below ${p95MsMax} ms.`,
    "",
    markdownTable(["", "query", ...columns, "growth of P50", "reached"], rows),
    "",
  ].join("\n");
}
