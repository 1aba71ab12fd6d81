import * as z from "zod";
import { storedScoreSchema, type StoredScore } from "#core/contracts/api/scores.ts";
import { metadataOf, moment, text } from "./span-row.ts";

/** The values of one row, in the order of `scoreColumnNames`. */
export type ScoreRow = readonly unknown[];

/** Every column of `scores` and what it holds. */
const scoreColumns = {
  schema_version: (score) => score.schemaVersion,
  organization_id: (score) => score.organizationId,
  project_id: (score) => score.projectId,
  score_id: (score) => score.scoreId,
  trace_id: (score) => score.traceId,
  span_id: (score) => score.spanId ?? "",
  session_id: (score) => text(score.sessionId),
  name: (score) => text(score.name),
  type: (score) => score.type,
  value: (score) => score.value,
  label: (score) => text(score.label),
  comment: (score) => text(score.comment),
  source: (score) => score.source,
  evaluator_id: (score) => text(score.evaluatorId),
  evaluator_version: (score) => text(score.evaluatorVersion),
  metadata_text: (score) => metadataOf(score, "string"),
  metadata_number: (score) => metadataOf(score, "number"),
  metadata_boolean: (score) => metadataOf(score, "boolean"),
  judged_at: (score) => moment(score.atMs),
  home_region: (score) => score.homeRegion,
  serving_region: (score) => score.servingRegion,
  ingest_protocol: (score) => score.ingestProtocol,
  key_id: (score) => score.keyId,
  client: (score) => text(score.client),
  batch_object: (score) => score.batchObject,
  received_at: (score) => moment(score.receivedAtMs),
  version: (score) => Math.round(score.receivedAtMs),
} as const satisfies Record<string, (score: StoredScore) => unknown>;

const [firstColumn, ...otherColumns] = Object.keys(scoreColumns);
if (firstColumn === undefined) throw new Error("the table of columns is empty");

export const scoreColumnNames: [string, ...string[]] = [firstColumn, ...otherColumns];

const columnValues = Object.values(scoreColumns);

/** A score as a row of `scores`. Times finer than a microsecond are rounded; half surrogate pairs become U+FFFD. */
export function toScoreRow(score: StoredScore): ScoreRow {
  return columnValues.map((valueOf) => valueOf(score));
}

/** Epoch microseconds, as `toUnixTimestamp64Micro` gives them. */
const microseconds = z.int();

/** A row as it is read, named by column. `version` says nothing that `received_at` does not. */
export const scoreRowSchema = z
  .strictObject({
    schema_version: z.int(),
    organization_id: z.string(),
    project_id: z.string(),
    score_id: z.string(),
    trace_id: z.string(),
    span_id: z.string(),
    session_id: z.string(),
    name: z.string(),
    type: z.string(),
    value: z.number().nullable(),
    label: z.string(),
    comment: z.string(),
    source: z.string(),
    evaluator_id: z.string(),
    evaluator_version: z.string(),
    metadata_text: z.record(z.string(), z.string()),
    metadata_number: z.record(z.string(), z.number()),
    metadata_boolean: z.record(z.string(), z.boolean()),
    judged_at: microseconds,
    home_region: z.string(),
    serving_region: z.string(),
    ingest_protocol: z.string(),
    key_id: z.string().nullable(),
    client: z.string(),
    batch_object: z.string(),
    received_at: microseconds,
  } satisfies Record<Exclude<keyof typeof scoreColumns, "version">, z.ZodType>)
  .transform((row) => ({
    schemaVersion: row.schema_version,
    organizationId: row.organization_id,
    projectId: row.project_id,
    scoreId: row.score_id,
    traceId: row.trace_id,
    spanId: row.span_id === "" ? null : row.span_id,
    sessionId: row.session_id,
    name: row.name,
    type: row.type,
    value: row.value,
    label: row.label,
    comment: row.comment,
    source: row.source,
    evaluatorId: row.evaluator_id,
    evaluatorVersion: row.evaluator_version,
    metadata: { ...row.metadata_text, ...row.metadata_number, ...row.metadata_boolean },
    atMs: row.judged_at / 1000,
    homeRegion: row.home_region,
    servingRegion: row.serving_region,
    ingestProtocol: row.ingest_protocol,
    keyId: row.key_id,
    client: row.client,
    batchObject: row.batch_object,
    receivedAtMs: row.received_at / 1000,
  }))
  .pipe(storedScoreSchema);

/** What to select for `scoreRowSchema`. */
export const scoreSelection = Object.keys(scoreRowSchema.in.in.shape)
  .map((name) => (name.endsWith("_at") ? `toUnixTimestamp64Micro(${name}) AS ${name}` : name))
  .join(", ");
