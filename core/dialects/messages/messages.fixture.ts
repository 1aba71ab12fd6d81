import type { Usage } from "../../contracts/usage.ts";
import type { DialectFixtures } from "../dialect.fixture.ts";
import { answers, failing, streams } from "./answers.fixture.ts";
import { requests } from "./requests.fixture.ts";

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

/** Written from Anthropic's documentation of its messages. */
export const messagesFixtures: DialectFixtures = {
  requests,
  answers,
  streams,
  failing,
  usages: {
    plain: { block: { input_tokens: 12, output_tokens: 6 }, usage: { ...none, inputTokens: 12, outputTokens: 6 } },
    cached: {
      block: {
        input_tokens: 21,
        cache_creation_input_tokens: 300,
        cache_read_input_tokens: 1_024,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
        output_tokens: 50,
        service_tier: "standard",
      },
      usage: {
        ...none,
        inputTokens: 21,
        inputCachedTokens: 1_024,
        cacheWriteTokens: 100,
        cacheWriteHourTokens: 200,
        outputTokens: 50,
      },
    },
    "cache writes without their split": {
      block: { input_tokens: 1, cache_creation_input_tokens: 300, cache_read_input_tokens: null, cache_creation: null, output_tokens: 2 },
      usage: { ...none, inputTokens: 1, cacheWriteTokens: 300, outputTokens: 2 },
    },
    "a split of cache writes without their total": {
      block: {
        input_tokens: 1,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 5 },
        output_tokens: 2,
      },
      usage: { ...none, inputTokens: 1, cacheWriteTokens: 4, cacheWriteHourTokens: 5, outputTokens: 2 },
    },
    "a split that passes its total": {
      block: {
        input_tokens: 1,
        cache_creation_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 5 },
        output_tokens: 2,
      },
      usage: { ...none, inputTokens: 1, outputTokens: 2 },
    },
    thinking: {
      block: { input_tokens: 9, output_tokens: 100, output_tokens_details: { thinking_tokens: 70 } },
      usage: { ...none, inputTokens: 9, outputTokens: 30, reasoningTokens: 70 },
    },
    zero: {
      block: { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
      usage: none,
    },
  },
};
