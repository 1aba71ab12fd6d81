import { quietConversation } from "../conversation.fixture.ts";
import type { Block, Conversation, TextBlock } from "../conversation.ts";
import type { DialectFixtures } from "../dialect.fixture.ts";

type Requests = DialectFixtures["requests"];

/** A conversation that says nothing but what it must. */
export const quiet: Conversation = { ...quietConversation, model: "gpt-5" };

export const text = (said: string): TextBlock => ({ kind: "text", text: said, cache: null });
const call = (id: string, name: string, json: string): Block => ({ kind: "tool-call", id, name, arguments: json, cache: null });
const result = (callId: string, ...blocks: readonly TextBlock[]): Block => ({
  kind: "tool-result",
  callId,
  blocks,
  isError: false,
  cache: null,
});

const weatherSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };

/** Requests that this dialect writes, to any provider, so that they are read as they were. */
export const chatRequests = {
  plain: {
    body: {
      model: "gpt-5",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Grüße 👋" },
        { role: "assistant", content: "Hello." },
        { role: "system", content: [{ type: "text", text: "Now be long." }] },
        {
          role: "user",
          content: [
            { type: "text", text: "Go" },
            { type: "text", text: " on" },
          ],
        },
        { role: "user", content: "" },
      ],
    },
    conversation: {
      ...quiet,
      turns: [
        { role: "system", blocks: [text("Be brief.")] },
        { role: "user", blocks: [text("Grüße 👋")] },
        { role: "assistant", blocks: [text("Hello.")] },
        { role: "system", blocks: [text("Now be long.")] },
        { role: "user", blocks: [text("Go"), text(" on")] },
        { role: "user", blocks: [] },
      ],
    },
  },
  /** Parallel calls, whose results stand in one turn; a tool that takes nothing; a call beside text. */
  tools: {
    body: {
      model: "gpt-5",
      messages: [
        { role: "user", content: "Weather and time?" },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } },
            { id: "call_2", type: "function", function: { name: "time", arguments: "{}" } },
          ],
        },
        { role: "tool", tool_call_id: "call_1", content: "18 °C" },
        { role: "tool", tool_call_id: "call_2", content: [{ type: "text", text: "12:00" }] },
        { role: "user", content: "And in Oslo?" },
        {
          role: "assistant",
          content: "Let me see.",
          tool_calls: [{ id: "call_3", type: "function", function: { name: "weather", arguments: "{not json" } }],
        },
        { role: "tool", tool_call_id: "call_3", content: "" },
      ],
      tools: [
        {
          type: "function",
          function: { name: "weather", description: "The weather in a city.", parameters: weatherSchema, strict: true },
        },
        { type: "function", function: { name: "time" } },
        { type: "function", function: { name: "date", parameters: {}, strict: false } },
      ],
      tool_choice: { type: "function", function: { name: "weather" } },
      parallel_tool_calls: false,
    },
    conversation: {
      ...quiet,
      turns: [
        { role: "user", blocks: [text("Weather and time?")] },
        { role: "assistant", blocks: [call("call_1", "weather", '{"city":"Rome"}'), call("call_2", "time", "{}")] },
        { role: "user", blocks: [result("call_1", text("18 °C")), result("call_2", text("12:00"))] },
        { role: "user", blocks: [text("And in Oslo?")] },
        { role: "assistant", blocks: [text("Let me see."), call("call_3", "weather", "{not json")] },
        { role: "user", blocks: [result("call_3")] },
      ],
      tools: [
        { name: "weather", description: "The weather in a city.", schema: weatherSchema, strict: true, cache: null },
        { name: "time", description: "", schema: null, strict: null, cache: null },
        { name: "date", description: "", schema: {}, strict: false, cache: null },
      ],
      toolChoice: { kind: "tool", name: "weather" },
      parallelToolCalls: false,
    },
  },
  images: {
    body: {
      model: "gpt-5",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What are these?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
            { type: "image_url", image_url: { url: "https://example.com/cat.jpg", detail: "low" } },
            { type: "file", file: { filename: "report.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
            { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
          ],
        },
      ],
    },
    conversation: {
      ...quiet,
      turns: [
        {
          role: "user",
          blocks: [
            text("What are these?"),
            {
              kind: "image",
              source: { kind: "base64", mediaType: "image/png", data: "iVBORw0KGgo=" },
              detail: null,
              cache: null,
            },
            { kind: "image", source: { kind: "url", url: "https://example.com/cat.jpg" }, detail: "low", cache: null },
            {
              kind: "document",
              source: { kind: "base64", mediaType: "application/pdf", data: "JVBERi0=" },
              title: "report.pdf",
              cache: null,
            },
            { kind: "audio", data: "UklGRg==", format: "wav" },
          ],
        },
      ],
    },
  },
  /** Thinking that its provider does not seal stands ahead of the text and the call. */
  thinking: {
    body: {
      model: "deepseek-reasoner",
      messages: [
        { role: "user", content: "9.11 or 9.9?" },
        {
          role: "assistant",
          content: "Let me compare.",
          reasoning_content: "0.9 is more than 0.11.",
          tool_calls: [{ id: "call_1", type: "function", function: { name: "compare", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_1", content: "9.9" },
      ],
      reasoning_effort: "high",
    },
    conversation: {
      ...quiet,
      model: "deepseek-reasoner",
      turns: [
        { role: "user", blocks: [text("9.11 or 9.9?")] },
        {
          role: "assistant",
          blocks: [
            { kind: "thinking", text: "0.9 is more than 0.11.", seal: null },
            text("Let me compare."),
            call("call_1", "compare", "{}"),
          ],
        },
        { role: "user", blocks: [result("call_1", text("9.9"))] },
      ],
      reasoning: { kind: "effort", effort: "high" },
    },
  },
  thinkingOff: {
    body: { model: "gpt-5", messages: [{ role: "user", content: "Hi" }], reasoning_effort: "none" },
    conversation: { ...quiet, turns: [{ role: "user", blocks: [text("Hi")] }], reasoning: { kind: "off" } },
  },
  format: {
    body: {
      model: "gpt-5",
      messages: [{ role: "user", content: "Who?" }],
      response_format: {
        type: "json_schema",
        json_schema: { name: "person", description: "A person.", schema: weatherSchema, strict: true },
      },
    },
    conversation: {
      ...quiet,
      turns: [{ role: "user", blocks: [text("Who?")] }],
      format: { kind: "schema", name: "person", description: "A person.", schema: weatherSchema, strict: true },
    },
  },
  formatJson: {
    body: { model: "gpt-5", messages: [{ role: "user", content: "Who?" }], response_format: { type: "json_object" } },
    conversation: { ...quiet, turns: [{ role: "user", blocks: [text("Who?")] }], format: { kind: "json" } },
  },
  refusal: {
    body: {
      model: "gpt-5",
      messages: [
        { role: "user", content: "Do harm." },
        { role: "assistant", content: null, refusal: "I can't help with that." },
        { role: "user", content: "Do." },
        {
          role: "assistant",
          content: [
            { type: "refusal", refusal: "No." },
            { type: "text", text: "But" },
          ],
        },
      ],
    },
    conversation: {
      ...quiet,
      turns: [
        { role: "user", blocks: [text("Do harm.")] },
        { role: "assistant", blocks: [{ kind: "refusal", text: "I can't help with that." }] },
        { role: "user", blocks: [text("Do.")] },
        { role: "assistant", blocks: [{ kind: "refusal", text: "No." }, text("But")] },
      ],
    },
  },
  parameters: {
    body: {
      model: "gpt-5",
      messages: [{ role: "user", content: "Hi" }],
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 100,
      temperature: 0,
      top_p: 0.5,
      stop: ["\n", "END"],
      service_tier: "flex",
      safety_identifier: "user-1",
      logprobs: true,
      top_logprobs: 2,
      seed: 0,
      n: 2,
      logit_bias: { "50256": -100 },
      metadata: { team: "a" },
      store: true,
      frequency_penalty: 0.5,
      modalities: ["text", "audio"],
      audio: { format: "mp3", voice: "alloy" },
      verbosity: "low",
    },
    conversation: {
      ...quiet,
      streamed: true,
      turns: [{ role: "user", blocks: [text("Hi")] }],
      maxOutputTokens: 100,
      temperature: 0,
      topP: 0.5,
      stopSequences: ["\n", "END"],
      serviceTier: "flex",
      user: "user-1",
      topLogprobs: 2,
      extras: new Map<string, unknown>([
        ["seed", 0],
        ["n", 2],
        ["logit_bias", { "50256": -100 }],
        ["metadata", { team: "a" }],
        ["store", true],
        ["frequency_penalty", 0.5],
        ["modalities", ["text", "audio"]],
        ["audio", { format: "mp3", voice: "alloy" }],
        ["verbosity", "low"],
      ]),
    },
  },
  /** What changes nothing counts as not sent. */
  idle: {
    body: {
      model: "gpt-5",
      messages: [
        { role: "user", content: "Hi", name: null },
        { role: "assistant", content: "Hi", refusal: null, annotations: [], audio: null, function_call: null, tool_calls: [] },
      ],
      stream: false,
      stream_options: null,
      tools: [],
      tool_choice: null,
      max_tokens: null,
      temperature: null,
      stop: null,
      response_format: null,
      logprobs: false,
      top_logprobs: 0,
      n: 1,
      store: false,
      frequency_penalty: 0,
      presence_penalty: 0,
      logit_bias: {},
      metadata: null,
      modalities: ["text"],
      user: "",
      prompt_cache_key: "",
    },
    conversation: {
      ...quiet,
      turns: [
        { role: "user", blocks: [text("Hi")] },
        { role: "assistant", blocks: [text("Hi")] },
      ],
    },
  },
} as const satisfies Requests;
