import * as z from "zod";
import type { MeasureName } from "./measures.ts";
import { quantileOf } from "./sketch.ts";

/**
 * What a value means. `nanoUsd` is decimal text, since sums of money may pass what a JSON number holds; all others are
 * numbers.
 */
export type Unit = "count" | "tokens" | "nanoUsd" | "ms" | "ratio" | "tokensPerSecond";

interface Metric {
  readonly unit: Unit;
  readonly betterIs: "lower" | "higher" | "neither";
  readonly summary: string;
  readonly measures: readonly MeasureName[];
  /** SQL over the merged measures, each under its name. */
  readonly value: string;
}

type Metrics = Readonly<Record<string, Metric>>;

const count = (measure: MeasureName, betterIs: Metric["betterIs"], summary: string): Metric => ({
  unit: "count",
  betterIs,
  summary,
  measures: [measure],
  value: measure,
});
const tokens = (names: readonly MeasureName[], summary: string): Metric => ({
  unit: "tokens",
  betterIs: "neither",
  summary,
  measures: names,
  value: names.join(" + "),
});
const cost = (measure: MeasureName, summary: string): Metric => ({
  unit: "nanoUsd",
  betterIs: "lower",
  summary,
  measures: [measure],
  value: measure,
});
/** `null` where there is nothing to divide by. */
const ratio = (
  part: readonly MeasureName[],
  whole: readonly MeasureName[],
  row: Pick<Metric, "unit" | "betterIs" | "summary">,
): Metric => ({
  ...row,
  measures: [...new Set([...part, ...whole])],
  value: `if(${whole.join(" + ")} = 0, NULL, toFloat64(${part.join(" + ")}) / toFloat64(${whole.join(" + ")}))`,
});
const percentile = (measure: MeasureName, quantile: number, divisor: 1 | 1000, summary: string): Metric => ({
  unit: "ms",
  betterIs: "lower",
  summary: `${summary}, P${quantile * 100}`,
  measures: [measure],
  value: `${quantileOf(measure, quantile)} / ${divisor}`,
});

const inputBuckets = [
  "input_tokens",
  "input_cached_tokens",
  "cache_write_tokens",
  "cache_write_hour_tokens",
  "input_audio_tokens",
  "input_image_tokens",
] as const satisfies readonly MeasureName[];
const outputBuckets = ["output_tokens", "reasoning_tokens", "output_audio_tokens"] as const satisfies readonly MeasureName[];

const latency = "Time that calls of models took";
const duration = "Time that spans of any kind took";
const ttft = "Time to the first token";
const overhead = "Time that calls at the gateway took beside waiting for the provider";

/**
 * What can be asked of spans. A *request* is a span of kind `generation` or `embedding`: one call of a model. Sums pass
 * over what is not known; `unpricedSpans` tells how many had usage and no price.
 */
export const metrics = {
  requests: count("requests", "neither", "Calls of models"),
  errors: count("errors", "lower", "Calls of models that failed"),
  cancelled: count("cancelled", "lower", "Calls of models whose client went away"),
  errorRate: ratio(["errors"], ["requests"], { unit: "ratio", betterIs: "lower", summary: "Share of the calls of models that failed" }),
  spans: count("spans", "neither", "Spans of any kind"),
  failedSpans: count("failed_spans", "lower", "Spans of any kind that failed"),
  traces: count("traces", "neither", "Different traces"),
  users: count("users", "neither", "Different users"),
  sessions: count("sessions", "neither", "Different sessions"),

  inputTokens: tokens(inputBuckets, "Input tokens, all buckets"),
  outputTokens: tokens(outputBuckets, "Output tokens, all buckets"),
  totalTokens: tokens([...inputBuckets, ...outputBuckets], "All tokens"),
  plainInputTokens: tokens(["input_tokens"], "Input tokens that no other bucket counts"),
  inputCachedTokens: tokens(["input_cached_tokens"], "Input tokens read from the provider's cache"),
  cacheWriteTokens: tokens(["cache_write_tokens"], "Input tokens written to the provider's cache"),
  cacheWriteHourTokens: tokens(["cache_write_hour_tokens"], "Input tokens written to the provider's cache for an hour"),
  inputAudioTokens: tokens(["input_audio_tokens"], "Input tokens of audio"),
  inputImageTokens: tokens(["input_image_tokens"], "Input tokens of images"),
  plainOutputTokens: tokens(["output_tokens"], "Output tokens that no other bucket counts"),
  reasoningTokens: tokens(["reasoning_tokens"], "Output tokens of reasoning"),
  outputAudioTokens: tokens(["output_audio_tokens"], "Output tokens of audio"),
  cacheReadShare: ratio(["input_cached_tokens"], inputBuckets, {
    unit: "ratio",
    betterIs: "higher",
    summary: "Share of the input tokens that were read from the provider's cache",
  }),

  costNanoUsd: cost("cost", "Cost"),
  inputCostNanoUsd: cost("cost_input", "Cost of input tokens that no other bucket counts"),
  inputCachedCostNanoUsd: cost("cost_input_cached", "Cost of input tokens read from the provider's cache"),
  cacheWriteCostNanoUsd: cost("cost_cache_write", "Cost of input tokens written to the provider's cache"),
  cacheWriteHourCostNanoUsd: cost("cost_cache_write_hour", "Cost of input tokens written to the provider's cache for an hour"),
  inputAudioCostNanoUsd: cost("cost_input_audio", "Cost of input tokens of audio"),
  inputImageCostNanoUsd: cost("cost_input_image", "Cost of input tokens of images"),
  outputCostNanoUsd: cost("cost_output", "Cost of output tokens that no other bucket counts"),
  reasoningCostNanoUsd: cost("cost_reasoning", "Cost of output tokens of reasoning"),
  outputAudioCostNanoUsd: cost("cost_output_audio", "Cost of output tokens of audio"),
  unpricedSpans: count("unpriced", "lower", "Spans with usage and without a known price"),

  latencyAverageMs: {
    unit: "ms",
    betterIs: "lower",
    summary: `${latency}, on average`,
    measures: ["latency_us", "requests"],
    value: "if(requests = 0, NULL, toFloat64(latency_us) / toFloat64(requests) / 1000)",
  },
  latencyP50Ms: percentile("latency", 0.5, 1000, latency),
  latencyP90Ms: percentile("latency", 0.9, 1000, latency),
  latencyP95Ms: percentile("latency", 0.95, 1000, latency),
  latencyP99Ms: percentile("latency", 0.99, 1000, latency),
  durationP50Ms: percentile("duration", 0.5, 1000, duration),
  durationP90Ms: percentile("duration", 0.9, 1000, duration),
  durationP95Ms: percentile("duration", 0.95, 1000, duration),
  durationP99Ms: percentile("duration", 0.99, 1000, duration),
  ttftP50Ms: percentile("ttft", 0.5, 1, ttft),
  ttftP90Ms: percentile("ttft", 0.9, 1, ttft),
  ttftP95Ms: percentile("ttft", 0.95, 1, ttft),
  ttftP99Ms: percentile("ttft", 0.99, 1, ttft),
  overheadP50Ms: percentile("overhead", 0.5, 1, overhead),
  overheadP95Ms: percentile("overhead", 0.95, 1, overhead),
  outputTokensPerSecond: {
    unit: "tokensPerSecond",
    betterIs: "higher",
    summary: "Output tokens for each second that their calls took",
    measures: ["timed_output_tokens", "timed_us"],
    value: "if(timed_us = 0, NULL, toFloat64(timed_output_tokens) * 1000000 / toFloat64(timed_us))",
  },
} as const satisfies Metrics;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics).filter((name): name is MetricName => Object.hasOwn(metrics, name));
export const metricNameSchema = z.enum(metricNames, "is not a metric");

/** A metric's value: decimal text of money, else a number; `null` where nothing is known (a percentile of no calls). */
export type MetricValue = number | string | null;

/** What a metric is where there are no spans. */
export function valueOfNothing(name: MetricName): MetricValue {
  switch (metrics[name].unit) {
    case "count":
    case "tokens":
      return 0;
    case "nanoUsd":
      return "0";
    case "ms":
    case "ratio":
    case "tokensPerSecond":
      return null;
  }
}

/** SQL of a metric over the merged measures, as it leaves the store. */
export function metricExpression(name: MetricName): string {
  const { unit, value } = metrics[name];
  switch (unit) {
    case "count":
    case "tokens":
      // Beyond 2^53 the nearest that a JSON number holds: one absurd span must not hide all others.
      return `toFloat64(${value})`;
    case "nanoUsd":
      return `toString(${value})`;
    case "ms":
    case "ratio":
    case "tokensPerSecond":
      return value;
  }
}
