import * as z from "zod";
import { momentEventSchema, spanEventSchema } from "./event-span.ts";
import { scoreEventSchema } from "./score.ts";

/** One item of a batch of `POST /v1/events`: a span where it does not say what else it is. */
export const eventSchema = z.discriminatedUnion("type", [spanEventSchema, momentEventSchema, scoreEventSchema]);
export type ClientEvent = z.output<typeof eventSchema>;

/** What is wrong with an item, and with which of its fields; `null`: with all of it. */
export interface Problem {
  readonly field: string | null;
  readonly reason: string;
}

const dayMs = 86_400_000;
const pastDaysMax = 400;
const aheadDaysMax = 1;

/**
 * What is wrong with one of an item's times at the moment in which it comes in; `null`: nothing. The stores keep a month
 * together, so times far off would make a hundred small parts of one batch.
 */
export function timeProblem(atMs: number, nowMs: number): string | null {
  if (atMs < nowMs - pastDaysMax * dayMs) return `must not be more than ${pastDaysMax} days ago`;
  return atMs > nowMs + aheadDaysMax * dayMs ? `must not be more than ${aheadDaysMax} day ahead` : null;
}

const times = ["startedAtMs", "endedAtMs", "atMs"] as const;

/** The first of an item's times that is too far off. An end is only ever too late: what ran for long began in time. */
export function timesProblem(sent: Partial<Record<(typeof times)[number], number | undefined>>, nowMs: number): Problem | null {
  for (const field of times) {
    const atMs = sent[field];
    const reason = atMs === undefined ? null : timeProblem(field === "endedAtMs" ? Math.max(atMs, nowMs) : atMs, nowMs);
    if (reason !== null) return { field, reason };
  }
  return null;
}
