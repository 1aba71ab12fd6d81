import { formatAgo, formatInstant } from "../format/time.ts";

/** How long ago something was; the exact moment on hover. */
export function Instant({ atMs, nowMs }: { readonly atMs: number; readonly nowMs: number }) {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatInstant(atMs)}>
      {formatAgo(atMs, nowMs)}
    </time>
  );
}
