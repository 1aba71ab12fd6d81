import type { Usage } from "../../contracts/usage.ts";

/** Tokens as a sender counts them; 0 also where it does not say. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly total: number;
  /** Of the input, what no cache had; `null`: it does not say. */
  readonly plainInput: number | null;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
  readonly inputAudio: number;
  readonly outputAudio: number;
}

/** Whether a sender's input holds what was cached, and its output what was reasoned, or only the rest of them. */
interface Counting {
  readonly input: "whole" | "rest";
  readonly output: "whole" | "rest";
}

interface CountingRule extends Counting {
  /** How the name of the scope begins. */
  readonly scope: string;
  readonly provider: string;
}

/** OpenTelemetry counts whole: input with its cached part, output with its reasoning. Who does otherwise has a row. */
const whole: Counting = { input: "whole", output: "whole" };
const rules: readonly CountingRule[] = [
  // Passes on what Anthropic's API says, whose input is what no cache had.
  { scope: "@traceloop/instrumentation-anthropic", provider: "anthropic", input: "rest", output: "whole" },
  // The AI SDK up to version 5 passed that on too; later ones tell the plain input beside the whole, which goes first.
  { scope: "ai", provider: "anthropic", input: "rest", output: "whole" },
];

/** How a scope counts what it says of a provider's usage. */
export function countingOf(scope: string, provider: string): Counting {
  return rules.find((rule) => scope.startsWith(rule.scope) && rule.provider === provider) ?? whole;
}

/**
 * Tokens in exclusive buckets. A whole that is smaller than its parts is no whole, whatever the rule says; nor is it one
 * where the sender's total is the sum of it and its parts.
 */
export function toBuckets(counts: TokenCounts, counting: Counting): Usage {
  const { input, output, total, plainInput, cacheRead, cacheWrite, reasoning, inputAudio, outputAudio } = counts;
  const inputParts = cacheRead + cacheWrite + inputAudio;
  const outputParts = reasoning + outputAudio;
  const isRest = (counted: Counting["input"], value: number, parts: number): boolean =>
    counted === "rest" || value < parts || (parts > 0 && total === input + output + inputParts + outputParts);
  return {
    inputTokens: plainInput ?? (isRest(counting.input, input, inputParts) ? input : input - inputParts),
    inputCachedTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    cacheWriteHourTokens: 0,
    inputAudioTokens: inputAudio,
    inputImageTokens: 0,
    outputTokens: isRest(counting.output, output, outputParts) ? output : output - outputParts,
    reasoningTokens: reasoning,
    outputAudioTokens: outputAudio,
  };
}

/** Langfuse's usage is in exclusive buckets already, under names of the providers'. */
const detailBuckets = {
  input: "inputTokens",
  input_cached_tokens: "inputCachedTokens",
  cache_read_input_tokens: "inputCachedTokens",
  input_cache_read: "inputCachedTokens",
  cache_creation_input_tokens: "cacheWriteTokens",
  input_cache_creation: "cacheWriteTokens",
  input_audio_tokens: "inputAudioTokens",
  output: "outputTokens",
  output_reasoning_tokens: "reasoningTokens",
  output_reasoning: "reasoningTokens",
  output_audio_tokens: "outputAudioTokens",
} as const satisfies Record<string, keyof Usage>;

/** The buckets of Langfuse's usage; what has no bucket of its own counts with the input or output that its name begins with. */
export function fromDetails(details: Readonly<Record<string, unknown>>): Usage {
  const usage: Record<keyof Usage, number> = {
    inputTokens: 0,
    inputCachedTokens: 0,
    cacheWriteTokens: 0,
    cacheWriteHourTokens: 0,
    inputAudioTokens: 0,
    inputImageTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    outputAudioTokens: 0,
  };
  const buckets = new Map<string, keyof Usage>(Object.entries(detailBuckets));
  for (const [name, value] of Object.entries(details)) {
    const bucket = buckets.get(name) ?? (name.startsWith("input") ? "inputTokens" : name.startsWith("output") ? "outputTokens" : null);
    if (bucket !== null) usage[bucket] += tokensOf(value);
  }
  return usage;
}

/** A count of tokens; anything that is none is 0. */
export function tokensOf(value: unknown): number {
  const count = typeof value === "string" ? Number(value) : value;
  return typeof count === "number" && Number.isSafeInteger(count) && count > 0 ? count : 0;
}
