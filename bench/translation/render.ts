import type { TranslationCell } from "./run-translation.ts";

const microsecondsPerKbMax = 30;
const tenfoldMax = 12;

export function reached({ microsecondsPerKb, tenfold }: TranslationCell): boolean {
  return Object.values(microsecondsPerKb).every((value) => value <= microsecondsPerKbMax) && tenfold <= tenfoldMax;
}

/** The section of `docs/benchmarks.md`. */
export function renderTranslation(cells: readonly TranslationCell[]): string {
  const rows = cells.map((cell) => {
    const { kind, from, to, microsecondsPerKb, tenfold } = cell;
    const figures = [...Object.values(microsecondsPerKb), tenfold].map((value) => value.toFixed(1));
    return `| ${[kind, `${from} → ${to}`, ...figures, reached(cell) ? "yes" : "no"].join(" | ")} |`;
  });
  return [
    "## Translation",
    "",
    "Written by `npm run bench -- translation --write-docs`.",
    "",
    `**Method.** One thread of Node on the code of the gateway. Requests are chats of turns of about 300 characters with tools, answers one text, streams pieces of a word or two; each as its dialect writes it. Measured is what a call in its own dialect does not do: reading into the middle, writing, and making JSON of it; of a stream also the reading of its events. CPU time of all threads, garbage collection included, the median of 7 rounds of ten times 1 MB and once 10 MB. The goal: at most ${microsecondsPerKbMax} µs a KB, and 10 MB at most ${tenfoldMax} times 1 MB.`,
    "",
    "| what | from → to | µs/KB at 1 MB | µs/KB at 10 MB | 10 MB ÷ 1 MB | reached |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
