import type { Conversation } from "../conversation.ts";
import { quiet, text } from "./requests.fixture.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A request that says more than this dialect writes again. `dropped`: what OpenAI is not told of it. */
interface Reading {
  readonly body: Fields;
  readonly conversation: Conversation;
  readonly dropped: readonly string[];
}

const asked = { role: "user", content: "Hi" };
const askedTurn = { role: "user" as const, blocks: [text("Hi")] };

export const chatReadings: Readonly<Record<string, Reading>> = {
  "a developer's words, where others know only a system's": {
    body: { model: "gpt-5", messages: [{ role: "developer", content: "Be brief." }, asked] },
    conversation: { ...quiet, turns: [{ role: "developer", blocks: [text("Be brief.")] }, askedTurn] },
    dropped: [],
  },
  "marks of what Anthropic's models keep, which OpenAI keeps unasked": {
    body: {
      model: "claude",
      messages: [
        { role: "system", content: [{ type: "text", text: "Long.", cache_control: { type: "ephemeral", ttl: "1h" } }] },
        { role: "user", content: "Hi", cache_control: { type: "ephemeral" } },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            { id: "call_1", type: "function", function: { name: "see", arguments: "" }, cache_control: { type: "ephemeral", ttl: "5m" } },
          ],
        },
        { role: "tool", tool_call_id: "call_1", content: "Seen.", cache_control: { type: "ephemeral" } },
      ],
      tools: [{ type: "function", function: { name: "see" }, cache_control: { type: "ephemeral" } }],
    },
    conversation: {
      ...quiet,
      model: "claude",
      turns: [
        { role: "system", blocks: [{ kind: "text", text: "Long.", cache: "1h" }] },
        { role: "user", blocks: [{ kind: "text", text: "Hi", cache: "5m" }] },
        { role: "assistant", blocks: [{ kind: "tool-call", id: "call_1", name: "see", arguments: "{}", cache: "5m" }] },
        { role: "user", blocks: [{ kind: "tool-result", callId: "call_1", blocks: [text("Seen.")], isError: false, cache: "5m" }] },
      ],
      tools: [{ name: "see", description: "", schema: null, strict: null, cache: "5m" }],
    },
    dropped: [],
  },
  "sealed thinking, read once and in its order": {
    body: {
      model: "claude",
      messages: [
        {
          role: "assistant",
          content: "So.",
          reasoning_content: "One.",
          thinking_blocks: [
            { type: "thinking", thinking: "One.", signature: "evalforge:messages:c2ln" },
            { type: "redacted_thinking", data: "evalforge:messages:ZGF0YQ==" },
            { type: "thinking", thinking: "", signature: "evalforge:responses:ZW5j" },
            { type: "thinking", thinking: "Two.", signature: "c2ln" },
            { type: "thinking", thinking: "", signature: "" },
          ],
        },
        asked,
      ],
    },
    conversation: {
      ...quiet,
      model: "claude",
      turns: [
        {
          role: "assistant",
          blocks: [
            { kind: "thinking", text: "One.", seal: { origin: "messages", value: "c2ln" } },
            { kind: "redacted-thinking", seal: { origin: "messages", value: "ZGF0YQ==" } },
            { kind: "thinking", text: "", seal: { origin: "responses", value: "ZW5j" } },
            { kind: "thinking", text: "Two.", seal: { origin: "messages", value: "c2ln" } },
            text("So."),
          ],
        },
        askedTurn,
      ],
    },
    dropped: [
      "turns.0.blocks.1 (redacted-thinking)",
      "turns.0.blocks.0 (thinking)",
      "turns.0.blocks.2 (thinking)",
      "turns.0.blocks.3 (thinking)",
    ],
  },
  "older names, which give way": {
    body: { model: "gpt-5", messages: [asked], max_tokens: 5, max_completion_tokens: 7, stop: "END", user: "a", safety_identifier: "b" },
    conversation: {
      ...quiet,
      turns: [askedTurn],
      maxOutputTokens: 7,
      stopSequences: ["END"],
      user: "b",
      extras: new Map([["user", "a"]]),
    },
    dropped: ["user"],
  },
  "what has no counterpart, by its place": {
    body: {
      model: "gpt-5",
      messages: [
        { ...asked, name: "Ada" },
        {
          role: "assistant",
          content: null,
          audio: { id: "audio_1" },
          tool_calls: [{ id: "call_1", type: "custom", custom: { name: "sql", input: "SELECT 1" } }],
        },
      ],
      tools: [
        { type: "custom", custom: { name: "sql" } },
        { type: "function", function: { name: "see" } },
      ],
      tool_choice: { type: "custom", custom: { name: "sql" } },
      response_format: { type: "grammar", grammar: "root ::= x" },
      top_k: 5,
      thinking: { type: "enabled", budget_tokens: 1024 },
      foo: false,
    },
    conversation: {
      ...quiet,
      turns: [askedTurn, { role: "assistant", blocks: [] }],
      tools: [{ name: "see", description: "", schema: null, strict: null, cache: null }],
      topK: 5,
      extras: new Map<string, unknown>([
        ["messages.0.name", "Ada"],
        ["messages.1.audio", { id: "audio_1" }],
        ["messages.1.tool_calls.0 (custom)", { id: "call_1", type: "custom", custom: { name: "sql", input: "SELECT 1" } }],
        ["tools.0 (custom)", { type: "custom", custom: { name: "sql" } }],
        ["tool_choice", { type: "custom", custom: { name: "sql" } }],
        ["response_format", { type: "grammar", grammar: "root ::= x" }],
        ["thinking", { type: "enabled", budget_tokens: 1024 }],
        ["foo", false],
      ]),
    },
    dropped: [
      "topK",
      "messages.0.name",
      "messages.1.audio",
      "messages.1.tool_calls.0 (custom)",
      "tools.0 (custom)",
      "tool_choice",
      "response_format",
      "thinking",
      "foo",
    ],
  },
  "files that lie at the provider": {
    body: {
      model: "gpt-5",
      messages: [
        {
          role: "user",
          content: [
            { type: "file", file: { file_id: "file-1" } },
            { type: "file", file: { file_id: "file_of_another", filename: "a.pdf" } },
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
            { kind: "document", source: { kind: "file", id: "file-1" }, title: "", cache: null },
            { kind: "document", source: { kind: "file", id: "file_of_another" }, title: "a.pdf", cache: null },
          ],
        },
      ],
    },
    dropped: ["turns.0.blocks.1 (document)"],
  },
  "an answer that a client streamed or parsed, and sends back": {
    body: {
      model: "gpt-5",
      messages: [
        asked,
        {
          role: "assistant",
          content: "{}",
          parsed: { a: 1 },
          reasoning: "So.",
          tool_calls: [
            { index: 0, id: "call_1", type: "function", function: { name: "see", arguments: '{"a":1}', parsed_arguments: { a: 1 } } },
          ],
        },
      ],
    },
    conversation: {
      ...quiet,
      turns: [
        askedTurn,
        {
          role: "assistant",
          blocks: [
            { kind: "thinking", text: "So.", seal: null },
            text("{}"),
            { kind: "tool-call", id: "call_1", name: "see", arguments: '{"a":1}', cache: null },
          ],
        },
      ],
    },
    dropped: [],
  },
  "a data URL in other letters, of a media type with parameters": {
    body: {
      model: "gpt-5",
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "DATA:image/svg+xml;charset=utf-8;BASE64,eA==" } }] }],
    },
    conversation: {
      ...quiet,
      turns: [
        {
          role: "user",
          blocks: [{ kind: "image", source: { kind: "base64", mediaType: "image/svg+xml", data: "eA==" }, detail: null, cache: null }],
        },
      ],
    },
    dropped: [],
  },
};
