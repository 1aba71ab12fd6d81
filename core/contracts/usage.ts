import * as z from "zod";

/**
 * Token buckets. They are exclusive: no token is counted in two of them, so their sum is the call's total.
 * A bucket that the provider did not report is 0 only where its total is known.
 */
export const usageBuckets = [
  "inputTokens",
  "inputCachedTokens",
  "cacheWriteTokens",
  "inputAudioTokens",
  "inputImageTokens",
  "outputTokens",
  "reasoningTokens",
  "outputAudioTokens",
] as const;
export type UsageBucket = (typeof usageBuckets)[number];

/** A value for each bucket. */
export function perBucket<Value extends z.ZodType>(value: Value) {
  return z.object({
    inputTokens: value,
    inputCachedTokens: value,
    cacheWriteTokens: value,
    inputAudioTokens: value,
    inputImageTokens: value,
    outputTokens: value,
    reasoningTokens: value,
    outputAudioTokens: value,
  } satisfies Record<UsageBucket, Value>);
}

export const usageSchema = perBucket(z.int().nonnegative());
export type Usage = z.infer<typeof usageSchema>;
