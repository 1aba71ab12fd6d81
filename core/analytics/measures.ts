import { columnFromRollups, columnFromSpans, columnMerged, type RollupColumnName } from "./rollup-columns.ts";

/** A figure that metrics are made of: a column of the rollups over the spans of a condition on their dimensions. */
interface Measure {
  readonly column: RollupColumnName;
  readonly when: string;
}

/** Calls of models, as opposed to the steps round them. */
const isCall = "kind IN ('generation', 'embedding')";

const all = (column: RollupColumnName): Measure => ({ column, when: "1" });

export const measures = {
  spans: all("spans"),
  failed_spans: { column: "spans", when: "status = 'error'" },
  requests: { column: "spans", when: isCall },
  errors: { column: "spans", when: `${isCall} AND status = 'error'` },
  cancelled: { column: "spans", when: `${isCall} AND status = 'cancelled'` },
  input_tokens: all("input_tokens"),
  input_cached_tokens: all("input_cached_tokens"),
  cache_write_tokens: all("cache_write_tokens"),
  cache_write_hour_tokens: all("cache_write_hour_tokens"),
  input_audio_tokens: all("input_audio_tokens"),
  input_image_tokens: all("input_image_tokens"),
  output_tokens: all("output_tokens"),
  reasoning_tokens: all("reasoning_tokens"),
  output_audio_tokens: all("output_audio_tokens"),
  cost_input: all("cost_input_nano_usd"),
  cost_input_cached: all("cost_input_cached_nano_usd"),
  cost_cache_write: all("cost_cache_write_nano_usd"),
  cost_cache_write_hour: all("cost_cache_write_hour_nano_usd"),
  cost_input_audio: all("cost_input_audio_nano_usd"),
  cost_input_image: all("cost_input_image_nano_usd"),
  cost_output: all("cost_output_nano_usd"),
  cost_reasoning: all("cost_reasoning_nano_usd"),
  cost_output_audio: all("cost_output_audio_nano_usd"),
  cost: all("cost_nano_usd"),
  unpriced: all("unpriced_spans"),
  timed_output_tokens: all("timed_output_tokens"),
  timed_us: all("timed_us"),
  latency_us: { column: "duration_us", when: isCall },
  latency: { column: "duration_us_sketch", when: isCall },
  duration: all("duration_us_sketch"),
  ttft: all("ttft_ms_sketch"),
  overhead: { column: "overhead_ms_sketch", when: isCall },
  users: all("users"),
  sessions: all("sessions"),
  traces: all("traces"),
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;

/** A measure's figure over rows of a table, as one that can be merged with others. */
export function partialMeasure(name: MeasureName, table: "spans" | "rollups"): string {
  const { column, when } = measures[name];
  return table === "spans" ? columnFromSpans(column, when) : columnFromRollups(column, when);
}

/** What makes a number of the partial figures that lie in a column. */
export function mergedMeasure(name: MeasureName, partial: string): string {
  return columnMerged(measures[name].column, partial);
}
