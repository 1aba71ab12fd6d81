import * as z from "zod";

/**
 * Token buckets. They are exclusive: no token is counted in two of them, so their sum is the call's total.
 * A bucket that the provider did not report is 0 only where its total is known.
 */
export const usageBuckets = [
  "inputTokens",
  "inputCachedTokens",
  "cacheWriteTokens",
  "cacheWriteHourTokens",
  "inputAudioTokens",
  "inputImageTokens",
  "outputTokens",
  "reasoningTokens",
  "outputAudioTokens",
] as const;
export type UsageBucket = (typeof usageBuckets)[number];

/** A value for each bucket; `added`: of the one that spans of an earlier day lack. */
export function perBucket<Value extends z.ZodType, Added extends z.ZodType>(value: Value, added: Added) {
  return z.object({
    inputTokens: value,
    inputCachedTokens: value,
    /** Kept for five minutes, or for as long as the provider keeps what it does not price by time. */
    cacheWriteTokens: value,
    /** Kept for an hour. */
    cacheWriteHourTokens: added,
    inputAudioTokens: value,
    inputImageTokens: value,
    outputTokens: value,
    reasoningTokens: value,
    outputAudioTokens: value,
  } satisfies Record<UsageBucket, Value | Added>);
}

const tokens = z.int().nonnegative();

export const usageSchema = perBucket(tokens, tokens.default(0));
export type Usage = z.infer<typeof usageSchema>;
