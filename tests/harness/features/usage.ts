import { chatAnswer } from "../wire/chat.ts";
import type { Fields } from "../wire/fields.ts";
import { messagesAnswer, messagesUsage } from "../wire/messages.ts";
import { responsesAnswer } from "../wire/responses.ts";
import type { Dialect } from "../wire/wire.ts";
import type { Feature } from "./feature.ts";

const unasked: Readonly<Record<Dialect, Fields>> = { chat: {}, messages: {}, responses: {} };
const nothing = { asks: unasked, sees: unasked } as const;

/** 60 tokens read anew, 40 from the cache; 30 written, 20 thought. */
const buckets = {
  inputTokens: 60,
  inputCachedTokens: 40,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 30,
  reasoningTokens: 20,
  outputAudioTokens: 0,
} as const;
const usual = { chat: chatAnswer(), messages: messagesAnswer(), responses: responsesAnswer() } as const;
const oneSum = "Writes of five minutes and of an hour are one sum there.";

export const usage: readonly Feature[] = [
  {
    name: "usage, plain and streamed, in exclusive buckets in the record",
    ...nothing,
    answers: usual,
    reads: {
      chat: { usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 } },
      messages: { usage: { input_tokens: 60, output_tokens: 50 } },
      responses: { usage: { input_tokens: 100, output_tokens: 50, total_tokens: 150 } },
    },
    records: { chat: buckets, messages: buckets, responses: buckets },
  },
  {
    name: "tokens read from the cache",
    ...nothing,
    answers: usual,
    reads: {
      chat: { usage: { prompt_tokens_details: { cached_tokens: 40 } } },
      messages: { usage: { cache_read_input_tokens: 40 } },
      responses: { usage: { input_tokens_details: { cached_tokens: 40 } } },
    },
  },
  {
    name: "tokens written to the cache, for 5 minutes and for an hour",
    ...nothing,
    answers: {
      messages: messagesAnswer(undefined, {
        usage: {
          ...messagesUsage,
          cache_creation_input_tokens: 12,
          cache_creation: { ephemeral_5m_input_tokens: 7, ephemeral_1h_input_tokens: 5 },
        },
      }),
    },
    reads: {
      chat: { usage: { prompt_tokens: 112, prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 12 } } },
      messages: {
        usage: {
          cache_creation_input_tokens: 12,
          cache_creation: { ephemeral_5m_input_tokens: 7, ephemeral_1h_input_tokens: 5 },
        },
      },
      responses: { usage: { input_tokens: 112, input_tokens_details: { cached_tokens: 40, cache_write_tokens: 12 } } },
    },
    records: { messages: { ...buckets, cacheWriteTokens: 7, cacheWriteHourTokens: 5 } },
    remarks: { "chat > messages": oneSum, "responses > messages": oneSum },
  },
  {
    name: "reasoning tokens",
    ...nothing,
    answers: usual,
    reads: {
      chat: { usage: { completion_tokens: 50, completion_tokens_details: { reasoning_tokens: 20 } } },
      messages: { usage: { output_tokens: 50, output_tokens_details: { thinking_tokens: 20 } } },
      responses: { usage: { output_tokens: 50, output_tokens_details: { reasoning_tokens: 20 } } },
    },
  },
  {
    name: "service tier that served",
    ...nothing,
    answers: {
      chat: chatAnswer(undefined, {}, { service_tier: "default" }),
      messages: usual.messages,
      responses: usual.responses,
    },
    reads: {
      chat: (from) => ({ service_tier: from === "messages" ? "standard" : "default" }),
      messages: (from) => ({ usage: { service_tier: from === "messages" ? "standard" : "default" } }),
      responses: (from) => ({ service_tier: from === "messages" ? "standard" : "default" }),
    },
  },
];
