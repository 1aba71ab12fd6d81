import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { Payload } from "#core/contracts/span.ts";
import { previewOf } from "#core/ingest/preview.ts";
import { metadataColumns } from "./metadata-columns.ts";
import { alwaysWritten, columnOf, type Column } from "./native/column.ts";

const payloadColumns = {
  mediaType: (payload: Payload) => (payload.kind === "omitted" ? "" : payload.mediaType),
  text: (payload: Payload) => (payload.kind === "inline" ? payload.text : ""),
  preview: (payload: Payload) => {
    if (payload.kind === "inline") return previewOf(payload);
    return payload.kind === "reference" ? payload.preview : "";
  },
  sha256: (payload: Payload) => (payload.kind === "reference" ? payload.sha256 : ""),
  bytes: (payload: Payload) => (payload.kind === "reference" ? payload.bytes : 0),
  omittedReason: (payload: Payload) => (payload.kind === "omitted" ? payload.reason : ""),
} as const;

/** Every column and what it holds of a span. */
export const spanColumns = {
  schema_version: columnOf.uint16((span) => span.schemaVersion),
  organization_id: columnOf.uuid((span) => span.organizationId),
  project_id: columnOf.uuid((span) => span.projectId),
  trace_id: columnOf.text((span) => span.traceId),
  span_id: columnOf.text((span) => span.spanId),
  parent_span_id: columnOf.text((span) => span.parentSpanId ?? ""),
  kind: columnOf.text((span) => span.kind),
  name: columnOf.text((span) => span.name),
  started_at: columnOf.moment((span) => span.startedAtMs),
  ended_at: columnOf.moment((span) => span.endedAtMs),
  status: columnOf.text((span) => span.status),
  error_code: columnOf.nullableText((span) => (span.error === null ? null : span.error.code)),
  error_message: columnOf.text((span) => span.error?.message ?? ""),
  error_upstream_status: columnOf.nullableInt64((span) => span.error?.upstreamStatus ?? null),

  home_region: columnOf.text((span) => span.homeRegion),
  serving_region: columnOf.text((span) => span.servingRegion),
  environment: columnOf.text((span) => span.environment),
  release: columnOf.text((span) => span.release),
  user_id: columnOf.text((span) => span.userId),
  session_id: columnOf.text((span) => span.sessionId),
  tags: columnOf.texts((span) => span.tags),
  ...metadataColumns,

  provider: columnOf.text((span) => span.provider),
  model_requested: columnOf.text((span) => span.modelRequested),
  model_served: columnOf.text((span) => span.modelServed),
  simulated: columnOf.bool((span) => span.simulated),
  streamed: columnOf.bool((span) => span.streamed),
  // Written as JSON inside JSON: half a pair is already an escape of six plain characters there.
  parameters: columnOf.text((span) => JSON.stringify(span.parameters)),
  finish_reason: columnOf.nullableText((span) => (span.finishReason === null ? null : span.finishReason.unified)),
  finish_reason_raw: columnOf.text((span) => span.finishReason?.raw ?? ""),
  tool_names: columnOf.texts((span) => span.toolNames),

  input_tokens: columnOf.nullableInt64((span) => span.usage?.inputTokens ?? null),
  input_cached_tokens: columnOf.nullableInt64((span) => span.usage?.inputCachedTokens ?? null),
  cache_write_tokens: columnOf.nullableInt64((span) => span.usage?.cacheWriteTokens ?? null),
  cache_write_hour_tokens: alwaysWritten(columnOf.nullableInt64((span) => span.usage?.cacheWriteHourTokens ?? null)),
  input_audio_tokens: columnOf.nullableInt64((span) => span.usage?.inputAudioTokens ?? null),
  input_image_tokens: columnOf.nullableInt64((span) => span.usage?.inputImageTokens ?? null),
  output_tokens: columnOf.nullableInt64((span) => span.usage?.outputTokens ?? null),
  reasoning_tokens: columnOf.nullableInt64((span) => span.usage?.reasoningTokens ?? null),
  output_audio_tokens: columnOf.nullableInt64((span) => span.usage?.outputAudioTokens ?? null),
  usage_raw: columnOf.text((span) => span.usageRaw),

  cost_input_nano_usd: columnOf.nullableInt64((span) => span.cost?.buckets.inputTokens ?? null),
  cost_input_cached_nano_usd: columnOf.nullableInt64((span) => span.cost?.buckets.inputCachedTokens ?? null),
  cost_cache_write_nano_usd: columnOf.nullableInt64((span) => span.cost?.buckets.cacheWriteTokens ?? null),
  cost_cache_write_hour_nano_usd: alwaysWritten(columnOf.nullableInt64((span) => span.cost?.buckets.cacheWriteHourTokens ?? null)),
  cost_input_audio_nano_usd: columnOf.nullableInt64((span) => span.cost?.buckets.inputAudioTokens ?? null),
  cost_input_image_nano_usd: columnOf.nullableInt64((span) => span.cost?.buckets.inputImageTokens ?? null),
  cost_output_nano_usd: columnOf.nullableInt64((span) => span.cost?.buckets.outputTokens ?? null),
  cost_reasoning_nano_usd: columnOf.nullableInt64((span) => span.cost?.buckets.reasoningTokens ?? null),
  cost_output_audio_nano_usd: columnOf.nullableInt64((span) => span.cost?.buckets.outputAudioTokens ?? null),
  cost_nano_usd: columnOf.nullableInt64((span) => span.cost?.totalNanoUsd ?? null),
  cost_source: columnOf.text((span) => span.cost?.source ?? ""),
  price_version: columnOf.text((span) => span.cost?.priceVersion ?? ""),

  ttft_ms: columnOf.nullableFloat64((span) => span.ttftMs),
  upstream_ms: columnOf.float64((span) => span.upstreamMs),
  overhead_ms: columnOf.float64((span) => span.overheadMs),
  http_status: columnOf.int64((span) => span.httpStatus),

  input_kind: columnOf.text((span) => span.input.kind),
  input_media_type: columnOf.text((span) => payloadColumns.mediaType(span.input)),
  input_text: columnOf.text((span) => payloadColumns.text(span.input)),
  input_preview: columnOf.text((span) => payloadColumns.preview(span.input)),
  input_sha256: columnOf.text((span) => payloadColumns.sha256(span.input)),
  input_bytes: columnOf.int64((span) => payloadColumns.bytes(span.input)),
  input_omitted_reason: columnOf.text((span) => payloadColumns.omittedReason(span.input)),
  output_kind: columnOf.text((span) => span.output.kind),
  output_media_type: columnOf.text((span) => payloadColumns.mediaType(span.output)),
  output_text: columnOf.text((span) => payloadColumns.text(span.output)),
  output_preview: columnOf.text((span) => payloadColumns.preview(span.output)),
  output_sha256: columnOf.text((span) => payloadColumns.sha256(span.output)),
  output_bytes: columnOf.int64((span) => payloadColumns.bytes(span.output)),
  output_omitted_reason: columnOf.text((span) => payloadColumns.omittedReason(span.output)),
  upstream_request_url: columnOf.nullableText((span) => (span.upstreamRequest === null ? null : span.upstreamRequest.url)),
  upstream_request_changed_fields: columnOf.textMap((span) => Object.entries(span.upstreamRequest?.changedFields ?? {})),

  hold_ids: columnOf.texts((span) => span.holdIds),
  prompt_id: columnOf.text((span) => span.promptId),
  prompt_version: columnOf.text((span) => span.promptVersion),
  prompt_label: columnOf.text((span) => span.promptLabel),
  experiment_id: columnOf.text((span) => span.experimentId),
  experiment_arm: columnOf.text((span) => span.experimentArm),
  dataset_item_id: columnOf.text((span) => span.datasetItemId),

  ingest_protocol: columnOf.text((span) => span.ingestProtocol),
  api: alwaysWritten(columnOf.text((span) => span.api)),
  key_id: columnOf.nullableText((span) => span.keyId),
  client: columnOf.text((span) => span.client),
  batch_object: columnOf.text((span) => span.batchObject),
  received_at: columnOf.moment((span) => span.receivedAtMs),
  // A span that is sent again replaces what came before; the same object always gives the same version.
  version: columnOf.uint64((span) => Math.round(span.receivedAtMs)),
} as const satisfies Record<string, Column<StoredSpan>>;

export type SpanColumn = keyof typeof spanColumns;

/** The names of the columns, in the order of `toSpanRow`. */
export const spanColumnNames = Object.keys(spanColumns);

const allColumns = Object.values(spanColumns);

/** A span as a row of `JSONCompactEachRow`. Times finer than a microsecond are rounded; half surrogate pairs become U+FFFD. */
export function toSpanRow(span: StoredSpan): unknown[] {
  return allColumns.map((column) => column.json(span));
}
