import type { Fields } from "../wire/fields.ts";
import { chatAnswer } from "../wire/chat.ts";
import { alike, field, type Feature } from "./feature.ts";
import { user } from "./turns.ts";

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false } as const;
const named = { name: "place", schema, strict: true } as const;
const noName = "Its name is not said, as it means nothing there.";
const byEffort = "Is said by its effort.";
const least = "Is said as `low`, the least that there is.";
const unenforced = "OpenAI keeps to the schema for sure only where it is called `strict`, for which Anthropic's API has no word.";
const twoChoices: Fields = {
  ...chatAnswer(),
  choices: ["One.", "Two."].map((content, index) => ({
    index,
    message: { role: "assistant", content },
    finish_reason: "stop",
    logprobs: null,
  })),
};

export const settings: readonly Feature[] = [
  field("output tokens, at most", {
    chat: ["max_completion_tokens", 64],
    messages: ["max_tokens", 64],
    responses: ["max_output_tokens", 64],
  }),
  {
    name: "output tokens, at most (the older `max_tokens`)",
    asks: { chat: { max_tokens: 64 } },
    sees: { messages: { max_tokens: 64 }, responses: { max_output_tokens: 64 } },
  },
  {
    name: "no limit of output tokens",
    asks: { chat: {}, responses: {} },
    sees: { chat: {}, messages: { max_tokens: 64_000 }, responses: {} },
    remarks: {
      "chat > messages": "The API demands a limit; the model's own is sent.",
      "responses > messages": "The API demands a limit; the model's own is sent.",
    },
  },
  field("temperature", { chat: ["temperature", 0.5], messages: ["temperature", 0.5], responses: ["temperature", 0.5] }),
  field("temperature above 1", { chat: ["temperature", 1.5], responses: ["temperature", 1.5] }),
  field("top_p", { chat: ["top_p", 0.9], messages: ["top_p", 0.9], responses: ["top_p", 0.9] }),
  {
    name: "top_k",
    asks: { chat: { top_k: 40 }, messages: { top_k: 40 } },
    sees: { messages: { top_k: 40 } },
    called: { chat: "top_k", messages: "top_k" },
    remarks: { "chat > chat": "OpenAI does not know it, but other providers of the same API do." },
  },
  field("stop sequences", { chat: ["stop", ["END"]], messages: ["stop_sequences", ["END"]] }),
  field("seed", { chat: ["seed", 7] }),
  field(
    "several choices (`n`)",
    { chat: ["n", 2] },
    {
      answers: { chat: twoChoices },
      reads: { chat: { choices: [{ message: { content: "One." } }, { message: { content: "Two." } }] } },
    },
  ),
  field("frequency penalty", { chat: ["frequency_penalty", 0.5] }),
  field("presence penalty", { chat: ["presence_penalty", 0.5] }),
  field("logit bias", { chat: ["logit_bias", { "50256": -100 }] }),
  field(
    "verbosity",
    { chat: ["verbosity", "low"], responses: ["text.verbosity", "low"] },
    { called: { chat: "verbosity", responses: "verbosity" } },
  ),
  field("JSON mode", { chat: ["response_format", { type: "json_object" }], responses: ["text.format", { type: "json_object" }] }),
  {
    name: "JSON schema of the answer",
    asks: {
      chat: { response_format: { type: "json_schema", json_schema: named } },
      messages: { output_config: { format: { type: "json_schema", schema } } },
      responses: { text: { format: { type: "json_schema", ...named } } },
    },
    sees: {
      chat: (from) => ({ response_format: { type: "json_schema", json_schema: from === "messages" ? { schema } : named } }),
      messages: { output_config: { format: { type: "json_schema", schema } } },
      responses: (from) => ({ text: { format: { type: "json_schema", ...(from === "messages" ? { schema } : named) } } }),
    },
    remarks: {
      "chat > messages": noName,
      "responses > messages": noName,
      "messages > chat": unenforced,
      "messages > responses": unenforced,
    },
  },
  field("reasoning effort", {
    chat: ["reasoning_effort", "low"],
    messages: ["output_config.effort", "low"],
    responses: ["reasoning.effort", "low"],
  }),
  {
    name: "reasoning effort: minimal",
    asks: { chat: { reasoning_effort: "minimal" }, responses: { reasoning: { effort: "minimal" } } },
    sees: {
      chat: { reasoning_effort: "minimal" },
      messages: { output_config: { effort: "low" } },
      responses: { reasoning: { effort: "minimal" } },
    },
    remarks: { "chat > messages": least, "responses > messages": least },
  },
  alike("reasoning effort: max", {
    chat: { reasoning_effort: "max" },
    messages: { output_config: { effort: "max" } },
    responses: { reasoning: { effort: "max" } },
  }),
  field("reasoning summary", { responses: ["reasoning.summary", "auto"] }),
  {
    name: "reasoning budget",
    asks: { messages: { max_tokens: 4096, thinking: { type: "enabled", budget_tokens: 2048 } } },
    sees: {},
    called: { messages: "thinking" },
  },
  {
    name: "reasoning as the model sees fit",
    asks: { messages: { thinking: { type: "adaptive" }, output_config: { effort: "high" } } },
    sees: { chat: { reasoning_effort: "high" }, responses: { reasoning: { effort: "high" } } },
    remarks: { "messages > chat": byEffort, "messages > responses": byEffort },
  },
  alike("reasoning off", {
    chat: { reasoning_effort: "none" },
    messages: { thinking: { type: "disabled" } },
    responses: { reasoning: { effort: "none" } },
  }),
  alike("service tier: auto", { chat: { service_tier: "auto" }, messages: { service_tier: "auto" }, responses: { service_tier: "auto" } }),
  alike("service tier: the usual one", {
    chat: { service_tier: "default" },
    messages: { service_tier: "standard_only" },
    responses: { service_tier: "default" },
  }),
  field("service tier: flex", { chat: ["service_tier", "flex"], responses: ["service_tier", "flex"] }),
  {
    name: "end user's id",
    asks: { chat: { safety_identifier: "u-1" }, messages: { metadata: { user_id: "u-1" } }, responses: { safety_identifier: "u-1" } },
    sees: { chat: { safety_identifier: "u-1" }, messages: { metadata: { user_id: "u-1" } }, responses: { user: "u-1" } },
  },
  field("metadata", { chat: ["metadata", { team: "a" }], responses: ["metadata", { team: "a" }] }),
  field("prompt cache key", { chat: ["prompt_cache_key", "k"], responses: ["prompt_cache_key", "k"] }),
  field("answers kept by the provider (`store`)", { chat: ["store", true], responses: ["store", true] }),
  field("previous response", { responses: ["previous_response_id", "resp_0"] }, { isNeverDropped: true }),
  field(
    "item by reference",
    { responses: ["input", [{ type: "item_reference", id: "msg_0" }]] },
    { called: { responses: "item_reference" } },
  ),
  field("answer in the background", { responses: ["background", true] }),
  field("MCP servers", { messages: ["mcp_servers", [{ type: "url", name: "m", url: "https://mcp.example" }]] }),
  field("management of the context", { messages: ["context_management", { edits: [{ type: "clear_tool_uses_20250919" }] }] }),
  field("audio in the answer", { chat: ["audio", { voice: "alloy", format: "wav" }] }),
  {
    name: "custom tool (no JSON)",
    asks: {
      chat: { tools: [{ type: "custom", custom: { name: "run" } }] },
      responses: { tools: [{ type: "custom", name: "run" }] },
    },
    sees: {},
    called: { chat: "custom", responses: "custom" },
  },
  {
    name: "provider's own tool (web search)",
    asks: {
      chat: { web_search_options: { search_context_size: "low" } },
      messages: { tools: [{ type: "web_search_20250305", name: "web_search" }] },
      responses: { tools: [{ type: "web_search" }] },
    },
    sees: {},
    called: { chat: "web_search_options", messages: "web_search", responses: "web_search" },
  },
  field("predicted output", { chat: ["prediction", { type: "content", content: "Hello there." }] }),
  {
    name: "field that no API knows",
    asks: { chat: { x_new: { deep: 1 } }, messages: { x_new: { deep: 1 } }, responses: { x_new: { deep: 1 } } },
    sees: {},
    called: { chat: "x_new", messages: "x_new", responses: "x_new" },
  },
  {
    name: "cache mark (5 minutes)",
    asks: { chat: marked({}), messages: marked({}) },
    sees: { chat: { messages: [user.chat("Hi")] }, messages: marked({}), responses: { input: [user.responses("Hi")] } },
    remarks: unmarked(),
  },
  {
    name: "cache mark (1 hour)",
    asks: { chat: marked({ ttl: "1h" }), messages: marked({ ttl: "1h" }) },
    sees: {
      chat: { messages: [user.chat("Hi")] },
      messages: marked({ ttl: "1h" }),
      responses: { input: [user.responses("Hi")] },
    },
    remarks: unmarked(),
  },
];

function marked(rest: Fields): Fields {
  return { messages: [{ role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral", ...rest } }] }] };
}

function unmarked(): NonNullable<Feature["remarks"]> {
  const remark = "Is left out unnamed: OpenAI caches by itself.";
  return {
    "chat > chat": "OpenAI does not know it, but other providers of the same API do.",
    "messages > chat": remark,
    "chat > responses": remark,
    "messages > responses": remark,
  };
}
