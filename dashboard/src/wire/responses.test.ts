import { describe, test } from "vitest";
import { readAnswer } from "./answer.ts";
import { message } from "./message.ts";
import { readRequest } from "./request.ts";

function readInput(input: unknown, instructions?: unknown) {
  return readRequest(JSON.stringify({ model: "gpt-5", instructions, input }), "responses");
}

describe("a request of OpenAI's Responses API", () => {
  test("reads as one conversation, its instructions first, what the assistant did in a row as one turn", ({ expect }) => {
    const input = [
      { role: "user", content: "Weather in Oslo?" },
      {
        type: "reasoning",
        id: "rs_1",
        summary: [
          { type: "summary_text", text: "Look it up." },
          { type: "summary_text", text: "Then say." },
        ],
        encrypted_content: "c2VjcmV0",
      },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "I look.", annotations: [] }] },
      { type: "function_call", call_id: "call_1", name: "weather", arguments: '{"city":"Oslo"}' },
      { type: "custom_tool_call", call_id: "call_2", name: "run", input: "ls" },
      { type: "function_call_output", call_id: "call_1", output: "4 °C" },
      { type: "custom_tool_call_output", call_id: "call_2", output: [{ type: "input_text", text: "a.txt" }] },
      { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "I cannot." }] },
      { type: "message", role: "user", content: "Why?" },
      { type: "message", role: "user", content: "Say!" },
    ];
    expect(readInput(input, "Be brief.")).toEqual({
      kind: "messages",
      messages: [
        message("system", { parts: [{ kind: "text", text: "Be brief." }] }),
        message("user", { parts: [{ kind: "text", text: "Weather in Oslo?" }] }),
        message("assistant", {
          parts: [
            { kind: "reasoning", text: "Look it up.\n\nThen say." },
            { kind: "text", text: "I look." },
          ],
          toolCalls: [
            { id: "call_1", name: "weather", argumentsText: '{"city":"Oslo"}' },
            { id: "call_2", name: "run", argumentsText: "ls" },
          ],
        }),
        message("tool", { toolCallId: "call_1", parts: [{ kind: "text", text: "4 °C" }] }),
        message("tool", { toolCallId: "call_2", parts: [{ kind: "text", text: "a.txt" }] }),
        message("assistant", { parts: [{ kind: "refusal", text: "I cannot." }] }),
        message("user", { parts: [{ kind: "text", text: "Why?" }] }),
        message("user", { parts: [{ kind: "text", text: "Say!" }] }),
      ],
    });
  });

  test("that is a text alone is the user's", ({ expect }) => {
    expect(readInput("Hi")).toEqual({ kind: "messages", messages: [message("user", { parts: [{ kind: "text", text: "Hi" }] })] });
  });

  test("keeps every part and item, those that it cannot read as they are", ({ expect }) => {
    const oddPart = { type: "input_text", text: 5 };
    const search = { type: "web_search_call", id: "ws_1", status: "completed" };
    const wrongCall = { type: "function_call", call_id: "call_1", name: "f", arguments: { a: 1 } };
    const content = [
      { type: "input_text", text: "Look" },
      { type: "input_image", detail: "low", image_url: "data:image/png;base64,AA==" },
      { type: "input_image", detail: "auto", file_id: "file_1" },
      { type: "input_file", filename: "contract.pdf", file_data: "data:application/pdf;base64,AA==" },
      { type: "input_file", file_url: "https://example.com/a.pdf" },
      { type: "input_audio", input_audio: { format: "wav", data: "AA==" } },
      oddPart,
    ];
    expect(readInput([{ role: "user", content }, search, wrongCall, { type: "reasoning", summary: [] }, 42])).toEqual({
      kind: "messages",
      messages: [
        message("user", {
          parts: [
            { kind: "text", text: "Look" },
            { kind: "image", url: "data:image/png;base64,AA==" },
            { kind: "attachment", label: "image file_1" },
            { kind: "attachment", label: "file contract.pdf" },
            { kind: "attachment", label: "file https://example.com/a.pdf" },
            { kind: "attachment", label: "audio wav" },
            { kind: "other", value: oddPart },
          ],
        }),
        message("unknown", { parts: [{ kind: "other", value: search }] }),
        message("unknown", { parts: [{ kind: "other", value: wrongCall }] }),
        message("assistant", { parts: [{ kind: "attachment", label: "reasoning that is not shown" }] }),
        message("unknown", { parts: [{ kind: "other", value: 42 }] }),
      ],
    });
  });
});

describe("an answer of OpenAI's Responses API", () => {
  function answer(fields: Readonly<Record<string, unknown>>) {
    return readAnswer(JSON.stringify({ object: "response", ...fields }), "application/json", "responses");
  }

  test("is one turn with what was thought, said and called", ({ expect }) => {
    const search = { type: "web_search_call", id: "ws_1", status: "completed" };
    const given = { type: "function_call_output", call_id: "call_0", output: "3" };
    const output = [
      { type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] },
      search,
      given,
      { type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: "Hello", annotations: [] }] },
      { type: "function_call", call_id: "call_1", name: "get", arguments: "{}" },
    ];
    expect(answer({ status: "completed", incomplete_details: null, error: null, output })).toEqual({
      kind: "chat",
      choices: [
        {
          index: 0,
          finishReason: "completed",
          message: message("assistant", {
            parts: [
              { kind: "reasoning", text: "Hm." },
              { kind: "other", value: search },
              { kind: "other", value: given },
              { kind: "text", text: "Hello" },
            ],
            toolCalls: [{ id: "call_1", name: "get", argumentsText: "{}" }],
          }),
        },
      ],
      complete: true,
      errorText: "",
    });
  });

  test("that is not whole says why, and one that failed what the error was", ({ expect }) => {
    const empty = { index: 0, message: message("assistant", {}) };
    expect([
      answer({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [] }),
      answer({ status: "incomplete", incomplete_details: null, output: [] }),
      answer({ status: "failed", error: { code: "server_error", message: "It broke." }, output: [] }),
    ]).toEqual([
      { kind: "chat", choices: [{ ...empty, finishReason: "max_output_tokens" }], complete: true, errorText: "" },
      { kind: "chat", choices: [{ ...empty, finishReason: "incomplete" }], complete: true, errorText: "" },
      { kind: "chat", choices: [{ ...empty, finishReason: "failed" }], complete: true, errorText: "It broke." },
    ]);
  });
});
