import { describe, test } from "vitest";
import { readAnswer } from "./answer.ts";
import { message } from "./message.ts";
import { readRequest } from "./request.ts";

function turnsOf(request: unknown) {
  const view = readRequest(JSON.stringify(request), "messages");
  return view.kind === "messages" ? view.messages : view;
}

function partsOf(...content: unknown[]) {
  const turns = turnsOf({ messages: [{ role: "user", content }] });
  return "kind" in turns ? turns : turns.flatMap(({ parts }) => parts);
}

describe("a request of Anthropic's API", () => {
  test("reads as one conversation, its system text first, each tool result a turn of its own", ({ expect }) => {
    const request = {
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: "Weather in Oslo and Rome?" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Two calls.", signature: "c2ln" },
            { type: "text", text: "I look." },
            { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } },
            { type: "tool_use", id: "toolu_2", name: "weather", input: { city: "Rome" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "toolu_1", content: "4 °C" },
            {
              type: "tool_result",
              tool_use_id: "toolu_2",
              is_error: true,
              content: [
                { type: "text", text: "No such city" },
                { type: "image", source: { type: "url", url: "https://example.com/map.png" } },
              ],
            },
            { type: "text", text: "Try again." },
            { type: "text", text: "Please." },
          ],
        },
      ],
    };
    expect(turnsOf(request)).toEqual([
      message("system", { parts: [{ kind: "text", text: "Be brief." }] }),
      message("user", { parts: [{ kind: "text", text: "Weather in Oslo and Rome?" }] }),
      message("assistant", {
        parts: [
          { kind: "reasoning", text: "Two calls." },
          { kind: "text", text: "I look." },
        ],
        toolCalls: [
          { id: "toolu_1", name: "weather", argumentsText: '{"city":"Oslo"}' },
          { id: "toolu_2", name: "weather", argumentsText: '{"city":"Rome"}' },
        ],
      }),
      message("tool", { toolCallId: "toolu_1", parts: [{ kind: "text", text: "4 °C" }] }),
      message("tool", {
        toolCallId: "toolu_2",
        isError: true,
        parts: [
          { kind: "text", text: "No such city" },
          { kind: "image", url: "https://example.com/map.png" },
        ],
      }),
      message("user", {
        parts: [
          { kind: "text", text: "Try again." },
          { kind: "text", text: "Please." },
        ],
      }),
    ]);
  });

  test("shows what came with it: images drawn, documents by name, their text as text", ({ expect }) => {
    expect(
      partsOf(
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } },
        { type: "image", source: { type: "file", file_id: "file_1" } },
        { type: "document", title: "Contract", context: "Signed", source: { type: "base64", media_type: "application/pdf", data: "AA==" } },
        { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } },
        { type: "document", title: "Notes", source: { type: "text", media_type: "text/plain", data: "Buy milk" } },
        { type: "document", source: { type: "content", content: [{ type: "text", text: "Inside" }] } },
        { type: "redacted_thinking", data: "c2VjcmV0" },
        { type: "thinking", thinking: "", signature: "c2ln" },
      ),
    ).toEqual([
      { kind: "image", url: "data:image/png;base64,AA==" },
      { kind: "attachment", label: "image file_1" },
      { kind: "attachment", label: "document Contract · Signed · application/pdf" },
      { kind: "attachment", label: "document https://example.com/a.pdf" },
      { kind: "attachment", label: "document Notes" },
      { kind: "text", text: "Buy milk" },
      { kind: "attachment", label: "document" },
      { kind: "text", text: "Inside" },
      { kind: "attachment", label: "redacted thinking" },
      { kind: "attachment", label: "reasoning that is not shown" },
    ]);
  });

  test("keeps blocks and messages that it cannot read as they are", ({ expect }) => {
    const nested = { type: "document", source: { type: "text", data: "deep" } };
    const odd = [{ type: "hologram", size: 3 }, { type: "text", text: 5 }, { type: "tool_result", content: 5 }, "bare", null];
    expect(partsOf(...odd, { type: "document", source: { type: "content", content: [nested] } })).toEqual([
      ...odd.map((value) => ({ kind: "other", value })),
      { kind: "attachment", label: "document" },
      { kind: "other", value: nested },
    ]);
    const unread = { role: "assistant", content: null, tool_calls: [] };
    expect(turnsOf({ system: "", messages: [unread, "hello", { role: "user", content: [] }] })).toEqual([
      message("unknown", { parts: [{ kind: "other", value: unread }] }),
      message("unknown", { parts: [{ kind: "other", value: "hello" }] }),
      message("user", {}),
    ]);
  });
});

describe("an answer of Anthropic's API", () => {
  function answer(fields: Readonly<Record<string, unknown>>) {
    return readAnswer(JSON.stringify({ type: "message", role: "assistant", ...fields }), "application/json", "messages");
  }

  test("is one turn with what was thought, said and called, and why it stopped", ({ expect }) => {
    const hosted = { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] };
    expect(
      answer({
        content: [
          { type: "thinking", thinking: "Search first.", signature: "c2ln" },
          { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } },
          hosted,
          { type: "text", text: "Found.", citations: null },
          { type: "tool_use", id: "toolu_1", name: "save", input: {} },
        ],
        stop_reason: "tool_use",
        stop_sequence: null,
      }),
    ).toEqual({
      kind: "chat",
      choices: [
        {
          index: 0,
          finishReason: "tool_use",
          message: message("assistant", {
            parts: [
              { kind: "reasoning", text: "Search first." },
              { kind: "other", value: hosted },
              { kind: "text", text: "Found." },
            ],
            toolCalls: [
              { id: "srvtoolu_1", name: "web_search", argumentsText: '{"query":"x"}' },
              { id: "toolu_1", name: "save", argumentsText: "{}" },
            ],
          }),
        },
      ],
      complete: true,
      errorText: "",
    });
  });

  test("tells why the model refused, and shows arguments that are no JSON as they were written", ({ expect }) => {
    const call = { type: "tool_use", id: "toolu_1", name: "save", input: '{"a":' };
    const refused = { stop_reason: "refusal", stop_details: { type: "refusal", category: null, explanation: "Not this." } };
    expect(answer({ content: [call], ...refused })).toEqual({
      kind: "chat",
      choices: [
        {
          index: 0,
          finishReason: "refusal",
          message: message("assistant", {
            parts: [{ kind: "refusal", text: "Not this." }],
            toolCalls: [{ id: "toolu_1", name: "save", argumentsText: '{"a":' }],
          }),
        },
      ],
      complete: true,
      errorText: "",
    });
  });
});
