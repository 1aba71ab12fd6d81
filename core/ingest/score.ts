import * as z from "zod";
import { spanIdSchema, traceIdSchema } from "../contracts/id.ts";
import { scoreIdSchema, scoreSourceSchema, type Score, type ScoreId } from "../contracts/score.ts";
import { spanSchemaVersion } from "../contracts/span.ts";
import { epochMsField, itemLimits, labelField, metadataField, nameField } from "./event-fields.ts";
import type { EventOrigin } from "./event-span.ts";

/** A score as clients send it: a trace, a name, and a value or a label are required. */
export const scoreEventSchema = z
  .strictObject({
    type: z.literal("score"),
    /** Where left out it follows from all else that is said here: the same score sent again is one. */
    scoreId: scoreIdSchema.optional(),
    traceId: traceIdSchema,
    /** The whole trace is judged, where left out. */
    spanId: spanIdSchema.nullable().default(null),
    sessionId: labelField,
    name: nameField,
    value: z.union([z.number(), z.boolean()]).optional(),
    label: labelField,
    comment: z.string().max(itemLimits.comment).default(""),
    source: scoreSourceSchema.default("code"),
    evaluatorId: labelField,
    evaluatorVersion: labelField,
    metadata: metadataField,
    /** When it was judged, in epoch milliseconds; when it is received, where left out. */
    atMs: epochMsField.optional(),
  })
  .refine(({ value, label }) => value !== undefined || label !== "", {
    path: ["value"],
    error: "must be a number, true or false, or there must be a `label`",
  })
  .refine(({ value, label }) => typeof value !== "boolean" || label === "", {
    path: ["label"],
    error: "must not stand beside true or false",
  });
export type ScoreEvent = z.output<typeof scoreEventSchema>;

/**
 * The text whose hash is the id of a score that has none of its own. All that was said is part of it, so that a retry is
 * the same score, and two people who judge differently are two.
 */
export function scoreIdSource(projectId: string, event: ScoreEvent): string {
  const metadata = Object.entries(event.metadata).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const { traceId, spanId, sessionId, name, value, label, comment, source, evaluatorId, evaluatorVersion, atMs } = event;
  return JSON.stringify([
    projectId,
    traceId,
    spanId,
    sessionId,
    name,
    value ?? null,
    label,
    comment,
    source,
    evaluatorId,
    evaluatorVersion,
    atMs ?? null,
    metadata,
  ]);
}

/** The score that one as sent stands for. */
export function toScore({ value, ...event }: ScoreEvent, origin: EventOrigin, scoreId: ScoreId, nowMs: number): Score {
  return {
    ...event,
    ...origin,
    record: "score",
    schemaVersion: spanSchemaVersion,
    scoreId: event.scoreId ?? scoreId,
    type: typeof value === "boolean" ? "boolean" : value === undefined ? "label" : "number",
    value: value === undefined ? null : Number(value),
    atMs: event.atMs ?? nowMs,
  };
}
