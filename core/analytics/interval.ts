import * as z from "zod";

const secondsOf = { minute: 60, fiveMinutes: 300, hour: 3_600, day: 86_400 } as const;

export type Interval = keyof typeof secondsOf;

const intervals = ["minute", "fiveMinutes", "hour", "day"] as const satisfies readonly Interval[];

/** `auto`: the shortest with at most 300 points. `none`: totals without a course over time. */
export const intervalSchema = z.enum(["auto", "none", ...intervals]);

/** More points than that are refused; a shorter range or a longer interval has fewer. */
export const pointsMax = 1_500;
const autoPointsMax = 300;

/** An IANA name, such as `Europe/Berlin`. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine((name) => isTimeZone(name), "must be the name of a time zone, such as Europe/Berlin");

function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** When the points of a course begin, epoch seconds, rising; the first at or before the range's start. */
export type Points =
  | { readonly kind: "points"; readonly interval: Interval | null; readonly startsAtS: readonly number[] }
  | { readonly kind: "too-many" };

/**
 * The points of a range [fromMs, toMs). Hours and days begin as the clocks of the time zone say, so a day there may
 * have 23 or 25 hours.
 */
export function pointsOf(
  range: { readonly fromMs: number; readonly toMs: number },
  asked: z.infer<typeof intervalSchema>,
  timeZone: string,
): Points {
  if (asked === "none") return { kind: "points", interval: null, startsAtS: [] };
  const lengthS = (range.toMs - range.fromMs) / 1000;
  const interval = asked === "auto" ? (intervals.find((each) => lengthS / secondsOf[each] <= autoPointsMax) ?? "day") : asked;
  if (lengthS / secondsOf[interval] > pointsMax) return { kind: "too-many" };
  const offsets = createOffsets(timeZone);
  const startsAtS: number[] = [];
  let atS = startOf(Math.floor(range.fromMs / 1000), interval, offsets);
  while (atS * 1000 < range.toMs) {
    startsAtS.push(atS);
    atS = nextAfter(atS, interval, offsets);
  }
  return { kind: "points", interval, startsAtS };
}

/** Seconds that a zone's clocks are ahead of UTC at a moment. */
type Offsets = (atS: number) => number;

function startOf(atS: number, interval: Interval, offsets: Offsets): number {
  const offsetS = offsets(atS);
  const lengthS = secondsOf[interval];
  const startS = Math.floor((atS + offsetS) / lengthS) * lengthS - offsetS;
  // Clocks were changed between the start of the day and this moment.
  return startS + (offsetS - offsets(startS));
}

function nextAfter(atS: number, interval: Interval, offsets: Offsets): number {
  const lengthS = secondsOf[interval];
  if (interval !== "day") return atS + lengthS;
  // A day has at most 25 hours: this moment lies in the next one.
  const nextS = startOf(atS + lengthS + 2 * 3_600, interval, offsets);
  return nextS > atS ? nextS : atS + lengthS;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  formatters.set(timeZone, made);
  return made;
}

function createOffsets(timeZone: string): Offsets {
  if (timeZone === "UTC") return () => 0;
  const formatter = formatterOf(timeZone);
  return (atS) => {
    const name = formatter.formatToParts(atS * 1000).find((part) => part.type === "timeZoneName")?.value ?? "";
    const [, sign = "+", hours = "0", minutes = "0", seconds = "0"] = /^GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(name) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds));
  };
}
