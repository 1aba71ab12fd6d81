import { describe, test } from "vitest";
import { AnswerReader } from "./answer-reader.ts";
import { draftOfCall } from "./draft-of-call.ts";
import { emptyDraft, readDraft, type Draft } from "./draft.ts";

const asked: Draft = {
  ...emptyDraft,
  turns: [
    { id: "1", kind: "system", text: "Be brief." },
    { id: "2", kind: "user", text: "Hello" },
  ],
};

describe("a draft", () => {
  test("asks what stands in its fields, and leaves out what is empty", ({ expect }) => {
    const other = { ...asked, temperature: "0.2", maxTokens: "50", otherFields: '{"seed":7,"stream":false}' };
    expect(readDraft(other, " anthropic/claude-sonnet-4-5 ")).toEqual({
      kind: "request",
      body: {
        seed: 7,
        model: "anthropic/claude-sonnet-4-5",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Hello" },
        ],
        temperature: 0.2,
        max_tokens: 50,
        stream: true,
        stream_options: { include_usage: true },
      },
    });
    const toOpenAi = readDraft({ ...asked, maxTokens: "50", turns: [{ id: "1", kind: "system", text: "" }, ...asked.turns] }, "gpt-5");
    expect(toOpenAi).toMatchObject({ body: { max_completion_tokens: 50, messages: [{ role: "system" }, { role: "user" }] } });
  });

  test("says all that is wrong with it at once, by field", ({ expect }) => {
    const turns = [{ id: "1", kind: "message", text: "no JSON" } as const];
    expect(readDraft({ ...asked, turns, temperature: "warm", otherFields: "[]" }, "")).toEqual({
      kind: "faulty",
      faults: [
        { field: "turns", message: "Turn 1 must be a message as a JSON object." },
        { field: "otherFields", message: "Other fields must be a JSON object." },
        { field: "temperature", message: "Temperature must be a number." },
        { field: "model", message: "Name a model." },
      ],
    });
    expect(readDraft(emptyDraft, "gpt-4o")).toEqual({ kind: "faulty", faults: [{ field: "turns", message: "Write something first." }] });
  });
});

describe("a call of a trace", () => {
  test("of the chat API comes back as it was sent, whatever is in it", ({ expect }) => {
    const body = {
      model: "openai/gpt-4o",
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
          ],
        },
        { role: "assistant", content: null, tool_calls: [{ id: "c", type: "function", function: { name: "look", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "c", content: "a cat" },
      ],
      temperature: 0,
      top_p: 0.9,
      max_completion_tokens: 20,
      stream: false,
      tools: [{ type: "function", function: { name: "look" } }],
      seed: 1,
    };
    const read = draftOfCall(JSON.stringify(body), "chat", "");
    if (read.kind !== "draft") throw new Error(read.kind);
    expect(read.leftOut).toEqual([]);
    expect(read.draft.turns.map(({ kind }) => kind)).toEqual(["system", "message", "message", "message"]);
    expect(readDraft(read.draft, "openai/gpt-4o")).toEqual({
      kind: "request",
      body: { ...body, stream: true, stream_options: { include_usage: true } },
    });
  });

  test("of another API becomes one of the chat API, and what that cannot say is named", ({ expect }) => {
    const body = {
      model: "claude-sonnet-4-5",
      max_tokens: 100,
      system: "Be brief.",
      thinking: { type: "enabled", budget_tokens: 2000 },
      messages: [
        { role: "user", content: "Look" },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "look", input: { at: 1 } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "a cat" }] },
      ],
    };
    const read = draftOfCall(JSON.stringify(body), "messages", "");
    if (read.kind !== "draft") throw new Error(read.kind);
    expect([read.leftOut, read.draft.maxTokens, read.draft.models]).toEqual([["thinking"], "100", ["claude-sonnet-4-5"]]);
    expect(readDraft(read.draft, "m/x")).toMatchObject({
      body: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Look" },
          {
            role: "assistant",
            content: "",
            tool_calls: [{ id: "t", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
          },
          { role: "tool", tool_call_id: "t", content: "a cat" },
        ],
      },
    });
  });

  test("that holds no conversation is said to be unreadable", ({ expect }) => {
    for (const text of ["hello", '{"input":"embed me"}', "[]"]) expect(draftOfCall(text, "", "m")).toEqual({ kind: "unreadable" });
  });
});

test("a stream reads the same wherever it is cut, with its tokens and its cost", ({ expect }) => {
  const chunk = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
  const stream = [
    ": keep-alive\n\n",
    chunk({ choices: [{ index: 0, delta: { role: "assistant", content: "Hel" } }] }),
    chunk({ choices: [{ index: 0, delta: { content: "lo" }, finish_reason: "stop" }] }),
    chunk({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } }),
    ": x-evalforge-cost-usd 0.000021\n\n",
    "data: [DONE]\n\n",
  ].join("");
  for (let size = 1; size <= stream.length; size += 1) {
    const reader = new AnswerReader();
    for (let at = 0; at < stream.length; at += size) reader.add(stream.slice(at, at + size));
    expect([reader.figures, reader.chat.complete, reader.chat.choices[0]?.message.parts, reader.chat.choices[0]?.finishReason]).toEqual([
      { inputTokens: 7, outputTokens: 2, costUsd: "0.000021" },
      true,
      [{ kind: "text", text: "Hello" }],
      "stop",
    ]);
  }
});
