import { markdownTable } from "../markdown-table.ts";
import { largePayload, largeSpans, scrolledPx, type DashboardReport } from "./run-dashboard.ts";

const goals = { firstPaintMs: 1_000, interactionMs: 100, scriptGzipBytes: 200 * 1024 } as const;

export function dashboardReached({ firstContentfulPaintMs, interactions, scriptGzipBytes }: DashboardReport): boolean {
  return (
    firstContentfulPaintMs.max < goals.firstPaintMs &&
    interactions.every(({ worstMs }) => worstMs < goals.interactionMs) &&
    scriptGzipBytes <= goals.scriptGzipBytes
  );
}

/** The section of `docs/benchmarks.md`. */
export function renderDashboard(report: DashboardReport): string {
  const { machine, loadAverageBefore, spans, scriptGzipBytes, firstContentfulPaintMs, figuresShownMs, interactions } = report;
  const { scroll, scrollLoaded, largeTrace, largePayload: payload } = report;
  const yes = (isReached: boolean) => (isReached ? "yes" : "no");
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const frames = ({ count, longMs }: { readonly count: number; readonly longMs: readonly number[] }) =>
    `${longMs.length} of ${count} frames longer than 50 ms${longMs.length === 0 ? "" : `, the longest ${ms(Math.max(...longMs))}`}`;
  const rows = [
    [
      "scripts of the overview, gzip",
      `${(scriptGzipBytes / 1024).toFixed(0)} KB`,
      "≤ 200 KB",
      yes(scriptGzipBytes <= goals.scriptGzipBytes),
    ],
    [
      "first contentful paint of the overview",
      `${ms(firstContentfulPaintMs.median)} (${ms(firstContentfulPaintMs.min)} – ${ms(firstContentfulPaintMs.max)})`,
      "< 1 s",
      yes(firstContentfulPaintMs.max < goals.firstPaintMs),
    ],
    ["its figures are shown", `${ms(figuresShownMs.median)} (${ms(figuresShownMs.min)} – ${ms(figuresShownMs.max)})`, "", ""],
    ...interactions.map(({ title, worstMs }) => [
      `to the next paint: ${title}`,
      worstMs <= 16 ? "≤ 16 ms" : ms(worstMs),
      "< 100 ms",
      yes(worstMs < goals.interactionMs),
    ]),
    [
      `the list scrolled through ${scroll.rows.toLocaleString("en-US")} traces while they come, in ${scroll.seconds} s`,
      frames(scroll),
      "",
      "",
    ],
    [`up again, ${scrolledPx.wheel} pixels a frame`, frames(scrollLoaded.wheel), "", ""],
    [`up again, ${scrolledPx.screens} pixels a frame`, frames(scrollLoaded.screens), "", ""],
    [`a trace of ${largeSpans.toLocaleString("en-US")} spans: first rows`, ms(largeTrace.firstRowsMs), "", ""],
    ["all of its spans", ms(largeTrace.wholeMs), "", ""],
    ["scrolled to its end, then as a graph", frames(largeTrace.scroll), "", ""],
    [`a call of ${(largePayload.inputBytes + largePayload.outputBytes) / 1e6} MB: its trace is open`, ms(payload.openedMs), "", ""],
    ["both payloads fetched and shown", ms(payload.shownMs), "", ""],
    ["meanwhile", frames(payload.scroll), "", ""],
  ];
  return [
    "## Dashboard",
    "",
    "Written by `npm run bench -- dashboard --write-docs`.",
    "",
    `Run on ${new Date(machine.atMs).toISOString().slice(0, 10)}, on ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node.slice(1)}; load average before it ${loadAverageBefore.toFixed(1)}.`,
    "",
    `**Method.** The whole local system with ${spans.toLocaleString("en-US")} spans of the seeded traffic of 30 days, and Chromium without a window at 1440 × 900 on the same machine. Paints: five fresh browsers over the range of 30 days, middle (least – greatest). Interactions: the browser's own Event Timing, from the input until the next frame, the worst of five rounds each. Scrolling: ${scrolledPx.screens} pixels a frame (all rows of a screen are others, at up to 90,000 pixels a second) until 100,000 rows have come or there are no more; up again for 15 s each, as fast as a wheel that is spun, and as before. The large call is ${largePayload.inputBytes / 1e6} MB of input and ${largePayload.outputBytes / 1e6} MB of answer, fetched by its two buttons; then its raw request is opened.`,
    "",
    markdownTable(["", "measured", "goal", "reached"], rows),
    "",
  ].join("\n");
}
