import * as z from "zod";
import type { Usage } from "../../contracts/usage.ts";

const tokens = z.int().nonnegative().nullish();

/** OpenAI's usage block, and the fields in which compatible providers differ from it. */
const usageBlockSchema = z.object({
  prompt_tokens: z.int().nonnegative(),
  completion_tokens: tokens,
  total_tokens: tokens,
  prompt_tokens_details: z
    .object({ cached_tokens: tokens, audio_tokens: tokens, image_tokens: tokens, cache_write_tokens: tokens })
    .nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: tokens, audio_tokens: tokens }).nullish(),
  /** DeepSeek. */
  prompt_cache_hit_tokens: tokens,
  /** Moonshot. */
  cached_tokens: tokens,
});

/**
 * OpenAI counts inclusively: cached, audio and image tokens are part of `prompt_tokens`; reasoning and audio tokens
 * part of `completion_tokens`. The buckets here are exclusive, and never pass the total they are taken out of.
 * xAI reports reasoning beside `completion_tokens`, Gemini only as the rest of `total_tokens`: both are seen by a
 * total that passes prompt and completion together.
 *
 * @returns `null` where the block is not a usage block.
 */
export function readUsage(block: unknown): Usage | null {
  const parsed = usageBlockSchema.safeParse(block);
  if (!parsed.success) return null;
  const { data } = parsed;
  const input = data.prompt_tokens_details;
  const output = data.completion_tokens_details;
  const promptTokens = data.prompt_tokens;
  const completionTokens = data.completion_tokens ?? 0;
  const besideTotal = Math.max(0, (data.total_tokens ?? 0) - promptTokens - completionTokens);

  const [inputCachedTokens, afterCached] = take(input?.cached_tokens ?? data.prompt_cache_hit_tokens ?? data.cached_tokens, promptTokens);
  const [cacheWriteTokens, afterWrites] = take(input?.cache_write_tokens, afterCached);
  const [inputAudioTokens, afterAudio] = take(input?.audio_tokens, afterWrites);
  const [inputImageTokens, inputTokens] = take(input?.image_tokens, afterAudio);
  const [outputAudioTokens, afterOutputAudio] = take(output?.audio_tokens, completionTokens);
  const [reasoningWithin, outputTokens] = besideTotal > 0 ? [0, afterOutputAudio] : take(output?.reasoning_tokens, afterOutputAudio);

  return {
    inputTokens,
    inputCachedTokens,
    cacheWriteTokens,
    cacheWriteHourTokens: 0,
    inputAudioTokens,
    inputImageTokens,
    outputTokens,
    reasoningTokens: reasoningWithin + besideTotal,
    outputAudioTokens,
  };
}

/** What a bucket takes from a total, and what it leaves. */
function take(part: number | null | undefined, total: number): readonly [number, number] {
  const taken = Math.min(part ?? 0, total);
  return [taken, total - taken];
}
