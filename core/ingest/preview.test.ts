import { test } from "vitest";
import { previewOf } from "./preview.ts";

const event = (delta: unknown): string => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`;

test.for([
  [
    "the last message of a request",
    "application/json",
    '{"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":"Hi"}]}',
    "Hi",
  ],
  [
    "text and kinds of a message in parts",
    "application/json",
    '{"messages":[{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:,"}}]}]}',
    "What is this? [image_url]",
  ],
  ["the words of an answer", "application/json", '{"choices":[{"message":{"role":"assistant","content":"Hello."}}]}', "Hello."],
  [
    "the tools that an answer calls",
    "application/json",
    '{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"weather","arguments":"{\\"in\\":\\"Rome\\"}"}}]}}]}',
    'weather {"in":"Rome"}',
  ],
  ["a refusal", "application/json", '{"choices":[{"message":{"content":null,"refusal":"No."}}]}', "No."],
  [
    "the words of a stream",
    "text/event-stream",
    `${event({ role: "assistant", content: "" })}${event({ content: "Hel" })}${event({ content: "lo." })}`,
    "Hello.",
  ],
  [
    "the tools that a stream calls",
    "text/event-stream",
    event({ tool_calls: [{ function: { name: "weather", arguments: "" } }] }) + event({ tool_calls: [{ function: { arguments: "{}" } }] }),
    "weather {}",
  ],
  ["a stream that was cut", "text/event-stream", `${event({ content: "Hel" })}data: {"cho`, "Hel"],
  [
    "the words and tools of an answer of Anthropic's",
    "application/json",
    '{"type":"message","role":"assistant","content":[{"type":"text","text":"I look."},{"type":"tool_use","name":"weather","input":{}}]}',
    "I look. [weather]",
  ],
  [
    "the words of a stream of Anthropic's",
    "text/event-stream",
    [
      { type: "message_start", message: { role: "assistant", content: [] } },
      { type: "content_block_delta", delta: { type: "text_delta", text: "Hel" } },
      { type: "content_block_delta", delta: { type: "input_json_delta", partial_json: "{" } },
      { type: "content_block_delta", delta: { type: "text_delta", text: "lo." } },
    ]
      .map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)
      .join(""),
    "Hello.",
  ],
  [
    "the words of an answer of OpenAI's responses",
    "application/json",
    '{"output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text","text":"Hello."}]}]}',
    "Hello.",
  ],
  ["what is embedded", "application/json", '{"input":["a","b"]}', "a · b"],
  ["an error's message", "application/json", '{"error":{"message":"quota"}}', "quota"],
  [
    "the last message of OpenTelemetry's, which has parts",
    "application/json",
    '{"system":[],"messages":[{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"tool_call","name":"weather"}]}]}',
    "Hi [tool_call]",
  ],
  ["the last message of a list", "application/json", '[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]', "b"],
  ["how any other text begins", "text/plain", "  <html>", "<html>"],
] as const)("shows %s", ([, mediaType, text, preview], { expect }) => {
  expect(previewOf({ kind: "inline", mediaType, text })).toBe(preview);
});

test("is at most 200 characters, and never half a character", ({ expect }) => {
  const text = `${"x".repeat(199)}👋`;
  expect(previewOf({ kind: "inline", mediaType: "text/plain", text })).toBe("x".repeat(199));
});
