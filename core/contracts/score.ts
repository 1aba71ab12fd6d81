import * as z from "zod";
import { keyIdSchema, organizationIdSchema, projectIdSchema, spanIdSchema, traceIdSchema } from "./id.ts";
import { regionSchema } from "./region.ts";
import { ingestProtocolSchema, metadataSchema, spanSchemaVersion } from "./span.ts";

/** One score of a project; a UUID. A score that is sent again under its id and trace replaces the one before. */
export const scoreIdSchema = z.uuid().brand<"ScoreId">();
export type ScoreId = z.infer<typeof scoreIdSchema>;

export function isScoreId(text: string): text is ScoreId {
  return scoreIdSchema.safeParse(text).success;
}

/** Who judged: a person who reviews, a model, a program, or the user of the application. */
export const scoreSourceSchema = z.enum(["human", "llm", "code", "user"]);

/** What `value` and `label` hold: a number and perhaps its label; a label alone; or 1 for true and 0 for false. */
export const scoreTypeSchema = z.enum(["number", "label", "boolean"]);

/**
 * A judgement of a trace or of one span in it. It travels beside spans; readers that are too old for it hold it back by
 * its `schemaVersion`, and fields that a reader does not know are passed over.
 */
export const scoreSchema = z.object({
  record: z.literal("score"),
  schemaVersion: z.literal(spanSchemaVersion),
  organizationId: organizationIdSchema,
  projectId: projectIdSchema,
  scoreId: scoreIdSchema,
  traceId: traceIdSchema,
  /** `null`: the whole trace is judged. */
  spanId: spanIdSchema.nullable(),
  sessionId: z.string(),
  name: z.string(),
  type: scoreTypeSchema,
  /** `null`: there is a label alone. */
  value: z.number().nullable(),
  /** Empty: none. */
  label: z.string(),
  comment: z.string(),
  source: scoreSourceSchema,
  evaluatorId: z.string(),
  evaluatorVersion: z.string(),
  metadata: metadataSchema,
  /** When it was judged; epoch milliseconds. */
  atMs: z.number(),
  homeRegion: regionSchema,
  servingRegion: regionSchema,
  ingestProtocol: ingestProtocolSchema,
  keyId: keyIdSchema.nullable(),
  /** The client's user agent. */
  client: z.string(),
});
export type Score = z.infer<typeof scoreSchema>;

/** Whether a record that was read is meant as a score, whatever else is wrong with it. */
export function isScoreRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && "record" in value && value.record === "score";
}
