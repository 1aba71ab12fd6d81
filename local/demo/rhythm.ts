const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How busy each hour of a working day is (UTC): people of two continents, little at night. */
const hours = [22, 16, 13, 12, 14, 20, 34, 56, 82, 96, 100, 94, 86, 97, 100, 98, 92, 84, 74, 66, 58, 48, 38, 29] as const;
const weekend = 0.42;
/** Traffic grows by so much a week. */
const growthAWeek = 0.04;

function busyness(atMs: number, sinceMs: number): number {
  const date = new Date(atMs);
  const hour = date.getUTCHours();
  const into = (atMs % hourMs) / hourMs;
  const between = (hours[hour] ?? 0) * (1 - into) + (hours[(hour + 1) % 24] ?? 0) * into;
  const day = date.getUTCDay();
  return between * (day === 0 || day === 6 ? weekend : 1) * (1 + growthAWeek) ** (sinceMs / (7 * 24 * hourMs));
}

/** When the given part (0 to 1) of all that happens between two moments has happened. */
export function rhythm(fromMs: number, toMs: number): (part: number) => number {
  const stepMs = Math.min(hourMs / 4, Math.max(minuteMs / 10, (toMs - fromMs) / 500));
  const sums = [0];
  for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
    const lengthMs = Math.min(stepMs, toMs - atMs);
    sums.push((sums.at(-1) ?? 0) + busyness(atMs + lengthMs / 2, atMs - fromMs) * lengthMs);
  }
  const total = sums.at(-1) ?? 0;
  return (part) => {
    const wanted = Math.min(1, Math.max(0, part)) * total;
    let low = 0;
    let high = sums.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) <= wanted) low = middle;
      else high = middle;
    }
    const before = sums[low] ?? 0;
    const within = (wanted - before) / ((sums[high] ?? 0) - before || 1);
    return Math.min(toMs, fromMs + (low + within) * stepMs);
  };
}
