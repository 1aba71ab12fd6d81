const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Ranges that end now. `stepMs`: their start moves by whole steps, so that queries of one moment are the same query. */
export const relativeRanges = {
  "15m": { label: "15 minutes", short: "15 min", lengthMs: 15 * minuteMs, stepMs: 10_000 },
  "1h": { label: "1 hour", short: "1 h", lengthMs: hourMs, stepMs: 10_000 },
  "6h": { label: "6 hours", short: "6 h", lengthMs: 6 * hourMs, stepMs: 30_000 },
  "24h": { label: "24 hours", short: "24 h", lengthMs: dayMs, stepMs: minuteMs },
  "7d": { label: "7 days", short: "7 d", lengthMs: 7 * dayMs, stepMs: 5 * minuteMs },
  "30d": { label: "30 days", short: "30 d", lengthMs: 30 * dayMs, stepMs: 5 * minuteMs },
} as const satisfies Record<string, { label: string; short: string; lengthMs: number; stepMs: number }>;
export type RelativeName = keyof typeof relativeRanges;
export const relativeNames: readonly RelativeName[] = ["15m", "1h", "6h", "24h", "7d", "30d"];

/** A range as the reader chose it: up to now, or between two moments in epoch milliseconds. */
export type TimeRange =
  | { readonly kind: "relative"; readonly name: RelativeName }
  | { readonly kind: "absolute"; readonly fromMs: number; readonly toMs: number };

export interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
}

export const usualRange: TimeRange = { kind: "relative", name: "24h" };

/** `range=7d` or `range=<from>-<to>` of a query; what is neither is the usual range. */
export function parseRange(search: string): TimeRange {
  const text = new URLSearchParams(search).get("range") ?? "";
  const name = relativeNames.find((each) => each === text);
  if (name !== undefined) return { kind: "relative", name };
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  const [fromMs, toMs] = [Number(match?.[1]), Number(match?.[2])];
  return match !== null && fromMs < toMs ? { kind: "absolute", fromMs, toMs } : usualRange;
}

export function writeRange(range: TimeRange): string {
  return range.kind === "relative" ? range.name : `${Math.floor(range.fromMs)}-${Math.ceil(range.toMs)}`;
}

/** How often a range moves on; `null`: it stands still. */
export function stepOf(range: TimeRange): number | null {
  return range.kind === "relative" ? relativeRanges[range.name].stepMs : null;
}

/** Both ends, the last one so far in the future that what has just come is in it. */
export function boundsOf(range: TimeRange, nowMs: number): Bounds {
  if (range.kind === "absolute") return { fromMs: range.fromMs, toMs: range.toMs };
  const { lengthMs, stepMs } = relativeRanges[range.name];
  const toMs = Math.ceil(nowMs / stepMs) * stepMs;
  return { fromMs: toMs - lengthMs, toMs };
}
