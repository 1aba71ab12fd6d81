const grouped = new Intl.NumberFormat("en-US");

/** Exact, thousands grouped; `null` → `–`. */
export function formatCount(count: number | null): string {
  return count === null ? "–" : grouped.format(count);
}

/** Milliseconds as a person reads them: `0.4 ms`, `123 ms`, `1.24 s`, `2 m 05 s`, `1 h 02 m`; `null` → `–`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms > 0 && ms < 9.95) return `${trimmed(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${twoDigits(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${grouped.format(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} m`;
}

/** Bytes in powers of 1024: `812 B`, `64 KB`, `1.5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${trimmed(bytes / 1024, 1)} KB`;
  return `${trimmed(bytes / (1024 * 1024), 1)} MB`;
}

function trimmed(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
