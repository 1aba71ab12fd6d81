/** Colours of series in the order of their use; the last is for all others together. */
export const seriesColors = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `var(--series-${number})`);
export const restColor = "var(--series-rest)";

export function seriesColor(at: number): string {
  return seriesColors[at] ?? restColor;
}
