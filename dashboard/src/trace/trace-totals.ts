import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { usageBuckets, type Usage } from "#core/contracts/usage.ts";

/** What a trace adds up to. */
export interface TraceTotals {
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Over the spans whose usage is known; `null` where none is. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Sum over the spans whose price is known; `null` where none is. */
  readonly costNanoUsd: number | null;
  /** Some span has usage but no known price. */
  readonly costIncomplete: boolean;
}

const outputBuckets: ReadonlySet<string> = new Set(["outputTokens", "reasoningTokens", "outputAudioTokens"]);

/** All tokens that went in, or came out, whatever their kind. */
export function sumTokens(usage: Usage, side: "input" | "output"): number {
  return usageBuckets.reduce((sum, bucket) => (outputBuckets.has(bucket) === (side === "output") ? sum + usage[bucket] : sum), 0);
}

export function traceTotals(spans: readonly StoredSpan[]): TraceTotals {
  const startedAtMs = spans.reduce((least, span) => Math.min(least, span.startedAtMs), Infinity);
  const usages = spans.flatMap((span) => (span.usage === null ? [] : [span.usage]));
  const costs = spans.flatMap((span) => (span.cost === null ? [] : [span.cost.totalNanoUsd]));
  return {
    startedAtMs,
    durationMs: spans.reduce((most, span) => Math.max(most, span.endedAtMs), -Infinity) - startedAtMs,
    inputTokens: usages.length === 0 ? null : usages.reduce((sum, usage) => sum + sumTokens(usage, "input"), 0),
    outputTokens: usages.length === 0 ? null : usages.reduce((sum, usage) => sum + sumTokens(usage, "output"), 0),
    costNanoUsd: costs.length === 0 ? null : costs.reduce((sum: number, cost) => sum + cost, 0),
    costIncomplete: costs.length > 0 && spans.some((span) => span.usage !== null && span.cost === null),
  };
}
