import { connectionCounts } from "./plan.ts";
import { comparisons, findCell, soakFailures, type GatewayReport } from "./report.ts";
import type { CellSummary } from "./summary.ts";
import { targets } from "./targets/table.ts";
import { workloadNames, workloads, type Workload } from "./workloads.ts";

const fixed = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : "–");
const megabytes = (bytes: number): string => fixed(bytes / 1e6, 0);

interface Column {
  readonly title: string;
  readonly text: (cell: CellSummary, direct: CellSummary | null) => string;
}

const always: readonly Column[] = [
  { title: "target", text: (cell) => targets[cell.target].title },
  {
    title: "calls/s (min–max)",
    text: ({ callsPerSecond: { median, min, max } }) => `${fixed(median, 0)} (${fixed(min, 0)}–${fixed(max, 0)})`,
  },
  { title: "P50 ms", text: (cell) => fixed(cell.latencyMs.p50, 2) },
  { title: "P99 ms", text: (cell) => fixed(cell.latencyMs.p99, 2) },
  { title: "added ms (P50)", text: (cell, direct) => (direct === null ? "–" : fixed(cell.latencyMs.p50 - direct.latencyMs.p50, 2)) },
  { title: "CPU µs/call (workerd)", text: cpuText },
  { title: "RSS MB (workerd)", text: memoryText },
  { title: "errors", text: errorsText },
];
// Paced streams take the pace's time: their number says how many were looked at, not how fast anything is.
const pacedColumns: readonly Column[] = [
  { title: "streams", text: (cell) => String(cell.calls) },
  { title: "lag P50 ms", text: (cell) => fixed(cell.lagMs?.p50 ?? Number.NaN, 2) },
  { title: "lag P99 ms", text: (cell) => fixed(cell.lagMs?.p99 ?? Number.NaN, 2) },
];
const columns = {
  plain: always,
  stream: always,
  paced: [...always.slice(0, 1), ...pacedColumns, ...always.slice(5)],
} as const satisfies Record<Workload, readonly Column[]>;

function cpuText(cell: CellSummary): string {
  if (cell.target === "direct") return "–";
  const { cpuMicrosecondsPerCall: all, workerdCpuMicrosecondsPerCall: workerd } = cell;
  return `${fixed(all.median, 0)}${workerd.median === 0 ? "" : ` (${fixed(workerd.median, 0)})`}`;
}

function memoryText(cell: CellSummary): string {
  if (cell.target === "direct") return "–";
  return `${megabytes(cell.rssBytesMax)}${cell.workerdRssBytesMax === 0 ? "" : ` (${megabytes(cell.workerdRssBytesMax)})`}`;
}

function errorsText(cell: CellSummary): string {
  const reasons = Object.entries(cell.errors).map(([reason, count]) => `${count} × ${reason}`);
  return reasons.length === 0 ? "0" : reasons.join("; ");
}

/** The figures of a run as Markdown tables, which read well in a terminal too. */
export function renderTables(report: GatewayReport): string {
  const measured = workloadNames.flatMap((workload) =>
    connectionCounts.flatMap((connections) => {
      const rows = report.cells.filter((cell) => cell.workload === workload && cell.connections === connections);
      if (rows.length === 0) return [];
      const direct = findCell(report.cells, "direct", { workload, connections });
      const texts = rows.map((row) => columns[workload].map((column) => column.text(row, direct)));
      return [
        `### ${workloads[workload].title}, ${connections} ${connections === 1 ? "connection" : "connections"}`,
        table(
          columns[workload].map(({ title }) => title),
          texts,
        ),
      ];
    }),
  );
  return [...renderComparisons(report), ...renderSoak(report), ...measured, ...renderFailures(report)].join("\n\n");
}

function renderComparisons(report: GatewayReport): string[] {
  const rows = comparisons(report.cells).map(({ title, connections, value, goal, reached }) => [
    title,
    String(connections),
    fixed(value, 2),
    goal,
    reached ? "yes" : "no",
  ]);
  return rows.length === 0 ? [] : ["### ratios", table(["figure", "connections", "value", "goal", "reached"], rows)];
}

function renderSoak({ soak }: GatewayReport): string[] {
  if (soak === null) return [];
  const verdict = soakFailures(soak);
  return [
    "### backlog",
    [
      `${fixed(soak.callsPerSecond, 0)} calls/s at ${soak.connections} connections for ${soak.seconds} s without pause.`,
      `Calls not yet rows in ClickHouse, at the end of each second: ${soak.backlogPerSecond.join(", ")}; none ${fixed(soak.drainedMs / 1000, 1)} s after the last call.`,
      `Over the whole run ${soak.calls} calls were answered and ${soak.callsFailed} failed, ${soak.rows} rows of ${soak.spans} different spans stored.`,
      verdict.length === 0 ? "The backlog did not grow, and each call is stored once." : `**Failed: ${verdict.join("; ")}.**`,
    ].join("\n"),
  ];
}

function renderFailures({ failures }: GatewayReport): string[] {
  return failures.length === 0
    ? []
    : ["### targets that failed", failures.map(({ target, reason }) => `- ${targets[target].title}: ${reason}`).join("\n")];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (texts: readonly string[]): string => `| ${texts.map((text, index) => text.padEnd(widths[index] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n");
}
