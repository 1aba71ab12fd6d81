import { viewerLocale } from "./locale.ts";

/** How long ago, in one unit: `now`, `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`. The future (clocks differ) is `now`. */
export function formatAgo(atMs: number, nowMs: number): string {
  const seconds = Math.floor((nowMs - atMs) / 1000);
  if (seconds < 2) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

const toTheSecond = {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
} as const;
const instant = new Intl.DateTimeFormat(viewerLocale, { ...toTheSecond, fractionalSecondDigits: 3 });
const second = new Intl.DateTimeFormat(viewerLocale, toTheSecond);

/** `Nov 24, 2026, 00:22:44.123`, as the reader writes it, in their own time zone. */
export function formatInstant(atMs: number): string {
  return instant.format(atMs);
}

/** The same to the second. */
export function formatSecond(atMs: number): string {
  return second.format(atMs);
}
