/** Round numbers from 0 to at least `max`, about `count` of them: 1, 2, 2.5 or 5 times a power of ten apart. */
export function roundTicks(max: number, count: number): readonly number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10) * power;
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, at) => at * step);
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const timeSteps = [1, 5, 10, 15, 30]
  .map((minutes) => minutes * minuteMs)
  .concat([1, 2, 3, 6, 12].map((hours) => hours * hourMs))
  .concat([1, 2, 3, 7, 14].map((days) => days * dayMs));

/** From so long a range on only days are said, so that ticks within a day would look alike. */
export const daysOnlyFromMs = 4 * dayMs;

/** Moments, about `count` at most, in [fromMs, toMs] at which clocks of the reader show something round. */
export function timeTicks(fromMs: number, toMs: number, count: number): readonly number[] {
  const leastMs = toMs - fromMs > daysOnlyFromMs ? dayMs : 0;
  const step = timeSteps.find((each) => each >= leastMs && (toMs - fromMs) / each <= count) ?? 30 * dayMs;
  const offsetMs = new Date(fromMs).getTimezoneOffset() * minuteMs;
  const first = Math.ceil((fromMs - offsetMs) / step) * step + offsetMs;
  const ticks: number[] = [];
  for (let atMs = first; atMs <= toMs; atMs += step) ticks.push(atMs);
  return ticks;
}

/** Values on top of one another: for every series the pairs [from, to] of each point. */
export function stack(series: readonly (readonly (number | null)[])[]): readonly (readonly (readonly [number, number])[])[] {
  const tops: number[] = [];
  return series.map((values) =>
    values.map((value, at) => {
      const from = tops[at] ?? 0;
      const to = from + Math.max(0, value ?? 0);
      tops[at] = to;
      return [from, to] as const;
    }),
  );
}
