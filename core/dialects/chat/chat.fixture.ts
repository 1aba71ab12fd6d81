import type { Usage } from "../../contracts/usage.ts";
import type { Answer } from "../answer.ts";
import type { DialectFixtures } from "../dialect.fixture.ts";
import { chatRequests } from "./requests.fixture.ts";

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

const head = { id: "chatcmpl-1", object: "chat.completion", created: 1_700_000_000, model: "gpt-5-2025-08-07" };
const plainUsage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
const stopped = { unified: "stop", raw: "stop", sequence: null } as const;
const plainAnswer: Answer = {
  id: "chatcmpl-1",
  model: "gpt-5-2025-08-07",
  blocks: [{ kind: "text", text: "Grüße 👋", logprobs: [] }],
  stop: stopped,
  usage: { ...none, inputTokens: 9, outputTokens: 4 },
  serviceTier: null,
};
const toolsAnswer: Answer = {
  ...plainAnswer,
  blocks: [
    { kind: "text", text: "Let me see.", logprobs: [] },
    { kind: "tool-call", id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
    { kind: "tool-call", id: "call_2", name: "time", arguments: "{}" },
  ],
  stop: { unified: "tool_calls", raw: "tool_calls", sequence: null },
};
const token = { token: "Hi", logprob: -0.5, bytes: [72, 105], top_logprobs: [] };

const answers = {
  plain: {
    body: {
      ...head,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Grüße 👋", refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: plainUsage,
      system_fingerprint: "fp_1",
    },
    answer: plainAnswer,
  },
  /** The second takes nothing, and is called so. */
  tools: {
    body: {
      ...head,
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "Let me see.",
            tool_calls: [
              { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } },
              { id: "call_2", type: "function", function: { name: "time", arguments: "" } },
            ],
          },
          finish_reason: "tool_calls",
        },
      ],
      usage: plainUsage,
    },
    answer: toolsAnswer,
  },
  /** The model's own refusal comes with `stop`. */
  refusal: {
    body: {
      ...head,
      choices: [{ index: 0, message: { role: "assistant", content: null, refusal: "I can't." }, logprobs: null, finish_reason: "stop" }],
      usage: plainUsage,
    },
    answer: {
      ...plainAnswer,
      blocks: [{ kind: "refusal", text: "I can't." }],
      stop: { unified: "content_filter", raw: "stop", sequence: null },
    },
  },
  /** A call of the tool that the caller had named comes with `stop`. */
  namedTool: {
    body: {
      ...head,
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } }],
          },
          finish_reason: "stop",
        },
      ],
    },
    answer: {
      ...plainAnswer,
      blocks: [{ kind: "tool-call", id: "call_1", name: "weather", arguments: "{}" }],
      stop: { unified: "tool_calls", raw: "stop", sequence: null },
      usage: null,
    },
  },
  logprobs: {
    body: {
      ...head,
      choices: [
        { index: 0, message: { role: "assistant", content: "Hi" }, logprobs: { content: [token], refusal: null }, finish_reason: "length" },
      ],
      usage: { ...plainUsage, completion_tokens: 0, total_tokens: 9 },
      service_tier: "flex",
    },
    answer: {
      ...plainAnswer,
      blocks: [{ kind: "text", text: "Hi", logprobs: [token] }],
      stop: { unified: "length", raw: "length", sequence: null },
      usage: { ...none, inputTokens: 9 },
      serviceTier: "flex",
    },
  },
  thinking: {
    body: {
      ...head,
      choices: [{ index: 0, message: { role: "assistant", content: "9.9", reasoning_content: "Compare." }, finish_reason: "stop" }],
      usage: { ...plainUsage, completion_tokens_details: { reasoning_tokens: 3 } },
    },
    answer: {
      ...plainAnswer,
      blocks: [
        { kind: "thinking", text: "Compare.", seal: null },
        { kind: "text", text: "9.9", logprobs: [] },
      ],
      usage: { ...none, inputTokens: 9, outputTokens: 1, reasoningTokens: 3 },
    },
  },
  /** Blocks without text are whole: some models only sign. */
  sealedThinking: {
    body: {
      ...head,
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "9.9",
            reasoning_content: "Compare.",
            thinking_blocks: [
              { type: "thinking", thinking: "Compare.", signature: "evalforge:messages:c2ln" },
              { type: "redacted_thinking", data: "evalforge:messages:ZGF0YQ==" },
              { type: "thinking", thinking: "", signature: "evalforge:responses:ZW5j" },
            ],
          },
          finish_reason: "stop",
        },
      ],
      usage: plainUsage,
    },
    answer: {
      ...plainAnswer,
      blocks: [
        { kind: "thinking", text: "Compare.", seal: { origin: "messages", value: "c2ln" } },
        { kind: "redacted-thinking", seal: { origin: "messages", value: "ZGF0YQ==" } },
        { kind: "thinking", text: "", seal: { origin: "responses", value: "ZW5j" } },
        { kind: "text", text: "9.9", logprobs: [] },
      ],
    },
  },
} as const satisfies DialectFixtures["answers"];

type Fields = Readonly<Record<string, unknown>>;

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const chunkHead = { ...head, object: "chat.completion.chunk" };
const done = "data: [DONE]\n\n";
const chunk = (choices: readonly unknown[], rest: Fields = {}) => event({ ...chunkHead, choices, ...rest });
const delta = (said: Fields, rest: Fields = {}) => chunk([{ index: 0, delta: said, logprobs: null, finish_reason: null, ...rest }]);
const calls = (...pieces: readonly Fields[]) => delta({ tool_calls: pieces });
const finish = (reason: string) => delta({}, { finish_reason: reason });
const usage = (block: unknown = plainUsage, rest: Fields = {}) => chunk([], { usage: block, ...rest });
const start = delta({ role: "assistant", content: "", refusal: null });
const weather = { id: "call_1", type: "function", function: { name: "weather", arguments: "" } };
const time = { id: "call_2", type: "function", function: { name: "time", arguments: "" } };
const ended = finish("tool_calls") + usage() + done;
const callsAnswer: Answer = { ...toolsAnswer, blocks: toolsAnswer.blocks.slice(1) };

const streams = {
  plain: { text: start + delta({ content: "Grüße" }) + delta({ content: " 👋" }) + finish("stop") + usage() + done, answer: plainAnswer },
  tools: {
    text:
      start +
      delta({ content: "Let me" }) +
      delta({ content: " see." }) +
      calls({ index: 0, ...weather }) +
      calls({ index: 0, function: { arguments: '{"city":' } }) +
      calls({ index: 0, function: { arguments: '"Rome"}' } }) +
      calls({ index: 1, ...time }) +
      ended,
    answer: toolsAnswer,
  },
  "tools, written side by side": {
    text:
      calls({ index: 0, ...weather }, { index: 1, ...time }) +
      calls({ index: 1, function: { arguments: "{" } }, { index: 0, function: { arguments: '{"city":' } }) +
      calls({ index: 0, function: { arguments: '"Rome"}' } }, { index: 1, function: { arguments: "}" } }) +
      ended,
    answer: callsAnswer,
  },
  "tools, named in every piece": {
    text:
      calls({ index: 0, ...weather, function: { name: "weather", arguments: '{"city":' } }) +
      calls({ index: 0, ...weather, function: { name: "weather", arguments: '"Rome"}' } }) +
      calls({ index: 1, ...time, function: { name: "time", arguments: "{}" } }) +
      ended,
    answer: callsAnswer,
  },
  "tools, each whole and all of one number": {
    text:
      calls(
        { index: 0, ...weather, function: { name: "weather", arguments: '{"city":"Rome"}' } },
        { index: 0, ...time, function: { name: "time", arguments: "{}" } },
      ) + ended,
    answer: callsAnswer,
  },
  "tools, of no number": {
    text:
      calls({ ...weather, function: { name: "weather", arguments: '{"city":' } }) +
      calls({ function: { arguments: '"Ro' } }) +
      calls({ id: "call_1", function: { arguments: 'me"}' } }, { ...time, function: { name: "time", arguments: {} } }) +
      ended,
    answer: callsAnswer,
  },
  "tools, of an id that changes": {
    text:
      calls({ index: 0, ...weather, function: { name: "weather", arguments: '{"city":' } }) +
      calls({ index: 0, id: "call_9", function: { arguments: '"Rome"}' } }) +
      calls({ index: 1, ...time }) +
      ended,
    answer: callsAnswer,
  },
  "tools, of no id": {
    text:
      calls({ index: 0, function: { name: "a", arguments: "{}" } }) + calls({ index: 1, function: { name: "b" } }) + finish("stop") + done,
    answer: {
      ...plainAnswer,
      blocks: [
        { kind: "tool-call", id: "call_0_chatcmpl-1", name: "a", arguments: "{}" },
        { kind: "tool-call", id: "call_1_chatcmpl-1", name: "b", arguments: "{}" },
      ],
      stop: { unified: "tool_calls", raw: "stop", sequence: null },
      usage: null,
    },
  },
  "text after tools": {
    text:
      calls({ index: 0, ...time }) +
      delta({ content: "Wait." }) +
      calls({ index: 0, function: { name: "weather" } }) +
      finish("tool_calls") +
      done,
    answer: {
      ...toolsAnswer,
      blocks: [
        { kind: "tool-call", id: "call_2", name: "time", arguments: "{}" },
        { kind: "text", text: "Wait.", logprobs: [] },
        { kind: "tool-call", id: "call_2_chatcmpl-1", name: "weather", arguments: "{}" },
      ],
      usage: null,
    },
  },
  refusal: {
    text: start + delta({ refusal: "I " }) + delta({ refusal: "can't." }) + finish("stop") + usage() + done,
    answer: answers.refusal.answer,
  },
  thinking: {
    text:
      delta({ role: "assistant", content: null, reasoning_content: "Com" }) +
      delta({ reasoning: "pare.", content: "" }) +
      delta({ content: "9.9" }) +
      finish("stop") +
      usage({ ...plainUsage, completion_tokens_details: { reasoning_tokens: 3 } }) +
      done,
    answer: answers.thinking.answer,
  },
  "thinking among the parts of a content": {
    text:
      delta({ content: [{ type: "thinking", thinking: [{ type: "text", text: "Compare." }] }] }) +
      delta({ content: [{ type: "text", text: "9.9" }] }) +
      finish("stop") +
      usage({ ...plainUsage, completion_tokens_details: { reasoning_tokens: 3 } }) +
      done,
    answer: answers.thinking.answer,
  },
  "sealed thinking": {
    text:
      delta({ reasoning_content: "Com" }) +
      delta({ reasoning_content: "pare." }) +
      delta({ thinking_blocks: [{ type: "thinking", thinking: "Compare.", signature: "evalforge:messages:c2ln" }] }) +
      delta({ thinking_blocks: [{ type: "redacted_thinking", data: "evalforge:messages:ZGF0YQ==" }] }) +
      delta({ thinking_blocks: [{ type: "thinking", thinking: "", signature: "evalforge:responses:ZW5j" }] }) +
      delta({ content: "9.9" }) +
      finish("stop") +
      usage() +
      done,
    answer: answers.sealedThinking.answer,
  },
  "sealed thinking, in pieces twice over": {
    text:
      delta({ reasoning_content: "Com", thinking_blocks: [{ type: "thinking", thinking: "Com", signature: "" }] }) +
      delta({ reasoning_content: "pare.", thinking_blocks: [{ type: "thinking", thinking: "pare.", signature: null }] }) +
      delta({ thinking_blocks: [{ type: "thinking", thinking: "", signature: "c2ln" }] }) +
      delta({ thinking_blocks: [{ type: "thinking", thinking: "Next.", signature: "c2ln" }] }) +
      finish("stop") +
      done,
    answer: {
      ...plainAnswer,
      blocks: [
        { kind: "thinking", text: "Compare.", seal: { origin: "messages", value: "c2ln" } },
        { kind: "thinking", text: "Next.", seal: { origin: "messages", value: "c2ln" } },
      ],
      usage: null,
    },
  },
  /** A token that is a part of a character has no text. */
  logprobs: {
    text:
      delta({ content: "" }, { logprobs: { content: [] } }) +
      delta({ content: "" }, { logprobs: { content: [token], refusal: null } }) +
      delta({ content: "Hi" }, { logprobs: { content: [token], refusal: null } }) +
      finish("length") +
      usage({ ...plainUsage, completion_tokens: 0, total_tokens: 9 }, { service_tier: "flex" }) +
      done,
    answer: { ...answers.logprobs.answer, blocks: [{ kind: "text", text: "Hi", logprobs: [token, token] }] },
  },
  /** The first chunk tells what the provider thinks of the prompt, and names no model. */
  azure: {
    text:
      event({ id: "", object: "", created: 0, model: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] }) +
      start +
      delta({ content: "Grüße 👋" }, { content_filter_results: {} }) +
      finish("content_filter") +
      usage() +
      done,
    answer: { ...plainAnswer, stop: { unified: "content_filter", raw: "content_filter", sequence: null } },
  },
  /** Usage so far in every chunk, and the reason again in the last one; comments between them. */
  "told again and again": {
    text:
      ": PROCESSING\n\n" +
      [1, 2, 3].map((count) => chunk([], { usage: { ...plainUsage, completion_tokens: count } })).join("") +
      delta({ content: "Grüße 👋" }, { finish_reason: "" }) +
      chunk([
        { index: 1, delta: { content: "another choice" }, finish_reason: "length" },
        { index: 0, delta: {}, finish_reason: "stop" },
      ]) +
      chunk([{ index: 0, delta: { content: "" }, finish_reason: "stop" }], { usage: plainUsage }) +
      done,
    answer: plainAnswer,
  },
  "zero tokens are not unknown ones": {
    text: delta({ content: "" }) + finish("stop") + usage({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }) + done,
    answer: { ...plainAnswer, blocks: [], usage: none },
  },
} as const satisfies DialectFixtures["streams"];

const failing = {
  plain: {
    text: start + delta({ content: "Gr" }) + event({ error: { message: "The server is overloaded.", type: "server_error", code: 503 } }),
    message: "The server is overloaded.",
  },
  "of another shape": { text: event({ object: "error", message: "too long", type: "BadRequestError", code: 400 }), message: "too long" },
} as const satisfies DialectFixtures["failing"];

const usages = {
  plain: { block: plainUsage, usage: { ...none, inputTokens: 9, outputTokens: 4 } },
  cached: {
    block: {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 20, audio_tokens: 5, image_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 4 },
    },
    usage: {
      ...none,
      inputTokens: 14,
      inputCachedTokens: 60,
      cacheWriteTokens: 20,
      inputAudioTokens: 5,
      inputImageTokens: 1,
      outputTokens: 16,
      reasoningTokens: 30,
      outputAudioTokens: 4,
    },
  },
  zero: { block: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, usage: none },
} as const satisfies DialectFixtures["usages"];

export const chatFixtures: DialectFixtures = { requests: chatRequests, answers, streams, failing, usages };
