import type { ProjectId } from "../contracts/id.ts";
import type { Retention } from "../contracts/policy.ts";
import type { Score } from "../contracts/score.ts";
import type { Payload, Span } from "../contracts/span.ts";

const dayMs = 86_400_000;

/** How long objects of several projects (`raw/`, `dead/`, `lost/`) are kept where no project asks for less. */
export const mixedDaysMax = 30;

export interface ProjectRetention {
  readonly projectId: ProjectId;
  readonly retention: Retention;
}

/** What of a project is over, by when it began; epoch milliseconds. What began at the moment itself is kept. `null`: nothing is. */
export interface Expiry {
  readonly projectId: ProjectId;
  readonly payloadsBeforeMs: number | null;
  readonly spansBeforeMs: number | null;
}

/** Payloads go with their spans at the latest. */
export function expiryOf({ projectId, retention }: ProjectRetention, nowMs: number): Expiry {
  const { spanDays } = retention;
  const payloadDays = payloadDaysOf(retention);
  return {
    projectId,
    payloadsBeforeMs: payloadDays === null ? null : nowMs - payloadDays * dayMs,
    spansBeforeMs: spanDays === null ? null : nowMs - spanDays * dayMs,
  };
}

function payloadDaysOf({ payloadDays, spanDays }: Retention): number | null {
  return payloadDays ?? spanDays;
}

/** Before when a region's objects of several projects are over: by its strictest project. */
export function mixedBeforeMs(projects: readonly ProjectRetention[], nowMs: number): number {
  const days = projects.map(({ retention }) => payloadDaysOf(retention) ?? mixedDaysMax);
  return nowMs - Math.min(mixedDaysMax, ...days) * dayMs;
}

const expired: Payload = { kind: "omitted", reason: "expired" };

/**
 * What is kept of a span that comes late (again): all of it, all but what was said, or nothing (`null`). The same as
 * `adapters/clickhouse/expire-rows.ts` leaves of its row.
 */
export function keepOf(span: Span, { payloadsBeforeMs, spansBeforeMs }: Expiry): Span | null {
  if (spansBeforeMs !== null && span.startedAtMs < spansBeforeMs) return null;
  if (payloadsBeforeMs === null || span.startedAtMs >= payloadsBeforeMs) return span;
  return {
    ...span,
    input: span.input.kind === "omitted" ? span.input : expired,
    output: span.output.kind === "omitted" ? span.output : expired,
    parameters: {},
    error: span.error === null ? null : { ...span.error, message: "" },
    upstreamRequest: span.upstreamRequest === null ? null : { ...span.upstreamRequest, changedFields: {} },
  };
}

/** The same of a score, whose age counts from when it was judged. */
export function keepOfScore(score: Score, { payloadsBeforeMs, spansBeforeMs }: Expiry): Score | null {
  if (spansBeforeMs !== null && score.atMs < spansBeforeMs) return null;
  return payloadsBeforeMs === null || score.atMs >= payloadsBeforeMs ? score : { ...score, comment: "" };
}
