import { z } from "zod";

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

const tokens = z.int().nonnegative();

export const usageSchema = z.strictObject({
  inputTokens: tokens,
  inputCachedTokens: tokens,
  cacheWriteTokens: tokens,
  inputAudioTokens: tokens,
  inputImageTokens: tokens,
  outputTokens: tokens,
  reasoningTokens: tokens,
  outputAudioTokens: tokens,
}) satisfies z.ZodType<Record<UsageBucket, number>>;
export type Usage = z.infer<typeof usageSchema>;
