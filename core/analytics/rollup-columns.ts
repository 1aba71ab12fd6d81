import { durationUs } from "./fields.ts";
import { binOf } from "./sketch.ts";

/**
 * What the rollups keep of spans, in forms that add up: a figure over some spans and the same figure over others make
 * the figure over both, to the last digit, in whatever order. So raw spans and rollups give the same answers.
 *
 * `sum`: of whole numbers. `sketch`: how many values lie in each bin of a DDSketch (`sketch.ts`). `set`: different texts
 * as 64-bit hashes, each once; of ClickHouse's approximate counts none gives the same answer in every order of merging.
 */
interface RollupColumn {
  readonly kind: "count" | "sum" | "sketch" | "set";
  /** SQL over a row of `spans`; `null` there is passed over. */
  readonly expression: string;
}

const sum = (expression: string): RollupColumn => ({ kind: "sum", expression });
const sketch = (expression: string): RollupColumn => ({ kind: "sketch", expression });
const set = (expression: string): RollupColumn => ({ kind: "set", expression });

export const rollupColumns = {
  spans: { kind: "count", expression: "1" },
  input_tokens: sum("input_tokens"),
  input_cached_tokens: sum("input_cached_tokens"),
  cache_write_tokens: sum("cache_write_tokens"),
  cache_write_hour_tokens: sum("cache_write_hour_tokens"),
  input_audio_tokens: sum("input_audio_tokens"),
  input_image_tokens: sum("input_image_tokens"),
  output_tokens: sum("output_tokens"),
  reasoning_tokens: sum("reasoning_tokens"),
  output_audio_tokens: sum("output_audio_tokens"),
  cost_input_nano_usd: sum("cost_input_nano_usd"),
  cost_input_cached_nano_usd: sum("cost_input_cached_nano_usd"),
  cost_cache_write_nano_usd: sum("cost_cache_write_nano_usd"),
  cost_cache_write_hour_nano_usd: sum("cost_cache_write_hour_nano_usd"),
  cost_input_audio_nano_usd: sum("cost_input_audio_nano_usd"),
  cost_input_image_nano_usd: sum("cost_input_image_nano_usd"),
  cost_output_nano_usd: sum("cost_output_nano_usd"),
  cost_reasoning_nano_usd: sum("cost_reasoning_nano_usd"),
  cost_output_audio_nano_usd: sum("cost_output_audio_nano_usd"),
  cost_nano_usd: sum("cost_nano_usd"),
  unpriced_spans: sum("toUInt8(isNotNull(input_tokens) AND isNull(cost_nano_usd))"),
  /** Output of spans that took any time, and the time that spans with output took. */
  timed_output_tokens: sum(`if(${durationUs} > 0, output_tokens + reasoning_tokens + output_audio_tokens, 0)`),
  timed_us: sum(`if(isNotNull(output_tokens), ${durationUs}, 0)`),
  duration_us: sum(durationUs),
  duration_us_sketch: sketch(durationUs),
  ttft_ms_sketch: sketch("ttft_ms"),
  /** Of spans of the gateway, whose overhead is ours. */
  overhead_ms_sketch: sketch("if(ingest_protocol = 'gateway', overhead_ms, NULL)"),
  users: set("user_id"),
  sessions: set("session_id"),
  traces: set("trace_id"),
} as const satisfies Record<string, RollupColumn>;

export type RollupColumnName = keyof typeof rollupColumns;

/**
 * What tells the rows of one bucket apart, named as in `spans`, with SQL over a row of it. Each one more multiplies the
 * rows; these are what dashboards are opened with, and what goes with it.
 */
export const rollupDimensions = {
  kind: "kind",
  status: "status",
  error_code: "ifNull(error_code, '')",
  provider: "provider",
  model_requested: "model_requested",
  model_served: "model_served",
  key_id: "ifNull(key_id, '')",
  environment: "environment",
  serving_region: "serving_region",
  simulated: "simulated",
} as const;

/** A column's type, as in the migration that makes `rollups`. */
export function columnType(name: RollupColumnName): string {
  switch (rollupColumns[name].kind) {
    case "count":
    case "sum":
      return "Int128";
    case "sketch":
      return "Map(Int32, UInt64)";
    case "set":
      return "Array(UInt64)";
  }
}

/** A column's figure over those rows of `spans` for which a condition holds. */
export function columnFromSpans(name: RollupColumnName, condition: string): string {
  const { kind, expression } = rollupColumns[name];
  switch (kind) {
    case "count":
      return `toInt128(countIf(${condition}))`;
    case "sum":
      return `sumIf(toInt128(ifNull(${expression}, 0)), ${condition})`;
    case "sketch":
      return `sumMapIf(map(${binOf(`toFloat64(ifNull(${expression}, 0))`)}, toUInt64(1)), isNotNull(${expression}) AND ${condition})`;
    case "set":
      return `groupUniqArrayIf(cityHash64(${expression}), ${expression} != '' AND ${condition})`;
  }
}

/** The same over rows of `rollups`; the condition may name their dimensions. */
export function columnFromRollups(name: RollupColumnName, condition: string): string {
  switch (rollupColumns[name].kind) {
    case "count":
    case "sum":
      return `sumIf(${name}, ${condition})`;
    case "sketch":
      return `sumMapIf(${name}, ${condition})`;
    case "set":
      return `groupUniqArrayArrayIf(${name}, ${condition})`;
  }
}

/** What makes a number (of a sketch: its bins) of several partial figures of a column. */
export function columnMerged(name: RollupColumnName, partial: string): string {
  switch (rollupColumns[name].kind) {
    case "count":
    case "sum":
      return `sum(${partial})`;
    case "sketch":
      return `sumMap(${partial})`;
    case "set":
      return `uniqExactArray(${partial})`;
  }
}
