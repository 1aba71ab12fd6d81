import fc from "fast-check";
import { describe, test } from "vitest";
import { readAnswer } from "./answer.ts";
import { apis } from "./apis.ts";
import { message } from "./message.ts";
import { readRequest } from "./request.ts";

const names = [...apis.keys(), ""];
const json = "application/json";
const hi = { role: "user", content: "Hi" };
const said = message("user", { parts: [{ kind: "text", text: "Hi" }] });

const chatAnswer = JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content: "Yo" }, finish_reason: "stop" }] });
const anthropicAnswer = JSON.stringify({ type: "message", content: [{ type: "text", text: "Yo" }], stop_reason: "stop" });
const responsesAnswer = JSON.stringify({
  object: "response",
  status: "stop",
  output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Yo" }] }],
});
const vectors = JSON.stringify({ data: [{ index: 0, embedding: [1] }] });

describe("the API of a span", () => {
  test("decides how what was asked is read, and what it does not fit stays text", ({ expect }) => {
    const messages = JSON.stringify({ messages: [hi] });
    const input = JSON.stringify({ input: ["Hi"] });
    expect(names.map((api) => [api, readRequest(messages, api).kind, readRequest(input, api).kind])).toEqual([
      ["chat", "messages", "text"],
      ["messages", "messages", "text"],
      ["responses", "text", "messages"],
      ["embedding", "text", "inputs"],
      ["count-tokens", "messages", "text"],
      ["", "messages", "inputs"],
    ]);
  });

  test("decides how what was answered is read, and what it does not fit stays text", ({ expect }) => {
    const answers = [chatAnswer, anthropicAnswer, responsesAnswer, vectors, '{"input_tokens":7}'];
    expect(names.map((api) => [api, ...answers.map((text) => readAnswer(text, json, api).kind)])).toEqual([
      ["chat", "chat", "text", "text", "text", "text"],
      ["messages", "text", "chat", "text", "text", "text"],
      ["responses", "text", "text", "chat", "text", "text"],
      ["embedding", "text", "text", "text", "vectors", "text"],
      ["count-tokens", "text", "text", "text", "text", "text"],
      ["", "chat", "chat", "chat", "vectors", "text"],
    ]);
  });

  test("that this page does not know is as none", ({ expect }) => {
    expect(readRequest(JSON.stringify({ messages: [hi] }), "__proto__")).toEqual({ kind: "messages", messages: [said] });
    expect(readAnswer(anthropicAnswer, json, "constructor")).toEqual(readAnswer(anthropicAnswer, json, "messages"));
  });
});

test("the same answer reads the same in every API", ({ expect }) => {
  const read = [chatAnswer, anthropicAnswer, responsesAnswer].map((text) => readAnswer(text, json, ""));
  const choice = { index: 0, message: message("assistant", { parts: [{ kind: "text", text: "Yo" }] }), finishReason: "stop" };
  expect(read).toEqual(Array.from({ length: 3 }, () => ({ kind: "chat", choices: [choice], complete: true, errorText: "" })));
});

test("a request from outside is read by what only its API says", ({ expect }) => {
  const result = { type: "tool_result", tool_use_id: "toolu_1", content: "4" };
  const call = { id: "call_1", type: "function", function: { name: "get", arguments: "{}" } };
  const given = message("tool", { toolCallId: "toolu_1", parts: [{ kind: "text", text: "4" }] });
  const thought = { type: "thinking", thinking: [{ type: "text", text: "Hm" }] };
  const requests: readonly (readonly [request: unknown, messages: unknown])[] = [
    [{ system: "Be brief.", messages: [hi] }, [message("system", { parts: [{ kind: "text", text: "Be brief." }] }), said]],
    [{ messages: [{ role: "user", content: [result] }] }, [given]],
    [
      { messages: [{ role: "assistant", content: [thought], tool_calls: [call] }] },
      [
        message("assistant", {
          parts: [{ kind: "other", value: thought }],
          toolCalls: [{ id: "call_1", name: "get", argumentsText: "{}" }],
        }),
      ],
    ],
    [{ instructions: "Be brief.", input: "Hi" }, [message("system", { parts: [{ kind: "text", text: "Be brief." }] }), said]],
    [{ input: [hi] }, [said]],
  ];
  expect(requests.map(([request]) => readRequest(JSON.stringify(request), ""))).toEqual(
    requests.map(([, messages]) => ({ kind: "messages", messages })),
  );
  expect(readRequest('{"input":[{"question":"Hi"}]}', "")).toEqual({ kind: "text", text: '{"input":[{"question":"Hi"}]}' });
});

describe("no payload", () => {
  const word = fc.constantFrom(
    "text",
    "image",
    "document",
    "tool_use",
    "tool_result",
    "thinking",
    "message",
    "response",
    "reasoning",
    "function_call",
  );
  const field = fc.constantFrom(
    "type",
    "role",
    "content",
    "messages",
    "system",
    "input",
    "output",
    "source",
    "text",
    "thinking",
    "summary",
    "object",
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      word,
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.oneof(field, fc.string()), tie("tree"), { maxKeys: 5 }),
    ),
  }));

  test("makes a reader throw, whatever it holds", ({ expect }) => {
    fc.assert(
      fc.property(tree, tree, fc.constantFrom(...names), (content, other, api) => {
        const bodies = [content, { messages: content, system: other }, { messages: [{ role: "user", content }] }, { input: content }];
        const answers = [content, { type: "message", content }, { object: "response", output: content, status: other }];
        expect(() => bodies.map((body) => readRequest(JSON.stringify(body), api))).not.toThrow();
        expect(() => answers.map((body) => readAnswer(JSON.stringify(body), json, api))).not.toThrow();
      }),
    );
  });

  test("is too deep to be read", ({ expect }) => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const call = `{"type":"tool_use","id":"toolu_1","name":"dig","input":${deep}}`;
    expect(readRequest(`{"messages":[{"role":"assistant","content":[${call}]}]}`, "messages")).toEqual({
      kind: "messages",
      messages: [message("assistant", { toolCalls: [{ id: "toolu_1", name: "dig", argumentsText: "nested too deeply to be shown" }] })],
    });
  });
});
