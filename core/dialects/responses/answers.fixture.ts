import type { Usage } from "../../contracts/usage.ts";
import type { Answer } from "../answer.ts";
import type { DialectFixtures } from "../dialect.fixture.ts";

export const usageBlock = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 60, cache_write_tokens: 0 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 40 },
  total_tokens: 150,
};

export const usage: Usage = {
  inputTokens: 40,
  inputCachedTokens: 60,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 10,
  reasoningTokens: 40,
  outputAudioTokens: 0,
};

/** A response as the API sends it, whole and with nothing in it. */
export const response = {
  id: "resp_1",
  object: "response",
  created_at: 1_760_000_000,
  status: "completed",
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  model: "gpt-5-2025-08-07",
  output: [],
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: "medium", summary: null },
  service_tier: "default",
  store: false,
  temperature: 1,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
  usage: usageBlock,
  user: null,
  metadata: {},
};

export const answer: Answer = {
  id: "resp_1",
  model: "gpt-5-2025-08-07",
  blocks: [],
  stop: { unified: "stop", raw: "completed", sequence: null },
  usage,
  serviceTier: "default",
};

export const message = (id: string, ...content: readonly unknown[]) => ({
  id,
  type: "message",
  status: "completed",
  role: "assistant",
  content,
});
export const said = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
export const calling = (id: string, callId: string, name: string, text: string) => ({
  id,
  type: "function_call",
  status: "completed",
  arguments: text,
  call_id: callId,
  name,
});
const logprob = { token: "Hi", logprob: -0.1, bytes: [72, 105], top_logprobs: [] };

export const answers: DialectFixtures["answers"] = {
  plain: {
    body: { ...response, output: [message("msg_1", said("Hello."))] },
    answer: { ...answer, blocks: [{ kind: "text", text: "Hello.", logprobs: [] }] },
  },
  tools: {
    body: {
      ...response,
      output: [
        { id: "rs_1", type: "reasoning", summary: [], encrypted_content: "gAAA" },
        message("msg_1", said("Let me look.")),
        calling("fc_1", "call_1", "weather", '{"city":"Rome"}'),
        calling("fc_2", "call_2", "time", ""),
      ],
    },
    answer: {
      ...answer,
      blocks: [
        { kind: "thinking", text: "", seal: { origin: "responses", value: "rs_1:gAAA" } },
        { kind: "text", text: "Let me look.", logprobs: [] },
        { kind: "tool-call", id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
        { kind: "tool-call", id: "call_2", name: "time", arguments: "{}" },
      ],
      stop: { unified: "tool_calls", raw: "completed", sequence: null },
    },
  },
  refusal: {
    body: { ...response, output: [message("msg_1", { type: "refusal", refusal: "No." })] },
    answer: {
      ...answer,
      blocks: [{ kind: "refusal", text: "No." }],
      stop: { unified: "content_filter", raw: "completed", sequence: null },
    },
  },
  thinking: {
    body: {
      ...response,
      output: [
        {
          id: "rs_1",
          type: "reasoning",
          summary: [
            { type: "summary_text", text: "One." },
            { type: "summary_text", text: "Two." },
          ],
          encrypted_content: "gAAA",
        },
        {
          id: "rs_2",
          type: "reasoning",
          summary: [],
          content: [
            { type: "reasoning_text", text: "Raw " },
            { type: "reasoning_text", text: "words." },
          ],
        },
        { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "q" } },
        message("msg_1", { ...said("Hi"), logprobs: [logprob], annotations: [{ type: "url_citation" }] }, said("!")),
      ],
    },
    answer: {
      ...answer,
      blocks: [
        { kind: "thinking", text: "One.\n\nTwo.", seal: { origin: "responses", value: "rs_1:gAAA" } },
        { kind: "thinking", text: "Raw words.", seal: null },
        { kind: "text", text: "Hi", logprobs: [logprob] },
        { kind: "text", text: "!", logprobs: [] },
      ],
    },
  },
  foreignThinking: {
    body: {
      ...response,
      output: [
        { id: "rs_a_0", type: "reasoning", summary: [], encrypted_content: "evalforge:messages:c2ln" },
        { id: "rs_redacted_a_1", type: "reasoning", summary: [], encrypted_content: "evalforge:messages:ZGF0YQ==" },
        { id: "rs_a_2", type: "reasoning", summary: [], encrypted_content: "evalforge:responses:rs_1:gAAA" },
        message("msg_1", said("")),
      ],
    },
    answer: {
      ...answer,
      blocks: [
        { kind: "thinking", text: "", seal: { origin: "messages", value: "c2ln" } },
        { kind: "redacted-thinking", seal: { origin: "messages", value: "ZGF0YQ==" } },
        { kind: "thinking", text: "", seal: { origin: "responses", value: "rs_1:gAAA" } },
        { kind: "text", text: "", logprobs: [] },
      ],
    },
  },
  length: {
    body: {
      ...response,
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [message("msg_1", said("Hel"))],
    },
    answer: {
      ...answer,
      blocks: [{ kind: "text", text: "Hel", logprobs: [] }],
      stop: { unified: "length", raw: "max_output_tokens", sequence: null },
    },
  },
  filtered: {
    body: { ...response, status: "incomplete", incomplete_details: { reason: "content_filter" } },
    answer: { ...answer, stop: { unified: "content_filter", raw: "content_filter", sequence: null } },
  },
  // The output length was reached inside a call.
  cutCall: {
    body: {
      ...response,
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [calling("fc_1", "call_1", "weather", '{"ci')],
    },
    answer: {
      ...answer,
      blocks: [{ kind: "tool-call", id: "call_1", name: "weather", arguments: '{"ci' }],
      stop: { unified: "length", raw: "max_output_tokens", sequence: null },
    },
  },
  unusual: {
    body: { ...response, status: "incomplete", incomplete_details: { reason: "steered" }, usage: null, service_tier: null },
    answer: { ...answer, stop: { unified: "other", raw: "steered", sequence: null }, usage: null, serviceTier: null },
  },
};
