import { markdownTable } from "../markdown-table.ts";
import { loads, type StorageReport } from "./run-storage.ts";

const ratioMin = 10;
const columnsShown = 24;

const fixed = (value: number, digits = 0): string => value.toFixed(digits);

function ratioOf({ loaded, stored }: StorageReport): number {
  return loaded.rawBytes / loaded.spans / stored.bytesPerSpan;
}

/** Whether the traffic of a usual month comes to so little; the busy half hour stands beside it. */
export function storageReached(reports: readonly StorageReport[]): boolean {
  return reports.every((report) => report.load !== "month" || ratioOf(report) >= ratioMin);
}

/** The section of `docs/benchmarks.md`. */
export function renderStorage(reports: readonly StorageReport[]): string {
  const totals = reports.map((report) => {
    const { load, loaded, stored, otherTablesBytesPerSpan } = report;
    const raw = loaded.rawBytes / loaded.spans;
    return [
      loads[load].title,
      String(loaded.spans),
      fixed(raw),
      fixed(stored.bytesPerSpan),
      fixed(otherTablesBytesPerSpan),
      `${fixed(ratioOf(report), 1)} ×`,
      fixed(loaded.insertCpuMicrosecondsPerSpan),
    ];
  });
  return [
    "## Storage",
    "",
    "Written by `npm run bench -- storage --write-docs`.",
    "",
    "**Method.** The seeded traffic of `local/demo/` (no phrase is filler: what models say comes to 2.8 × under gzip) through the consumer's own mapping into a fresh embedded ClickHouse with the real migrations, 200 spans an insert, then merged whole. *Raw* is the JSON of the spans as they travel, in UTF-8; *stored* is all that `spans` has on disk: columns, marks and indexes; beside it the other tables that a span is written to. Once at seven spans a minute, where the turns of a conversation are neighbours, and once at 55 a second, where hundreds of others lie between them. The goal is 10 × at the first. Of the indexes nearly all is that of the search in texts (`0014_search_what_is_new.sql`); what was tried for the texts themselves stands below without it. Ordering by session is not done: a span's session may be told later than its start, and what is in the key may not change.",
    "",
    markdownTable(["traffic", "spans", "raw B/span", "stored B/span", "other tables B/span", "ratio", "insert CPU µs/span"], totals),
    "",
    ...reports.flatMap((report) => renderLoad(report)),
  ].join("\n");
}

function renderLoad({ load, loaded, stored, tried }: StorageReport): string[] {
  const raw = loaded.rawBytes / loaded.spans;
  const shown = stored.bytesPerSpanByColumn.slice(0, columnsShown);
  const rest = stored.bytesPerSpanByColumn.slice(columnsShown).reduce((sum, [, bytes]) => sum + bytes, 0);
  const columns = [
    ...shown,
    [`${stored.bytesPerSpanByColumn.length - shown.length} others`, rest] as const,
    ["(indexes)", stored.indexBytesPerSpan] as const,
    ["(marks)", stored.markBytesPerSpan] as const,
  ];
  return [
    `### by column: ${loads[load].title}`,
    "",
    markdownTable(
      ["column", "B/span"],
      columns.map(([name, bytes]) => [name, fixed(bytes, 1)]),
    ),
    "",
    `### what was tried, without the index of the search: ${loads[load].title}`,
    "",
    markdownTable(
      ["input and output text", "B/span", "of them text", "ratio", "write CPU µs/span", "merge CPU µs/span", "texts of a trace ms"],
      tried.map((variant) => [
        variant.title,
        fixed(variant.bytesPerSpan),
        fixed(variant.textBytesPerSpan),
        `${fixed(raw / variant.bytesPerSpan, 1)} ×`,
        fixed(variant.writeCpuMicrosecondsPerSpan),
        fixed(variant.mergeCpuMicrosecondsPerSpan),
        fixed(variant.readTraceMs, 1),
      ]),
    ),
    "",
  ];
}
