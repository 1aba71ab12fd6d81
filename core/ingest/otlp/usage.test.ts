import { describe, test } from "vitest";
import { usageBuckets, type Usage } from "../../contracts/usage.ts";
import { countingOf, fromDetails, toBuckets, type TokenCounts } from "./usage.ts";

function counts(told: Partial<TokenCounts>): TokenCounts {
  return {
    input: 0,
    output: 0,
    total: 0,
    plainInput: null,
    cacheRead: 0,
    cacheWrite: 0,
    reasoning: 0,
    inputAudio: 0,
    outputAudio: 0,
    ...told,
  };
}

/** The buckets that hold anything. */
function filled(usage: Usage): Partial<Usage> {
  return Object.fromEntries(usageBuckets.filter((bucket) => usage[bucket] > 0).map((bucket) => [bucket, usage[bucket]]));
}

describe("usage", () => {
  test.for([
    [
      "OpenTelemetry counts whole",
      "gen_ai",
      "openai",
      { input: 10, output: 20, cacheRead: 4, reasoning: 5 },
      { inputTokens: 6, inputCachedTokens: 4, outputTokens: 15, reasoningTokens: 5 },
    ],
    [
      "cache reads and writes are parts of the input",
      "gen_ai",
      "anthropic",
      { input: 100, output: 1, cacheRead: 60, cacheWrite: 30 },
      { inputTokens: 10, inputCachedTokens: 60, cacheWriteTokens: 30, outputTokens: 1 },
    ],
    [
      "audio is a part of either",
      "",
      "openai",
      { input: 10, output: 9, inputAudio: 4, outputAudio: 3 },
      { inputTokens: 6, inputAudioTokens: 4, outputTokens: 6, outputAudioTokens: 3 },
    ],
    [
      "a scope that counts the rest has a rule",
      "@traceloop/instrumentation-anthropic",
      "anthropic",
      { input: 100, output: 7, total: 107, cacheRead: 60 },
      { inputTokens: 100, inputCachedTokens: 60, outputTokens: 7 },
    ],
    ["the rule is for its provider alone", "ai", "openai", { input: 100, cacheRead: 60 }, { inputTokens: 40, inputCachedTokens: 60 }],
    [
      "the plain input goes before every rule",
      "ai",
      "anthropic",
      { input: 100, plainInput: 40, cacheRead: 60 },
      { inputTokens: 40, inputCachedTokens: 60 },
    ],
    [
      "a whole smaller than its parts is no whole",
      "",
      "",
      { input: 3, output: 2, cacheRead: 60, reasoning: 9 },
      { inputTokens: 3, inputCachedTokens: 60, outputTokens: 2, reasoningTokens: 9 },
    ],
    [
      "nor is it where the total is the sum of all",
      "",
      "",
      { input: 100, output: 5, total: 165, cacheRead: 60 },
      { inputTokens: 100, inputCachedTokens: 60, outputTokens: 5 },
    ],
    [
      "the same total with a whole input leaves it one",
      "",
      "",
      { input: 100, output: 5, total: 105, cacheRead: 60 },
      { inputTokens: 40, inputCachedTokens: 60, outputTokens: 5 },
    ],
  ] as const)("%s", ([, scope, provider, told, buckets], { expect }) => {
    expect(filled(toBuckets(counts(told), countingOf(scope, provider)))).toEqual(buckets);
  });

  test("Langfuse's details are buckets already; what has none counts where its name begins, and no total counts", ({ expect }) => {
    const details = {
      input: 6,
      input_cached_tokens: 4,
      output: 3,
      output_reasoning_tokens: "2",
      input_text_tokens: 1,
      output_image: 1,
      total: 17,
      other: 9,
    };
    expect(filled(fromDetails(details))).toEqual({ inputTokens: 7, inputCachedTokens: 4, outputTokens: 4, reasoningTokens: 2 });
  });
});
