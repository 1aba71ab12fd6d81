import * as z from "zod";
import { storedScoreSchema, type StoredScore } from "#core/contracts/api/scores.ts";
import { metadataColumns } from "./metadata-columns.ts";
import { columnOf, type Column } from "./native/column.ts";

/** Every column of `scores` and what it holds. */
export const scoreColumns = {
  schema_version: columnOf.uint16((score) => score.schemaVersion),
  organization_id: columnOf.uuid((score) => score.organizationId),
  project_id: columnOf.uuid((score) => score.projectId),
  score_id: columnOf.uuid((score) => score.scoreId),
  trace_id: columnOf.text((score) => score.traceId),
  span_id: columnOf.text((score) => score.spanId ?? ""),
  session_id: columnOf.text((score) => score.sessionId),
  name: columnOf.text((score) => score.name),
  type: columnOf.text((score) => score.type),
  value: columnOf.nullableFloat64((score) => score.value),
  label: columnOf.text((score) => score.label),
  comment: columnOf.text((score) => score.comment),
  source: columnOf.text((score) => score.source),
  evaluator_id: columnOf.text((score) => score.evaluatorId),
  evaluator_version: columnOf.text((score) => score.evaluatorVersion),
  ...metadataColumns,
  judged_at: columnOf.moment((score) => score.atMs),
  home_region: columnOf.text((score) => score.homeRegion),
  serving_region: columnOf.text((score) => score.servingRegion),
  ingest_protocol: columnOf.text((score) => score.ingestProtocol),
  key_id: columnOf.nullableText((score) => score.keyId),
  client: columnOf.text((score) => score.client),
  batch_object: columnOf.text((score) => score.batchObject),
  received_at: columnOf.moment((score) => score.receivedAtMs),
  version: columnOf.uint64((score) => Math.round(score.receivedAtMs)),
} as const satisfies Record<string, Column<StoredScore>>;

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
