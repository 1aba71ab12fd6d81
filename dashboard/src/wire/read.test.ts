import { describe, test } from "vitest";
import { readAnswer } from "./answer.ts";
import { readChatMessage } from "./chat-message.ts";
import { isJsonDocument, prettyJson } from "./json.ts";
import { readRequest } from "./request.ts";

describe("a message", () => {
  test("keeps every part, those of unknown type as they are", ({ expect }) => {
    const odd = { type: "hologram", size: 3 };
    const sent = {
      role: "user",
      name: "ada",
      content: [
        { type: "text", text: "Look" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AA==", detail: "low" } },
        { type: "input_audio", input_audio: { format: "wav", data: "AA==" } },
        { type: "file", file: { filename: "contract.pdf" } },
        odd,
      ],
    };
    expect(readChatMessage(sent)).toEqual({
      role: "user",
      name: "ada",
      toolCallId: "",
      isError: false,
      parts: [
        { kind: "text", text: "Look" },
        { kind: "image", url: "data:image/png;base64,AA==" },
        { kind: "attachment", label: "audio wav" },
        { kind: "attachment", label: "file contract.pdf" },
        { kind: "other", value: odd },
      ],
      toolCalls: [],
    });
  });

  test("reads tool calls, custom tools, old function calls and tool results", ({ expect }) => {
    const call = { id: "call_1", type: "function", function: { name: "get", arguments: "{" } };
    const custom = { id: "call_2", type: "custom", custom: { name: "run", input: "ls" } };
    expect([
      readChatMessage({ role: "assistant", content: null, tool_calls: [call, custom] }).toolCalls,
      readChatMessage({ role: "assistant", function_call: { name: "old", arguments: "{}" } }).toolCalls,
      readChatMessage({ role: "tool", tool_call_id: "call_1", content: "42" }),
    ]).toEqual([
      [
        { id: "call_1", name: "get", argumentsText: "{" },
        { id: "call_2", name: "run", argumentsText: "ls" },
      ],
      [{ id: "", name: "old", argumentsText: "{}" }],
      { role: "tool", name: "", toolCallId: "call_1", isError: false, parts: [{ kind: "text", text: "42" }], toolCalls: [] },
    ]);
  });

  test("that is none is shown as it is", ({ expect }) => {
    expect(readChatMessage("hello")).toEqual({
      role: "unknown",
      name: "",
      toolCallId: "",
      isError: false,
      parts: [{ kind: "other", value: "hello" }],
      toolCalls: [],
    });
  });
});

test("an embedding reads the same as numbers and as base64 floats", ({ expect }) => {
  const values = [0.5, -0.25, 0.125, 1, 2, 4, 8, 16];
  const base64 = btoa(String.fromCharCode(...new Uint8Array(new Float32Array(values).buffer)));
  const expected = { kind: "vectors", vectors: [{ index: 0, dimensions: 8, firstValues: [0.5, -0.25, 0.125, 1, 2, 4] }] };
  const read = [values, base64].map((embedding) => readAnswer(JSON.stringify({ data: [{ index: 0, embedding }] }), "application/json", ""));
  expect(read).toEqual([expected, expected]);
});

test("an answer that is neither chat nor embedding stays text", ({ expect }) => {
  const texts = ["upstream says no", '{"error":{"message":"no"}}', '{"choices":[]}', "42"];
  expect(texts.map((text) => readAnswer(text, "application/json", ""))).toEqual(texts.map((text) => ({ kind: "text", text })));
});

test("a request is messages, inputs or text", ({ expect }) => {
  expect(
    ['{"messages":[]}', '{"input":"a"}', '{"input":["a","b"]}', '{"input":[1,2,3]}', '{"input":[[1,2],[3]]}', "{}", "not json"].map(
      (text) => readRequest(text, ""),
    ),
  ).toEqual([
    { kind: "messages", messages: [] },
    { kind: "inputs", inputs: ["a"] },
    { kind: "inputs", inputs: ["a", "b"] },
    { kind: "inputs", inputs: ["[3 token ids]"] },
    { kind: "inputs", inputs: ["[2 token ids]", "[1 token ids]"] },
    { kind: "text", text: "{}" },
    { kind: "text", text: "not json" },
  ]);
});

test("only whole JSON objects and arrays are indented", ({ expect }) => {
  expect(['{"a":1}', "[1]", '{"a":', "42", '"a"', "plain"].map((text) => [isJsonDocument(text), prettyJson(text)])).toEqual([
    [true, '{\n  "a": 1\n}'],
    [true, "[\n  1\n]"],
    [false, '{"a":'],
    [false, "42"],
    [false, '"a"'],
    [false, "plain"],
  ]);
});
