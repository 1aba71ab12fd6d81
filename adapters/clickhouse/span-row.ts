import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { Payload, Span } from "#core/contracts/span.ts";
import { previewOf } from "#core/ingest/preview.ts";

/** The values of one row, in the order of `spanColumnNames`. */
export type SpanRow = readonly unknown[];

/** The years that DateTime64(6) holds without wrapping, on the safe side. Ingestion refuses times far off long before. */
const momentMaxMs = Date.UTC(2200, 0);

/** Epoch milliseconds as `yyyy-mm-dd hh:mm:ss.ffffff` in UTC; a bare number would be read by its number of digits. */
export function moment(atMs: number): string {
  const micros = Math.round(Math.min(Math.max(atMs, 0), momentMaxMs) * 1000);
  const whole = new Date(Math.floor(micros / 1000)).toISOString();
  return `${whole.slice(0, 10)} ${whole.slice(11, 23)}${String(micros % 1000).padStart(3, "0")}`;
}

/** Half a surrogate pair is no Unicode: ClickHouse refuses the whole insert for it. */
export function text(value: string): string {
  return value.toWellFormed();
}

function textMap(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  return Object.fromEntries(Array.from(entries, ([name, value]) => [text(name), typeof value === "string" ? text(value) : value]));
}

/** The values of one type that metadata holds, by name. */
export function metadataOf(span: Pick<Span, "metadata">, type: "string" | "number" | "boolean"): Record<string, unknown> {
  return textMap(Object.entries(span.metadata).filter(([, value]) => typeof value === type));
}

type PayloadColumns = Readonly<
  Record<"kind" | "media_type" | "text" | "preview" | "sha256" | "bytes" | "omitted_reason", (payload: Payload) => unknown>
>;

const payloadColumns: PayloadColumns = {
  kind: (payload) => payload.kind,
  media_type: (payload) => (payload.kind === "omitted" ? "" : text(payload.mediaType)),
  text: (payload) => (payload.kind === "inline" ? text(payload.text) : ""),
  preview: (payload) => {
    if (payload.kind === "inline") return text(previewOf(payload));
    return payload.kind === "reference" ? text(payload.preview) : "";
  },
  sha256: (payload) => (payload.kind === "reference" ? payload.sha256 : ""),
  bytes: (payload) => (payload.kind === "reference" ? payload.bytes : 0),
  omitted_reason: (payload) => (payload.kind === "omitted" ? payload.reason : ""),
};

/** Every column and what it holds of a span. */
const spanColumns = {
  schema_version: (span) => span.schemaVersion,
  organization_id: (span) => span.organizationId,
  project_id: (span) => span.projectId,
  trace_id: (span) => span.traceId,
  span_id: (span) => span.spanId,
  parent_span_id: (span) => span.parentSpanId ?? "",
  kind: (span) => span.kind,
  name: (span) => text(span.name),
  started_at: (span) => moment(span.startedAtMs),
  ended_at: (span) => moment(span.endedAtMs),
  status: (span) => span.status,
  error_code: (span) => (span.error === null ? null : text(span.error.code)),
  error_message: (span) => text(span.error?.message ?? ""),
  error_upstream_status: (span) => span.error?.upstreamStatus ?? null,

  home_region: (span) => span.homeRegion,
  serving_region: (span) => span.servingRegion,
  environment: (span) => text(span.environment),
  release: (span) => text(span.release),
  user_id: (span) => text(span.userId),
  session_id: (span) => text(span.sessionId),
  tags: (span) => span.tags.map(text),
  metadata_text: (span) => metadataOf(span, "string"),
  metadata_number: (span) => metadataOf(span, "number"),
  metadata_boolean: (span) => metadataOf(span, "boolean"),

  provider: (span) => text(span.provider),
  model_requested: (span) => text(span.modelRequested),
  model_served: (span) => text(span.modelServed),
  simulated: (span) => span.simulated,
  streamed: (span) => span.streamed,
  // Written as JSON inside JSON: half a pair is already an escape of six plain characters there.
  parameters: (span) => JSON.stringify(span.parameters),
  finish_reason: (span) => (span.finishReason === null ? null : text(span.finishReason.unified)),
  finish_reason_raw: (span) => text(span.finishReason?.raw ?? ""),
  tool_names: (span) => span.toolNames.map(text),

  input_tokens: (span) => span.usage?.inputTokens ?? null,
  input_cached_tokens: (span) => span.usage?.inputCachedTokens ?? null,
  cache_write_tokens: (span) => span.usage?.cacheWriteTokens ?? null,
  cache_write_hour_tokens: (span) => span.usage?.cacheWriteHourTokens ?? null,
  input_audio_tokens: (span) => span.usage?.inputAudioTokens ?? null,
  input_image_tokens: (span) => span.usage?.inputImageTokens ?? null,
  output_tokens: (span) => span.usage?.outputTokens ?? null,
  reasoning_tokens: (span) => span.usage?.reasoningTokens ?? null,
  output_audio_tokens: (span) => span.usage?.outputAudioTokens ?? null,
  usage_raw: (span) => text(span.usageRaw),

  cost_input_nano_usd: (span) => span.cost?.buckets.inputTokens ?? null,
  cost_input_cached_nano_usd: (span) => span.cost?.buckets.inputCachedTokens ?? null,
  cost_cache_write_nano_usd: (span) => span.cost?.buckets.cacheWriteTokens ?? null,
  cost_cache_write_hour_nano_usd: (span) => span.cost?.buckets.cacheWriteHourTokens ?? null,
  cost_input_audio_nano_usd: (span) => span.cost?.buckets.inputAudioTokens ?? null,
  cost_input_image_nano_usd: (span) => span.cost?.buckets.inputImageTokens ?? null,
  cost_output_nano_usd: (span) => span.cost?.buckets.outputTokens ?? null,
  cost_reasoning_nano_usd: (span) => span.cost?.buckets.reasoningTokens ?? null,
  cost_output_audio_nano_usd: (span) => span.cost?.buckets.outputAudioTokens ?? null,
  cost_nano_usd: (span) => span.cost?.totalNanoUsd ?? null,
  cost_source: (span) => span.cost?.source ?? "",
  price_version: (span) => text(span.cost?.priceVersion ?? ""),

  ttft_ms: (span) => span.ttftMs,
  upstream_ms: (span) => span.upstreamMs,
  overhead_ms: (span) => span.overheadMs,
  http_status: (span) => span.httpStatus,

  input_kind: (span) => payloadColumns.kind(span.input),
  input_media_type: (span) => payloadColumns.media_type(span.input),
  input_text: (span) => payloadColumns.text(span.input),
  input_preview: (span) => payloadColumns.preview(span.input),
  input_sha256: (span) => payloadColumns.sha256(span.input),
  input_bytes: (span) => payloadColumns.bytes(span.input),
  input_omitted_reason: (span) => payloadColumns.omitted_reason(span.input),
  output_kind: (span) => payloadColumns.kind(span.output),
  output_media_type: (span) => payloadColumns.media_type(span.output),
  output_text: (span) => payloadColumns.text(span.output),
  output_preview: (span) => payloadColumns.preview(span.output),
  output_sha256: (span) => payloadColumns.sha256(span.output),
  output_bytes: (span) => payloadColumns.bytes(span.output),
  output_omitted_reason: (span) => payloadColumns.omitted_reason(span.output),
  upstream_request_url: (span) => (span.upstreamRequest === null ? null : text(span.upstreamRequest.url)),
  upstream_request_changed_fields: (span) => textMap(Object.entries(span.upstreamRequest?.changedFields ?? {})),

  hold_ids: (span) => span.holdIds.map(text),
  prompt_id: (span) => text(span.promptId),
  prompt_version: (span) => text(span.promptVersion),
  prompt_label: (span) => text(span.promptLabel),
  experiment_id: (span) => text(span.experimentId),
  experiment_arm: (span) => text(span.experimentArm),
  dataset_item_id: (span) => text(span.datasetItemId),

  ingest_protocol: (span) => span.ingestProtocol,
  api: (span) => span.api,
  key_id: (span) => span.keyId,
  client: (span) => text(span.client),
  batch_object: (span) => span.batchObject,
  received_at: (span) => moment(span.receivedAtMs),
  // A span that is sent again replaces what came before; the same object always gives the same version.
  version: (span) => Math.round(span.receivedAtMs),
} as const satisfies Record<string, (span: StoredSpan) => unknown>;

export type SpanColumn = keyof typeof spanColumns;

const [firstColumn, ...otherColumns] = Object.keys(spanColumns);
if (firstColumn === undefined) throw new Error("the table of columns is empty");

export const spanColumnNames: [string, ...string[]] = [firstColumn, ...otherColumns];

const columnValues = Object.values(spanColumns);

/** A span as a row of `spans`. Times finer than a microsecond are rounded; half surrogate pairs become U+FFFD. */
export function toSpanRow(span: StoredSpan): SpanRow {
  return columnValues.map((valueOf) => valueOf(span));
}
