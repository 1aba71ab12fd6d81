import * as z from "zod";
import type { Usage } from "../../contracts/usage.ts";
import type { Fields } from "./findings.ts";

const tokens = z.int().nonnegative().nullish();

const usageBlockSchema = z.object({
  input_tokens: z.int().nonnegative(),
  output_tokens: tokens,
  input_tokens_details: z.object({ cached_tokens: tokens, cache_write_tokens: tokens }).nullish(),
  output_tokens_details: z.object({ reasoning_tokens: tokens }).nullish(),
});

/**
 * The API counts inclusively: cached and written tokens are part of `input_tokens`, reasoning is part of `output_tokens`.
 * The buckets here are exclusive, and never pass the total that they are taken out of.
 *
 * @returns `null` where the block is not a usage block.
 */
export function readUsage(block: unknown): Usage | null {
  const parsed = usageBlockSchema.safeParse(block);
  if (!parsed.success) return null;
  const { input_tokens, output_tokens, input_tokens_details: input, output_tokens_details: output } = parsed.data;
  const [inputCachedTokens, afterCached] = take(input?.cached_tokens, input_tokens);
  const [cacheWriteTokens, inputTokens] = take(input?.cache_write_tokens, afterCached);
  const [reasoningTokens, outputTokens] = take(output?.reasoning_tokens, output_tokens ?? 0);
  return {
    inputTokens,
    inputCachedTokens,
    cacheWriteTokens,
    cacheWriteHourTokens: 0,
    inputAudioTokens: 0,
    inputImageTokens: 0,
    outputTokens,
    reasoningTokens,
    outputAudioTokens: 0,
  };
}

/** The block that tells a usage. Audio and images have no count of their own here, and stand in the totals. */
export function writeUsage(usage: Usage): Fields {
  const written = usage.cacheWriteTokens + usage.cacheWriteHourTokens;
  const input = usage.inputTokens + usage.inputCachedTokens + written + usage.inputAudioTokens + usage.inputImageTokens;
  const output = usage.outputTokens + usage.reasoningTokens + usage.outputAudioTokens;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.inputCachedTokens, cache_write_tokens: written },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: input + output,
  };
}

/** What a bucket takes from a total, and what it leaves. */
function take(part: number | null | undefined, total: number): readonly [number, number] {
  const taken = Math.min(part ?? 0, total);
  return [taken, total - taken];
}
