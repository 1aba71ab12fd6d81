import type { Span } from "../contracts/span.ts";

const dayMs = 86_400_000;
const oldestMs = 400 * dayMs;

/** Whole microseconds: what becomes part of a key must be the same after every way through. */
function canonicalMs(atMs: number): number {
  return Math.round(atMs * 1000) / 1000;
}

/**
 * The span as the stores take it, from the span and the time it was received alone, so that reading an
 * object again gives the same rows. A start outside [received − 400 days, received + 1 day] is moved to
 * the nearer end, and the span's metadata keeps what was sent; an end before its start becomes the start.
 */
export function enrich(span: Span, receivedAtMs: number): Span {
  const sentMs = canonicalMs(span.startedAtMs);
  const startedAtMs = canonicalMs(Math.min(Math.max(sentMs, receivedAtMs - oldestMs), receivedAtMs + dayMs));
  const shiftMs = startedAtMs - sentMs;
  const endedAtMs = Math.max(startedAtMs, canonicalMs(span.endedAtMs + shiftMs));
  const metadata = shiftMs === 0 ? span.metadata : { ...span.metadata, "evalforge.started_at_ms_sent": sentMs };
  return { ...span, startedAtMs, endedAtMs, metadata };
}
