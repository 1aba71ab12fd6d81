import type { Span } from "../contracts/span.ts";

/** Whole microseconds: what becomes part of a key must be the same after every way through. */
function canonicalMs(atMs: number): number {
  return Math.round(atMs * 1000) / 1000;
}

/**
 * The span as the stores take it. It follows from the span alone, never from when that was received: a span that is
 * sent again must have the same key. An end before its start becomes the start.
 */
export function enrich(span: Span): Span {
  const startedAtMs = canonicalMs(span.startedAtMs);
  const endedAtMs = Math.max(startedAtMs, canonicalMs(span.endedAtMs));
  return startedAtMs === span.startedAtMs && endedAtMs === span.endedAtMs ? span : { ...span, startedAtMs, endedAtMs };
}
