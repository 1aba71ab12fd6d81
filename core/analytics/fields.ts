import { spanKindSchema, spanStatusSchema } from "../contracts/span.ts";

/** Token columns that are input, and output; the buckets are exclusive. */
export const inputTokenColumns = [
  "input_tokens",
  "input_cached_tokens",
  "cache_write_tokens",
  "cache_write_hour_tokens",
  "input_audio_tokens",
  "input_image_tokens",
] as const;
export const outputTokenColumns = ["output_tokens", "reasoning_tokens", "output_audio_tokens"] as const;

/** How long a span took, in whole microseconds; 0 where it ended before it began. */
export const durationUs = "greatest(toUnixTimestamp64Micro(ended_at) - toUnixTimestamp64Micro(started_at), 0)";

export type FieldType = "text" | "number" | "boolean" | "time" | "set" | "search";

export interface Field {
  readonly type: FieldType;
  /** SQL over a row of `spans`; of a field that the rollups hold, over a row of `rollups` too. */
  readonly expression: string;
  readonly isGroupable: boolean;
  /** Whether the rollups tell spans apart by it. */
  readonly isInRollups: boolean;
  /** What may stand in a text field, where only some words can. */
  readonly values: readonly string[] | null;
}

const text = (expression: string): Field => ({ type: "text", expression, isGroupable: true, isInRollups: false, values: null });
const unique = (expression: string): Field => ({ ...text(expression), isGroupable: false });
const rolledUp = (expression: string, values: readonly string[] | null = null): Field => ({
  ...text(expression),
  isInRollups: true,
  values,
});
const number = (expression: string): Field => ({ type: "number", expression, isGroupable: false, isInRollups: false, values: null });
const flag = (expression: string): Field => ({ type: "boolean", expression, isGroupable: true, isInRollups: false, values: null });
const time = (expression: string): Field => ({ type: "time", expression, isGroupable: false, isInRollups: false, values: null });
const set = (expression: string): Field => ({ type: "set", expression, isGroupable: true, isInRollups: false, values: null });

/**
 * Everything that spans are filtered and grouped by, beside `metadata.<key>` (`metadataKeyOf`). Times are epoch
 * milliseconds. A number that is not known (no price, no usage) fits no comparison; `exists` asks for it.
 */
export const fields = {
  startedAtMs: time("started_at"),
  endedAtMs: time("ended_at"),
  receivedAtMs: time("received_at"),
  traceId: unique("trace_id"),
  spanId: unique("span_id"),
  parentSpanId: unique("parent_span_id"),
  kind: rolledUp("kind", spanKindSchema.options),
  name: text("name"),
  status: rolledUp("status", spanStatusSchema.options),
  /** Code of the error table; empty without an error. */
  errorCode: rolledUp("ifNull(error_code, '')"),
  errorMessage: unique("error_message"),
  httpStatus: { ...number("http_status"), isGroupable: true },
  finishReason: text("ifNull(finish_reason, '')"),
  provider: rolledUp("provider"),
  modelRequested: rolledUp("model_requested"),
  modelServed: rolledUp("model_served"),
  /** Empty: it came in by no virtual key. */
  keyId: rolledUp("ifNull(key_id, '')"),
  userId: text("user_id"),
  sessionId: text("session_id"),
  environment: rolledUp("environment"),
  release: text("release"),
  servingRegion: rolledUp("serving_region"),
  tags: set("tags"),
  toolNames: set("tool_names"),
  simulated: { ...flag("simulated"), isInRollups: true },
  streamed: flag("streamed"),
  api: text("api"),
  ingestProtocol: text("ingest_protocol"),
  client: text("client"),
  promptId: text("prompt_id"),
  promptVersion: text("prompt_version"),
  promptLabel: text("prompt_label"),
  experimentId: text("experiment_id"),
  experimentArm: text("experiment_arm"),
  datasetItemId: text("dataset_item_id"),
  costNanoUsd: number("cost_nano_usd"),
  durationMs: number(`${durationUs} / 1000`),
  ttftMs: number("ttft_ms"),
  overheadMs: number("overhead_ms"),
  /** All buckets of the input together. */
  inputTokens: number(`(${inputTokenColumns.join(" + ")})`),
  outputTokens: number(`(${outputTokenColumns.join(" + ")})`),
  totalTokens: number(`(${[...inputTokenColumns, ...outputTokenColumns].join(" + ")})`),
  /**
   * Words in what went in and out and in error messages, in small and capital letters alike. Of payloads that lie in
   * R2 only the preview is searched.
   */
  text: { type: "search", expression: "", isGroupable: false, isInRollups: false, values: null },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof fields;

/** What a list of traces is filtered by beside the fields of spans: SQL over all spans of a trace. */
export const traceFields = {
  "trace.spanCount": "count()",
  "trace.errorCount": "countIf(status = 'error')",
  /** From the first start to the last end. */
  "trace.durationMs": "greatest(toUnixTimestamp64Micro(max(ended_at)) - toUnixTimestamp64Micro(min(spans.started_at)), 0) / 1000",
  "trace.costNanoUsd": "sum(toInt128(cost_nano_usd))",
  "trace.totalTokens": `sum(toInt128(${[...inputTokenColumns, ...outputTokenColumns].join(" + ")}))`,
} as const satisfies Record<`trace.${string}`, string>;

/**
 * A field as it is named in a filter or a grouping: one of the table, or the metadata under a key. `trace`: of a whole
 * trace.
 */
export type FieldReference =
  | ({ readonly kind: "field"; readonly name: FieldName } & Field)
  | { readonly kind: "metadata"; readonly name: string; readonly key: string }
  | { readonly kind: "trace"; readonly name: string; readonly expression: string };

const metadataPrefix = "metadata.";

/** A field of spans; `null`: there is no such field. */
export function findField(name: string): FieldReference | null {
  if (isFieldName(name)) return { kind: "field", name, ...fields[name] };
  const key = name.startsWith(metadataPrefix) ? name.slice(metadataPrefix.length) : "";
  return key === "" ? null : { kind: "metadata", name, key };
}

/** A field of spans or of whole traces. */
export function findTraceField(name: string): FieldReference | null {
  return isTraceFieldName(name) ? { kind: "trace", name, expression: traceFields[name] } : findField(name);
}

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(fields, name);
}

function isTraceFieldName(name: string): name is keyof typeof traceFields {
  return Object.hasOwn(traceFields, name);
}
