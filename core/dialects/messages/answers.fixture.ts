import type { Usage } from "../../contracts/usage.ts";
import type { Answer } from "../answer.ts";
import type { DialectFixtures } from "../dialect.fixture.ts";

const usage: Usage = {
  inputTokens: 12,
  inputCachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 6,
  reasoningTokens: 0,
  outputAudioTokens: 0,
};
const usageBlock = { input_tokens: 12, output_tokens: 6 };
const head = { id: "msg_01", type: "message", role: "assistant", model: "claude-sonnet-4-5-20250929" };
const common = { id: "msg_01", model: "claude-sonnet-4-5-20250929", usage, serviceTier: null } as const;
const text = (words: string) => ({ kind: "text", text: words, logprobs: [] }) as const;
const stop = (unified: Answer["stop"]["unified"], raw: string, sequence: string | null = null) => ({ unified, raw, sequence });
const event = (type: string, fields: object = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** Whole answers, and what they mean. */
export const answers: DialectFixtures["answers"] = {
  plain: {
    body: {
      ...head,
      content: [{ type: "text", text: "Grüße 👋", citations: null }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { ...usageBlock, service_tier: "standard" },
    },
    answer: { ...common, blocks: [text("Grüße 👋")], stop: stop("stop", "end_turn"), serviceTier: "standard" },
  },
  tools: {
    body: {
      ...head,
      content: [
        { type: "text", text: "Let me see." },
        { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Paris" }, caller: { type: "direct" } },
        { type: "tool_use", id: "toolu_2", name: "now", input: {} },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: usageBlock,
    },
    answer: {
      ...common,
      blocks: [
        text("Let me see."),
        { kind: "tool-call", id: "toolu_1", name: "weather", arguments: '{"city":"Paris"}' },
        { kind: "tool-call", id: "toolu_2", name: "now", arguments: "{}" },
      ],
      stop: stop("tool_calls", "tool_use"),
    },
  },
  thinking: {
    body: {
      ...head,
      content: [
        { type: "thinking", thinking: "Hm.", signature: "EqQB" },
        { type: "redacted_thinking", data: "Emwk" },
        { type: "thinking", thinking: "", signature: "ErUB" },
        { type: "thinking", thinking: "Unsigned.", signature: "" },
        { type: "text", text: "Done" },
      ],
      stop_reason: "stop_sequence",
      stop_sequence: "END",
      usage: { ...usageBlock, output_tokens_details: { thinking_tokens: 4 } },
    },
    answer: {
      ...common,
      blocks: [
        { kind: "thinking", text: "Hm.", seal: { origin: "messages", value: "EqQB" } },
        { kind: "redacted-thinking", seal: { origin: "messages", value: "Emwk" } },
        { kind: "thinking", text: "", seal: { origin: "messages", value: "ErUB" } },
        { kind: "thinking", text: "Unsigned.", seal: null },
        text("Done"),
      ],
      stop: stop("stop", "stop_sequence", "END"),
      usage: { ...usage, outputTokens: 2, reasoningTokens: 4 },
    },
  },
  refusal: {
    body: { ...head, content: [], stop_reason: "refusal", stop_sequence: null, usage: usageBlock },
    answer: { ...common, blocks: [], stop: stop("content_filter", "refusal") },
  },
  "the provider's own tools": {
    body: {
      ...head,
      content: [
        { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} },
        { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] },
        { type: "text", text: "Sunny", citations: [] },
      ],
      stop_reason: "pause_turn",
      stop_sequence: null,
      usage: usageBlock,
    },
    answer: { ...common, blocks: [text("Sunny")], stop: stop("other", "pause_turn") },
  },
};

const start = (counts: object, rest: object = {}) =>
  event("message_start", { message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: counts, ...rest } });
const open = (index: number, block: object) => event("content_block_start", { index, content_block: block });
const more = (index: number, delta: object) => event("content_block_delta", { index, delta });
const close = (index: number) => event("content_block_stop", { index });
const finish = (reason: string, counts: object, sequence: string | null = null) =>
  event("message_delta", { delta: { stop_reason: reason, stop_sequence: sequence }, usage: counts });
const end = event("message_stop");
const ping = event("ping");
const textPiece = (index: number, words: string) => more(index, { type: "text_delta", text: words });
const jsonPiece = (index: number, words: string) => more(index, { type: "input_json_delta", partial_json: words });

/** Whole streams, and the answers they make. */
export const streams: DialectFixtures["streams"] = {
  plain: {
    text: [
      start({ input_tokens: 12, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1, service_tier: "standard" }),
      open(0, { type: "text", text: "" }),
      ping,
      textPiece(0, "Grü"),
      ": a comment\n\n",
      textPiece(0, ""),
      textPiece(0, "ße 👋"),
      close(0),
      finish("end_turn", { output_tokens: 6 }),
      end,
    ].join(""),
    answer: { ...common, blocks: [text("Grüße 👋")], stop: stop("stop", "end_turn"), serviceTier: "standard" },
  },
  tools: {
    text: [
      start({ input_tokens: 12, output_tokens: 1 }),
      open(0, { type: "text", text: "" }),
      textPiece(0, "Let me see."),
      close(0),
      open(1, { type: "tool_use", id: "toolu_1", name: "weather", input: {} }),
      jsonPiece(1, ""),
      jsonPiece(1, '{"city":'),
      jsonPiece(1, '"Paris"}'),
      close(1),
      open(2, { type: "tool_use", id: "toolu_2", name: "now", input: {} }),
      close(2),
      finish("tool_use", { output_tokens: 6 }),
      end,
    ].join(""),
    answer: {
      ...common,
      blocks: [
        text("Let me see."),
        { kind: "tool-call", id: "toolu_1", name: "weather", arguments: '{"city":"Paris"}' },
        { kind: "tool-call", id: "toolu_2", name: "now", arguments: "{}" },
      ],
      stop: stop("tool_calls", "tool_use"),
    },
  },
  thinking: {
    text: [
      start({ input_tokens: 12, output_tokens: 2 }),
      open(0, { type: "thinking", thinking: "", signature: "" }),
      more(0, { type: "thinking_delta", thinking: "H" }),
      more(0, { type: "thinking_delta", thinking: "m." }),
      more(0, { type: "signature_delta", signature: "EqQB" }),
      close(0),
      open(1, { type: "redacted_thinking", data: "Emwk" }),
      close(1),
      open(2, { type: "thinking", thinking: "", signature: "" }),
      more(2, { type: "signature_delta", signature: "ErUB" }),
      close(2),
      open(3, { type: "text", text: "" }),
      textPiece(3, "Done"),
      close(3),
      finish("stop_sequence", { output_tokens: 6, output_tokens_details: { thinking_tokens: 4 } }, "END"),
      end,
    ].join(""),
    answer: {
      ...common,
      blocks: [
        { kind: "thinking", text: "Hm.", seal: { origin: "messages", value: "EqQB" } },
        { kind: "redacted-thinking", seal: { origin: "messages", value: "Emwk" } },
        { kind: "thinking", text: "", seal: { origin: "messages", value: "ErUB" } },
        text("Done"),
      ],
      stop: stop("stop", "stop_sequence", "END"),
      usage: { ...usage, outputTokens: 2, reasoningTokens: 4 },
    },
  },
  "the provider's own tools and citations": {
    text: [
      start({ input_tokens: 12, output_tokens: 1 }),
      open(0, { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} }),
      jsonPiece(0, '{"query":"weather"}'),
      close(0),
      open(1, { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] }),
      close(1),
      open(2, { type: "text", text: "" }),
      more(2, { type: "citations_delta", citation: { type: "web_search_result_location" } }),
      textPiece(2, "Sunny"),
      close(2),
      finish("pause_turn", { input_tokens: 12, output_tokens: 6, server_tool_use: { web_search_requests: 1 } }),
      end,
    ].join(""),
    answer: { ...common, blocks: [text("Sunny")], stop: stop("other", "pause_turn") },
  },
  "counts that come late, and an explicit zero": {
    text: [
      start({ input_tokens: 0, cache_read_input_tokens: 5, cache_creation_input_tokens: 7, output_tokens: 1 }),
      open(0, { type: "text", text: "Hi" }),
      close(0),
      finish("end_turn", {
        input_tokens: 12,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: null,
        output_tokens: 3,
      }),
      event("message_delta", { delta: {}, usage: { output_tokens: 6 } }),
      end,
    ].join(""),
    answer: { ...common, blocks: [text("Hi")], stop: stop("stop", "end_turn"), usage: { ...usage, cacheWriteTokens: 7 } },
  },
  "a tool call whose arguments come whole": {
    text: [
      start({ input_tokens: 12, output_tokens: 0 }),
      open(0, { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Rome" } }),
      close(0),
      finish("tool_use", usageBlock),
      end,
    ].join(""),
    answer: {
      ...common,
      blocks: [{ kind: "tool-call", id: "toolu_1", name: "weather", arguments: '{"city":"Rome"}' }],
      stop: stop("tool_calls", "tool_use"),
    },
  },
  "lines that end in CRLF": {
    text: [
      start({ input_tokens: 12, output_tokens: 1 }),
      open(0, { type: "text", text: "" }),
      textPiece(0, "Hi"),
      close(0),
      finish("max_tokens", { output_tokens: 6 }),
      end,
    ]
      .join("")
      .replaceAll("\n", "\r\n"),
    answer: { ...common, blocks: [text("Hi")], stop: stop("length", "max_tokens") },
  },
};

/** Streams that fail, and the provider's words. */
export const failing: DialectFixtures["failing"] = {
  overloaded: {
    text: [
      start({ input_tokens: 12, output_tokens: 1 }),
      open(0, { type: "text", text: "" }),
      textPiece(0, "Hi"),
      event("error", { error: { type: "overloaded_error", message: "Overloaded" } }),
    ].join(""),
    message: "Overloaded",
  },
  "at once": {
    text: event("error", { error: { type: "api_error", message: "Internal server error" }, request_id: "req_1" }),
    message: "Internal server error",
  },
};
