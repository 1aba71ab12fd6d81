import fc from "fast-check";
import { describe, test } from "vitest";
import type { Usage } from "../../contracts/usage.ts";
import { readUsage } from "./usage.ts";

const none: Usage = {
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

describe("readUsage", () => {
  test.for([
    {
      provider: "OpenAI, cached, reasoning and audio within the totals",
      block: {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 60, audio_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 5, accepted_prediction_tokens: 0 },
      },
      buckets: {
        inputTokens: 30,
        inputCachedTokens: 60,
        inputAudioTokens: 10,
        outputTokens: 15,
        reasoningTokens: 30,
        outputAudioTokens: 5,
      },
    },
    { provider: "OpenAI embeddings", block: { prompt_tokens: 8, total_tokens: 8 }, buckets: { inputTokens: 8 } },
    {
      provider: "DeepSeek, cache hits of its own name",
      block: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25, prompt_cache_hit_tokens: 16, prompt_cache_miss_tokens: 4 },
      buckets: { inputTokens: 4, inputCachedTokens: 16, outputTokens: 5 },
    },
    {
      provider: "xAI, reasoning beside the completion",
      block: { prompt_tokens: 32, completion_tokens: 9, total_tokens: 135, completion_tokens_details: { reasoning_tokens: 94 } },
      buckets: { inputTokens: 32, outputTokens: 9, reasoningTokens: 94 },
    },
    {
      provider: "Gemini, thoughts only in the total",
      block: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 30 },
      buckets: { inputTokens: 7, outputTokens: 3, reasoningTokens: 20 },
    },
    {
      provider: "null details",
      block: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, prompt_tokens_details: null, completion_tokens_details: null },
      buckets: { inputTokens: 1, outputTokens: 2 },
    },
  ])("fills exclusive buckets: $provider", ({ block, buckets }, { expect }) => {
    expect(readUsage(block)).toEqual({ ...none, ...buckets });
  });

  test("what is not a usage block has no usage, rather than none", ({ expect }) => {
    for (const block of [undefined, null, {}, { prompt_tokens: -1 }, { prompt_tokens: 1.5 }, { prompt_tokens: "9" }]) {
      expect(readUsage(block)).toBeNull();
    }
  });

  test("never counts a token twice: the buckets add up to prompt and completion", ({ expect }) => {
    const tokens = fc.nat(10_000);
    fc.assert(
      fc.property(tokens, tokens, tokens, tokens, tokens, tokens, (prompt, completion, cached, audio, reasoning, outputAudio) => {
        const usage = readUsage({
          prompt_tokens: prompt,
          completion_tokens: completion,
          total_tokens: prompt + completion,
          prompt_tokens_details: { cached_tokens: cached, audio_tokens: audio },
          completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: outputAudio },
        });
        expect(Object.values(usage ?? {}).reduce((sum, bucket) => sum + bucket, 0)).toBe(prompt + completion);
        expect(Math.min(...Object.values(usage ?? none))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
