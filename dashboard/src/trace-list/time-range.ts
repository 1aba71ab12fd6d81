const minuteMs = 60_000;

/** How far back the list goes. */
export const timeRanges = {
  "15m": { label: "15 min", lengthMs: 15 * minuteMs },
  "1h": { label: "1 h", lengthMs: 60 * minuteMs },
  "24h": { label: "24 h", lengthMs: 24 * 60 * minuteMs },
  "7d": { label: "7 d", lengthMs: 7 * 24 * 60 * minuteMs },
} as const satisfies Record<string, { label: string; lengthMs: number }>;
export type TimeRange = keyof typeof timeRanges;

export const timeRangeNames: readonly TimeRange[] = ["15m", "1h", "24h", "7d"];

/** Start of the range, on a whole step of ten seconds: queries of one moment are the same query. */
export function rangeStartMs(range: TimeRange, nowMs: number): number {
  return Math.floor((nowMs - timeRanges[range].lengthMs) / 10_000) * 10_000;
}
