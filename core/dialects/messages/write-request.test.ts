import { quietConversation } from "../conversation.fixture.ts";
import { describe, test } from "vitest";
import type { Block, Conversation, Reasoning, Turn } from "../conversation.ts";
import { messages } from "./messages.ts";

const empty: Conversation = { ...quietConversation, model: "gpt-5", maxOutputTokens: 100 };
const written = (conversation: Partial<Conversation>, model = "claude-sonnet-4-5") => {
  const { body, dropped } = messages.writeRequest({ ...empty, ...conversation }, { model, provider: "anthropic" });
  return { body, dropped };
};
const text = (words: string): Block => ({ kind: "text", text: words, cache: null });
const call = (id: string, argumentsText = "{}"): Block => ({ kind: "tool-call", id, name: "now", arguments: argumentsText, cache: null });
const result = (callId: string): Block => ({ kind: "tool-result", callId, blocks: [], isError: false, cache: null });
const wireText = (words: string) => ({ type: "text", text: words });
const wireResult = (id: string) => ({ type: "tool_result", tool_use_id: id, content: [] });
const tool = { name: "now", description: "", schema: null, strict: null, cache: null };
const wireTool = { name: "now", input_schema: { type: "object", properties: {} } };
const said = { model: "claude-sonnet-4-5", max_tokens: 100, messages: [] };

describe("writeRequest", () => {
  test("parallel calls are one turn, their results another, before all other content", ({ expect }) => {
    const turns: readonly Turn[] = [
      { role: "user", blocks: [text("Hello")] },
      { role: "assistant", blocks: [text(""), call("call_1"), call("call_2", "")] },
      { role: "user", blocks: [result("call_1")] },
      { role: "user", blocks: [text("So?"), result("call_2")] },
      { role: "assistant", blocks: [text("")] },
      { role: "user", blocks: [text("Well?")] },
    ];
    expect(written({ turns })).toEqual({
      body: {
        ...said,
        messages: [
          { role: "user", content: [wireText("Hello")] },
          {
            role: "assistant",
            content: [
              { type: "tool_use", id: "call_1", name: "now", input: {} },
              { type: "tool_use", id: "call_2", name: "now", input: {} },
            ],
          },
          { role: "user", content: [wireResult("call_1"), wireResult("call_2"), wireText("So?"), wireText("Well?")] },
        ],
      },
      dropped: [],
    });
  });

  test("system and developer turns go to the front, in order, with their marks", ({ expect }) => {
    const turns: readonly Turn[] = [
      { role: "developer", blocks: [{ kind: "text", text: "A", cache: "1h" }] },
      { role: "user", blocks: [text("Hello")] },
      { role: "system", blocks: [text("B"), { kind: "audio", data: "", format: "wav" }] },
      { role: "user", blocks: [text("again")] },
    ];
    expect(written({ turns })).toEqual({
      body: {
        ...said,
        system: [{ type: "text", text: "A", cache_control: { type: "ephemeral", ttl: "1h" } }, wireText("B")],
        messages: [{ role: "user", content: [wireText("Hello"), wireText("again")] }],
      },
      dropped: ["turns.2.blocks.1 (audio)"],
    });
    expect(written({ turns: [{ role: "developer", blocks: [text("A"), text("")] }] }).body).toHaveProperty("system", "A");
    expect(written({ turns: [{ role: "system", blocks: [text("")] }] }).body).not.toHaveProperty("system");
  });

  test("content that cannot be said is left out and named by its place", ({ expect }) => {
    const file = { kind: "file", id: "file-abc" } as const;
    const blocks: readonly Block[] = [
      { kind: "audio", data: "", format: "wav" },
      { kind: "image", source: file, detail: null, cache: null },
      { kind: "image", source: { kind: "url", url: "https://example.com/a.png" }, detail: "low", cache: null },
      { kind: "image", source: { kind: "url", url: "https://example.com/a.png" }, detail: "auto", cache: null },
      { kind: "document", source: { kind: "base64", mediaType: "text/csv", data: "" }, title: "", cache: null },
      { kind: "thinking", text: "Hm.", seal: null },
      { kind: "thinking", text: "Hm.", seal: { origin: "responses", value: "x" } },
      { kind: "redacted-thinking", seal: { origin: "responses", value: "x" } },
      call("call_1", "{broken"),
      call("call_2", "[1]"),
      { kind: "refusal", text: "No." },
      {
        kind: "tool-result",
        callId: "call_1",
        blocks: [{ kind: "document", source: file, title: "", cache: null }],
        isError: true,
        cache: null,
      },
    ];
    const image = { type: "image", source: { type: "url", url: "https://example.com/a.png" } };
    expect(written({ turns: [{ role: "assistant", blocks }] })).toEqual({
      body: {
        ...said,
        messages: [
          {
            role: "assistant",
            content: [
              image,
              image,
              { type: "tool_use", id: "call_1", name: "now", input: {} },
              { type: "tool_use", id: "call_2", name: "now", input: {} },
              wireText("No."),
              { ...wireResult("call_1"), is_error: true },
            ],
          },
        ],
      },
      dropped: [
        "turns.0.blocks.0 (audio)",
        "turns.0.blocks.1 (file)",
        "turns.0.blocks.2 (detail)",
        "turns.0.blocks.4 (document)",
        "turns.0.blocks.5 (thinking)",
        "turns.0.blocks.6 (thinking)",
        "turns.0.blocks.7 (redacted-thinking)",
        "turns.0.blocks.8 (arguments)",
        "turns.0.blocks.9 (arguments)",
        "turns.0.blocks.11.blocks.0 (file)",
      ],
    });
  });

  test("ids of other providers' calls become ones that are taken, alike for call and result", ({ expect }) => {
    const turns: readonly Turn[] = [
      { role: "assistant", blocks: [call("functions.now:0"), call("functions:now.0")] },
      { role: "user", blocks: [result("functions.now:0")] },
    ];
    expect(written({ turns }).body["messages"]).toMatchObject([
      { content: [{ id: "functions_2Enow_3A0" }, { id: "functions_3Anow_2E0" }] },
      { content: [{ tool_use_id: "functions_2Enow_3A0" }] },
    ]);
  });

  test.for<[Partial<Conversation>, object, readonly string[]]>([
    [{ toolChoice: { kind: "auto" }, tools: [tool] }, { tool_choice: { type: "auto" }, tools: [wireTool] }, []],
    [{ toolChoice: { kind: "none" }, tools: [tool] }, { tool_choice: { type: "none" }, tools: [wireTool] }, []],
    [{ toolChoice: { kind: "required" }, tools: [tool] }, { tool_choice: { type: "any" }, tools: [wireTool] }, []],
    [
      { toolChoice: { kind: "tool", name: "now" }, parallelToolCalls: false, tools: [tool] },
      { tool_choice: { type: "tool", name: "now", disable_parallel_tool_use: true }, tools: [wireTool] },
      [],
    ],
    [
      { parallelToolCalls: false, tools: [tool] },
      { tool_choice: { type: "auto", disable_parallel_tool_use: true }, tools: [wireTool] },
      [],
    ],
    [{ parallelToolCalls: true, tools: [tool] }, { tools: [wireTool] }, []],
    [{ parallelToolCalls: false }, {}, ["parallelToolCalls"]],
    [{ parallelToolCalls: false, toolChoice: { kind: "none" } }, { tool_choice: { type: "none" } }, ["parallelToolCalls"]],
    [{ temperature: 1 }, { temperature: 1 }, []],
    [{ temperature: 1.1 }, {}, ["temperature"]],
    [{ topLogprobs: 0 }, {}, ["topLogprobs"]],
    [{ serviceTier: "auto" }, { service_tier: "auto" }, []],
    [{ serviceTier: "default" }, { service_tier: "standard_only" }, []],
    [{ serviceTier: "flex" }, {}, ["serviceTier"]],
    [{ format: { kind: "text" } }, {}, []],
    [{ format: { kind: "json" } }, {}, ["format"]],
    [
      { format: { kind: "schema", name: "city", description: "A city", schema: { type: "object" }, strict: true } },
      { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
      ["format.description"],
    ],
    [{ extras: new Map([["seed", 5]]) }, {}, ["seed"]],
    [{ extras: new Map([["messages.0.content.0 (input_video)", {}]]) }, {}, ["messages.0.content.0 (input_video)"]],
    [{ extras: new Map([["messages.7.content.0 (server_tool_use)", {}]]) }, {}, ["messages.7.content.0 (server_tool_use)"]],
    [{ extras: new Map([["tools.0 (web_search_preview)", {}]]) }, {}, ["tools.0 (web_search_preview)"]],
    // Of other dialects, by the same name.
    [{ extras: new Map([["thinking", { type: "enabled" }]]) }, {}, ["thinking"]],
    [{ extras: new Map([["context_management", [{ type: "compaction" }]]]) }, {}, ["context_management"]],
    [{ streamed: true, topP: 1, topK: 0, user: "u" }, { stream: true, top_p: 1, top_k: 0, metadata: { user_id: "u" } }, []],
  ])("%j", ([conversation, body, dropped], { expect }) => {
    expect(written(conversation)).toEqual({ body: { ...said, ...body }, dropped });
  });

  test.for<[Reasoning, object]>([
    [{ kind: "off" }, { thinking: { type: "disabled" } }],
    [{ kind: "effort", effort: "minimal" }, { output_config: { effort: "low" } }],
    [{ kind: "effort", effort: "xhigh" }, { output_config: { effort: "xhigh" } }],
    [{ kind: "budget", tokens: 200 }, { thinking: { type: "enabled", budget_tokens: 200 } }],
    [{ kind: "adaptive", effort: null }, { thinking: { type: "adaptive" } }],
    [
      { kind: "adaptive", effort: "high" },
      { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
    ],
  ])("reasoning: %j", ([reasoning, body], { expect }) => {
    expect(written({ reasoning })).toEqual({ body: { ...said, ...body }, dropped: [] });
  });

  test.for([
    ["claude-3-haiku-20240307", 4_096],
    ["claude-3-5-sonnet-latest", 8_192],
    ["claude-3-7-sonnet-20250219", 64_000],
    ["claude-sonnet-4-20250514", 64_000],
    ["claude-opus-4-20250514", 32_000],
    ["us.anthropic.claude-opus-4-1-20250805-v1:0", 32_000],
    ["claude-opus-4-5", 64_000],
    ["anthropic/claude-opus-4.6", 128_000],
    ["claude-haiku-4-5", 64_000],
    ["claude-sonnet-5", 128_000],
    ["deepseek-chat", 64_000],
  ] as const)("a caller without a limit gets all that %s can write", ([model, tokens], { expect }) => {
    expect(written({ maxOutputTokens: null }, model).body["max_tokens"]).toBe(tokens);
    const reasoning = { kind: "budget", tokens: 100_000 } as const;
    const raised = written({ maxOutputTokens: null, reasoning }, model).body["max_tokens"];
    expect(raised).toBe(tokens > 100_000 ? tokens : tokens + 100_000);
    expect(written({ maxOutputTokens: 5, reasoning }, model).body["max_tokens"]).toBe(5);
  });
});
