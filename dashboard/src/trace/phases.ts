import type { StoredSpan } from "#core/contracts/api/traces.ts";

export interface Phase {
  readonly name: "Gateway" | "First token" | "Stream" | "Answer";
  /** Milliseconds. */
  readonly ms: number;
}

type Timed = Pick<StoredSpan, "startedAtMs" | "endedAtMs" | "ttftMs" | "overheadMs" | "streamed" | "upstreamMs">;

/**
 * A call's time in parts that add up to it: what the gateway took, the wait for the first token, the rest of the stream;
 * of one that was not streamed the wait for the answer. Empty of a span that is no call.
 */
export function phasesOf({ startedAtMs, endedAtMs, ttftMs, overheadMs, streamed, upstreamMs }: Timed): readonly Phase[] {
  const totalMs = Math.max(0, endedAtMs - startedAtMs);
  if (ttftMs === null && overheadMs === 0 && upstreamMs === 0) return [];
  const gatewayMs = Math.min(totalMs, overheadMs);
  if (ttftMs === null || !streamed) {
    return [
      { name: "Gateway", ms: gatewayMs },
      { name: "Answer", ms: totalMs - gatewayMs },
    ];
  }
  const firstMs = Math.min(totalMs, Math.max(gatewayMs, ttftMs));
  return [
    { name: "Gateway", ms: gatewayMs },
    { name: "First token", ms: firstMs - gatewayMs },
    { name: "Stream", ms: totalMs - firstMs },
  ];
}
