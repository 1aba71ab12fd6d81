import { viewerLocale } from "./locale.ts";

const grouped = new Intl.NumberFormat(viewerLocale);
const upToOne = new Intl.NumberFormat(viewerLocale, { maximumFractionDigits: 1 });
const one = new Intl.NumberFormat(viewerLocale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat(viewerLocale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Exact, thousands grouped; `null` → `–`. */
export function formatCount(count: number | null): string {
  return count === null ? "–" : grouped.format(count);
}

/** Milliseconds as a person reads them: `0.4 ms`, `123 ms`, `1.24 s`, `2 m 05 s`, `1 h 02 m`; `null` → `–`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms > 0 && ms < 9.95) return `${upToOne.format(ms)} ms`;
  if (ms < 999.5) return `${grouped.format(Math.round(ms))} ms`;
  if (ms < 9_995) return `${two.format(ms / 1000)} s`;
  if (ms < 59_950) return `${one.format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${twoDigits(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${grouped.format(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} m`;
}

/** Bytes in powers of 1024: `812 B`, `64 KB`, `1.5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${upToOne.format(bytes / 1024)} KB`;
  return `${upToOne.format(bytes / (1024 * 1024))} MB`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
