import * as z from "zod";
import { storedSpanSchema, type StoredSpan } from "#core/contracts/api/traces.ts";
import type { SpanColumn } from "./span-row.ts";

const nullableInteger = z.int().nullable();
const texts = z.array(z.string());

/** Epoch microseconds, as `toUnixTimestamp64Micro` gives them. */
const microseconds = z.int();

/** A row as it is read, named by column. `version` says nothing that `received_at` does not. */
export const spanRowSchema = z.strictObject({
  schema_version: z.int(),
  organization_id: z.string(),
  project_id: z.string(),
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string(),
  kind: z.string(),
  name: z.string(),
  started_at: microseconds,
  ended_at: microseconds,
  status: z.string(),
  error_code: z.string().nullable(),
  error_message: z.string(),
  error_upstream_status: nullableInteger,
  home_region: z.string(),
  serving_region: z.string(),
  environment: z.string(),
  release: z.string(),
  user_id: z.string(),
  session_id: z.string(),
  tags: texts,
  metadata_text: z.record(z.string(), z.string()),
  metadata_number: z.record(z.string(), z.number()),
  metadata_boolean: z.record(z.string(), z.boolean()),
  provider: z.string(),
  model_requested: z.string(),
  model_served: z.string(),
  simulated: z.boolean(),
  streamed: z.boolean(),
  parameters: z.string(),
  finish_reason: z.string().nullable(),
  finish_reason_raw: z.string(),
  tool_names: texts,
  input_tokens: nullableInteger,
  input_cached_tokens: nullableInteger,
  cache_write_tokens: nullableInteger,
  cache_write_hour_tokens: nullableInteger,
  input_audio_tokens: nullableInteger,
  input_image_tokens: nullableInteger,
  output_tokens: nullableInteger,
  reasoning_tokens: nullableInteger,
  output_audio_tokens: nullableInteger,
  usage_raw: z.string(),
  cost_input_nano_usd: nullableInteger,
  cost_input_cached_nano_usd: nullableInteger,
  cost_cache_write_nano_usd: nullableInteger,
  cost_cache_write_hour_nano_usd: nullableInteger,
  cost_input_audio_nano_usd: nullableInteger,
  cost_input_image_nano_usd: nullableInteger,
  cost_output_nano_usd: nullableInteger,
  cost_reasoning_nano_usd: nullableInteger,
  cost_output_audio_nano_usd: nullableInteger,
  cost_nano_usd: nullableInteger,
  cost_source: z.string(),
  price_version: z.string(),
  ttft_ms: z.number().nullable(),
  upstream_ms: z.number(),
  overhead_ms: z.number(),
  http_status: z.int(),
  input_kind: z.string(),
  input_media_type: z.string(),
  input_text: z.string(),
  input_preview: z.string(),
  input_sha256: z.string(),
  input_bytes: z.int(),
  input_omitted_reason: z.string(),
  output_kind: z.string(),
  output_media_type: z.string(),
  output_text: z.string(),
  output_preview: z.string(),
  output_sha256: z.string(),
  output_bytes: z.int(),
  output_omitted_reason: z.string(),
  upstream_request_url: z.string().nullable(),
  upstream_request_changed_fields: z.record(z.string(), z.string()),
  hold_ids: texts,
  prompt_id: z.string(),
  prompt_version: z.string(),
  prompt_label: z.string(),
  experiment_id: z.string(),
  experiment_arm: z.string(),
  dataset_item_id: z.string(),
  ingest_protocol: z.string(),
  api: z.string(),
  key_id: z.string().nullable(),
  client: z.string(),
  batch_object: z.string(),
  received_at: microseconds,
} satisfies Record<Exclude<SpanColumn, "version">, z.ZodType>);
type SpanRowRead = z.infer<typeof spanRowSchema>;

const momentColumns: ReadonlySet<string> = new Set(["started_at", "ended_at", "received_at"]);

/** What to select for `spanRowSchema`. */
export const spanSelection = Object.keys(spanRowSchema.shape)
  .map((name) => (momentColumns.has(name) ? `toUnixTimestamp64Micro(${name}) AS ${name}` : name))
  .join(", ");

/** The span of a row. Throws where a row does not hold one: then a writer, not a caller, is at fault. */
export function spanFromRow(row: SpanRowRead): StoredSpan {
  const parameters: unknown = JSON.parse(row.parameters);
  return storedSpanSchema.parse({
    schemaVersion: row.schema_version,
    organizationId: row.organization_id,
    projectId: row.project_id,
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id === "" ? null : row.parent_span_id,
    kind: row.kind,
    name: row.name,
    startedAtMs: row.started_at / 1000,
    endedAtMs: row.ended_at / 1000,
    status: row.status,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message, upstreamStatus: row.error_upstream_status },
    homeRegion: row.home_region,
    servingRegion: row.serving_region,
    environment: row.environment,
    release: row.release,
    userId: row.user_id,
    sessionId: row.session_id,
    tags: row.tags,
    metadata: { ...row.metadata_text, ...row.metadata_number, ...row.metadata_boolean },
    provider: row.provider,
    modelRequested: row.model_requested,
    modelServed: row.model_served,
    simulated: row.simulated,
    streamed: row.streamed,
    parameters,
    finishReason: row.finish_reason === null ? null : { unified: row.finish_reason, raw: row.finish_reason_raw },
    toolNames: row.tool_names,
    usage: row.input_tokens === null ? null : usageFromRow(row),
    usageRaw: row.usage_raw,
    cost: row.cost_nano_usd === null ? null : costFromRow(row),
    ttftMs: row.ttft_ms,
    upstreamMs: row.upstream_ms,
    overheadMs: row.overhead_ms,
    httpStatus: row.http_status,
    input: payloadFromRow(row, "input"),
    output: payloadFromRow(row, "output"),
    upstreamRequest:
      row.upstream_request_url === null ? null : { url: row.upstream_request_url, changedFields: row.upstream_request_changed_fields },
    holdIds: row.hold_ids,
    promptId: row.prompt_id,
    promptVersion: row.prompt_version,
    promptLabel: row.prompt_label,
    experimentId: row.experiment_id,
    experimentArm: row.experiment_arm,
    datasetItemId: row.dataset_item_id,
    ingestProtocol: row.ingest_protocol,
    api: row.api,
    keyId: row.key_id,
    client: row.client,
    batchObject: row.batch_object,
    receivedAtMs: row.received_at / 1000,
  });
}

function usageFromRow(row: SpanRowRead): Record<string, number | null> {
  return {
    inputTokens: row.input_tokens,
    inputCachedTokens: row.input_cached_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    cacheWriteHourTokens: row.cache_write_hour_tokens,
    inputAudioTokens: row.input_audio_tokens,
    inputImageTokens: row.input_image_tokens,
    outputTokens: row.output_tokens,
    reasoningTokens: row.reasoning_tokens,
    outputAudioTokens: row.output_audio_tokens,
  };
}

function costFromRow(row: SpanRowRead): Record<string, unknown> {
  return {
    source: row.cost_source,
    priceVersion: row.price_version,
    buckets: {
      inputTokens: row.cost_input_nano_usd,
      inputCachedTokens: row.cost_input_cached_nano_usd,
      cacheWriteTokens: row.cost_cache_write_nano_usd,
      cacheWriteHourTokens: row.cost_cache_write_hour_nano_usd,
      inputAudioTokens: row.cost_input_audio_nano_usd,
      inputImageTokens: row.cost_input_image_nano_usd,
      outputTokens: row.cost_output_nano_usd,
      reasoningTokens: row.cost_reasoning_nano_usd,
      outputAudioTokens: row.cost_output_audio_nano_usd,
    },
    totalNanoUsd: row.cost_nano_usd,
  };
}

function payloadFromRow(row: SpanRowRead, side: "input" | "output"): Record<string, unknown> {
  const kind = row[`${side}_kind`];
  const mediaType = row[`${side}_media_type`];
  if (kind === "inline") return { kind, mediaType, text: row[`${side}_text`] };
  if (kind === "omitted") return { kind, reason: row[`${side}_omitted_reason`] };
  return { kind, mediaType, sha256: row[`${side}_sha256`], bytes: row[`${side}_bytes`], preview: row[`${side}_preview`] };
}
