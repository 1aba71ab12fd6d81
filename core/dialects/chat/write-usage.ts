import type { Usage } from "../../contracts/usage.ts";

/** OpenAI's usage block, whose totals include what its details name. Cache writes of five minutes and of an hour are one there. */
export function writeUsage(usage: Usage): Readonly<Record<string, unknown>> {
  const cacheWriteTokens = usage.cacheWriteTokens + usage.cacheWriteHourTokens;
  const promptTokens = usage.inputTokens + usage.inputCachedTokens + cacheWriteTokens + usage.inputAudioTokens + usage.inputImageTokens;
  const completionTokens = usage.outputTokens + usage.reasoningTokens + usage.outputAudioTokens;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: {
      cached_tokens: usage.inputCachedTokens,
      cache_write_tokens: cacheWriteTokens,
      audio_tokens: usage.inputAudioTokens,
      image_tokens: usage.inputImageTokens,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens, audio_tokens: usage.outputAudioTokens },
  };
}
