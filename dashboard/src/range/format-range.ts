import { daysOnlyFromMs } from "../chart/scale.ts";
import { viewerLocale } from "../format/locale.ts";
import type { Bounds } from "./time-range.ts";

const hourMs = 3_600_000;
const time = new Intl.DateTimeFormat(viewerLocale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(viewerLocale, { day: "numeric", month: "short" });
const dayAndTime = new Intl.DateTimeFormat(viewerLocale, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const whole = new Intl.DateTimeFormat(viewerLocale, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** `28 Nov, 14:00 – 15:30`, in the reader's time zone. */
export function formatRange({ fromMs, toMs }: Bounds): string {
  return dayAndTime.formatRange(fromMs, toMs);
}

/** A moment on an axis as short as its range allows. */
export function formatTick(atMs: number, rangeMs: number): string {
  if (rangeMs <= 36 * hourMs) return time.format(atMs);
  return rangeMs <= daysOnlyFromMs ? dayAndTime.format(atMs) : day.format(atMs);
}

/** A moment with its day of the week: `Sat, 28 Nov, 14:00`. */
export function formatMoment(atMs: number): string {
  return whole.format(atMs);
}
