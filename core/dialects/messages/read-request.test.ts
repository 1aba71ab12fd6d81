import { describe, test } from "vitest";
import { messagesFixtures } from "./messages.fixture.ts";
import { messages } from "./messages.ts";

const head = { model: "claude-sonnet-4-5", max_tokens: 10, messages: [{ role: "user", content: "Hello" }] };
const withContent = (...content: unknown[]) => ({ ...head, messages: [{ role: "user", content }] });
const withTool = (tool: object) => ({ ...head, tools: [{ name: "now", input_schema: { type: "object" }, ...tool }] });

describe("readRequest", () => {
  test.for(Object.entries(messagesFixtures.requests))("%s", ([, { body, conversation }], { expect }) => {
    expect(messages.readRequest(body)).toEqual(conversation);
  });

  test.for([
    ["model", { ...head, model: undefined }],
    ["model", { ...head, model: 5 }],
    ["max_tokens", { ...head, max_tokens: undefined }],
    ["max_tokens", { ...head, max_tokens: "10" }],
    ["max_tokens", { ...head, max_tokens: 1.5 }],
    ["stream", { ...head, stream: "yes" }],
    ["system", { ...head, system: 5 }],
    ["system.0.text", { ...head, system: [{ type: "text" }] }],
    ["messages", { ...head, messages: undefined }],
    ["messages", { ...head, messages: "Hello" }],
    ["messages.0", { ...head, messages: ["Hello"] }],
    ["messages.0.role", { ...head, messages: [{ role: "tool", content: "Hello" }] }],
    ["messages.0.content", { ...head, messages: [{ role: "user" }] }],
    ["messages.0.content", { ...head, messages: [{ role: "user", content: {} }] }],
    ["messages.0.content.0", withContent("Hello")],
    ["messages.0.content.1.type", withContent({ type: "text", text: "Hello" }, { text: "Hello" })],
    ["messages.0.content.0.text", withContent({ type: "text", text: 5 })],
    ["messages.0.content.0.cache_control", withContent({ type: "text", text: "Hello", cache_control: true })],
    ["messages.0.content.0.cache_control.type", withContent({ type: "text", text: "Hello", cache_control: { type: "forever" } })],
    [
      "messages.0.content.0.cache_control.ttl",
      withContent({ type: "text", text: "Hello", cache_control: { type: "ephemeral", ttl: "1d" } }),
    ],
    ["messages.0.content.0.source", withContent({ type: "image" })],
    ["messages.0.content.0.source.type", withContent({ type: "image", source: { type: "hologram" } })],
    ["messages.0.content.0.source.data", withContent({ type: "image", source: { type: "base64", media_type: "image/png" } })],
    [
      "messages.0.content.0.source.media_type",
      withContent({ type: "document", source: { type: "base64", media_type: "text/csv", data: "" } }),
    ],
    ["messages.0.content.0.id", withContent({ type: "tool_use", name: "now", input: {} })],
    ["messages.0.content.0.input", withContent({ type: "tool_use", id: "toolu_1", name: "now", input: [] })],
    ["messages.0.content.0.input", withContent({ type: "tool_use", id: "toolu_1", name: "now" })],
    ["messages.0.content.0.tool_use_id", withContent({ type: "tool_result", content: "Hello" })],
    ["messages.0.content.0.is_error", withContent({ type: "tool_result", tool_use_id: "toolu_1", is_error: "no" })],
    ["messages.0.content.0.content.0.type", withContent({ type: "tool_result", tool_use_id: "toolu_1", content: [{}] })],
    ["messages.0.content.0.thinking", withContent({ type: "thinking", signature: "EqQB" })],
    ["messages.0.content.0.data", withContent({ type: "redacted_thinking" })],
    ["tools", { ...head, tools: {} }],
    ["tools.0", { ...head, tools: ["now"] }],
    ["tools.0.name", withTool({ name: null })],
    ["tools.0.input_schema", withTool({ input_schema: null })],
    ["tools.0.input_schema.type", withTool({ input_schema: {} })],
    ["tools.0.strict", withTool({ strict: "very" })],
    ["tool_choice", { ...head, tool_choice: "auto" }],
    ["tool_choice.type", { ...head, tool_choice: { type: "required" } }],
    ["tool_choice.name", { ...head, tool_choice: { type: "tool" } }],
    ["temperature", { ...head, temperature: 1.5 }],
    ["temperature", { ...head, temperature: "warm" }],
    ["top_k", { ...head, top_k: true }],
    ["stop_sequences", { ...head, stop_sequences: "END" }],
    ["stop_sequences.1", { ...head, stop_sequences: ["END", 5] }],
    ["service_tier", { ...head, service_tier: "flex" }],
    ["metadata.user_id", { ...head, metadata: { user_id: 5 } }],
    ["thinking.type", { ...head, thinking: {} }],
    ["thinking.budget_tokens", { ...head, thinking: { type: "enabled" } }],
    ["output_config.effort", { ...head, output_config: { effort: 5 } }],
    ["output_config.format.schema", { ...head, output_config: { format: { type: "json_schema" } } }],
  ] as const)("refuses by name: %s", ([param, body], { expect }) => {
    expect(messages.readRequest(body)).toMatchObject({ kind: "failure", code: "invalid_field", param });
    expect(messages.readRequest(body)).toHaveProperty("message", expect.stringContaining(`\`${param}\``));
  });

  test("what has no counterpart is kept, unread, by its name", ({ expect }) => {
    const block = { type: "video", source: {} };
    const body = {
      ...withContent({ type: "text", text: "" }, { type: "text", text: "Hello" }, block),
      system: [{ type: "text", text: "Be brief.", mood: 1 }],
      inference_geo: "eu",
      n: 2,
      metadata: { team: "a" },
      output_config: { format: { type: "regex" }, task_budget: 5 },
      tool_choice: { type: "none", disable_parallel_tool_use: true },
      thinking: { type: "adaptive", depth: 3 },
    };
    expect(messages.readRequest(body)).toMatchObject({
      extras: new Map<string, unknown>([
        ["messages.0.content.1 (video)", block],
        ["system.0.mood", 1],
        ["inference_geo", "eu"],
        ["n", 2],
        ["metadata.team", "a"],
        ["output_config.format", { type: "regex" }],
        ["output_config.task_budget", 5],
        ["tool_choice.disable_parallel_tool_use", true],
        ["thinking.depth", 3],
      ]),
    });
  });

  test("a system message holds from where it stands; one before all others is told with `system`", ({ expect }) => {
    const said = (role: string, content: string) => ({ role, content });
    const list = [
      said("system", "A"),
      said("user", "1"),
      said("system", "B"),
      said("user", "2"),
      said("assistant", "3"),
      said("system", ""),
    ];
    const turn = (role: string, ...texts: string[]) => ({ role, blocks: texts.map((text) => ({ kind: "text", text, cache: null })) });
    expect(messages.readRequest({ ...head, system: "S", messages: list })).toMatchObject({
      turns: [turn("system", "S", "A"), turn("user", "1"), turn("system", "B"), turn("user", "2"), turn("assistant", "3")],
    });
  });

  test("a seal of another provider is told from Anthropic's own; no signature is no seal", ({ expect }) => {
    const thinking = (signature: string | null) => ({ type: "thinking", thinking: "Hm.", signature });
    expect(
      messages.readRequest(withContent(thinking("evalforge:responses:gAAA"), thinking("EqQB"), thinking(""), thinking(null))),
    ).toMatchObject({
      turns: [
        {
          blocks: [
            { seal: { origin: "responses", value: "gAAA" } },
            { seal: { origin: "messages", value: "EqQB" } },
            { seal: null },
            { seal: null },
          ],
        },
      ],
    });
  });
});
