import fc from "fast-check";
import { describe, test } from "vitest";
import type { Answer } from "../answer.ts";
import { answersOf } from "./arbitrary-answer.fixture.ts";
import { messagesFixtures } from "./messages.fixture.ts";
import { messages } from "./messages.ts";

const context = { model: "claude-sonnet-4-5", createdAtSeconds: 0, id: "0abc", includeUsage: true, request: {} };
const base: Answer = {
  id: "chatcmpl-1",
  model: "gpt-5",
  blocks: [],
  stop: { unified: "stop", raw: "stop", sequence: null },
  usage: null,
  serviceTier: null,
};
const call = { kind: "tool-call", id: "call_1", name: "now", arguments: "{}" } as const;

describe("readAnswer", () => {
  test.for(Object.entries(messagesFixtures.answers))("%s", ([, { body, answer }], { expect }) => {
    expect(messages.readAnswer(body)).toEqual(answer);
  });

  test("an error with the status of a success is the provider's own", ({ expect }) => {
    const body = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    expect(messages.readAnswer(body)).toMatchObject({ kind: "failure", code: "upstream_error", message: "Overloaded" });
  });

  test.for([
    [{}],
    [{ content: "Hello" }],
    [{ content: ["Hello"] }],
    [{ content: [{ type: "text" }] }],
    [{ content: [{ type: "tool_use", name: "now", input: {} }] }],
    [{ content: [{ type: "tool_use", id: "toolu_1", name: "now", input: 5 }] }],
    [{ content: [{ type: "thinking" }] }],
    [{ content: [{ type: "redacted_thinking" }] }],
  ])("cannot be read: %j", ([body], { expect }) => {
    expect(messages.readAnswer(body ?? {})).toMatchObject({ kind: "failure", code: "upstream_invalid_response" });
  });

  test("what is not said is told from what is: an unknown reason, no usage", ({ expect }) => {
    expect(messages.readAnswer({ content: [], stop_reason: "constructor", usage: null })).toMatchObject({
      stop: { unified: "other", raw: "constructor", sequence: null },
      usage: null,
    });
    expect(messages.readAnswer({ content: [] })).toMatchObject({ id: "", model: "", stop: { unified: "other", raw: "" } });
  });
});

describe("writeAnswer", () => {
  test.for(Object.entries(messagesFixtures.answers))("what is written is read as it was: %s", ([, { answer }], { expect }) => {
    expect(messages.readAnswer(messages.writeAnswer(answer, { ...context, model: answer.model }))).toEqual(answer);
  });

  test("what is written is read as it was, whatever it is", ({ expect }) => {
    fc.assert(
      fc.property(answersOf(context.model), (answer) => {
        expect(messages.readAnswer(messages.writeAnswer(answer, context))).toEqual(answer);
      }),
    );
  });

  test("an answer of another dialect gets an id and a model that its client knows", ({ expect }) => {
    const answer: Answer = { ...base, blocks: [{ kind: "refusal", text: "No." }, call] };
    expect(messages.writeAnswer(answer, context)).toEqual({
      id: "msg_0abc",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5",
      content: [
        { type: "text", text: "No.", citations: null },
        { type: "tool_use", id: "call_1", name: "now", input: {}, caller: { type: "direct" } },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      container: null,
      stop_details: null,
      usage: {
        input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: 0,
        output_tokens_details: { thinking_tokens: 0 },
        server_tool_use: null,
        service_tier: null,
      },
    });
  });

  test("a seal of another origin passes as text that is told apart when it comes back", ({ expect }) => {
    const seal = { origin: "responses", value: "gAAA" } as const;
    const answer: Answer = {
      ...base,
      blocks: [
        { kind: "thinking", text: "Hm.", seal },
        { kind: "redacted-thinking", seal },
      ],
    };
    expect(messages.writeAnswer(answer, context)).toMatchObject({
      content: [{ signature: "evalforge:responses:gAAA" }, { data: "evalforge:responses:gAAA" }],
    });
  });

  test("arguments that are no object reach the client as the model wrote them", ({ expect }) => {
    const inputOf = (argumentsText: string) =>
      messages.writeAnswer({ ...base, blocks: [{ ...call, arguments: argumentsText }] }, context)["content"];
    expect(inputOf('{"city": "Par')).toMatchObject([{ input: '{"city": "Par' }]);
    expect(inputOf("[1]")).toMatchObject([{ input: "[1]" }]);
    expect(inputOf("")).toMatchObject([{ input: {} }]);
  });

  test.for([
    [{ unified: "stop", raw: "stop", sequence: null }, [], "end_turn"],
    [{ unified: "stop", raw: "stop", sequence: null }, [call], "tool_use"],
    [{ unified: "stop", raw: "stop", sequence: "END" }, [], "stop_sequence"],
    [{ unified: "length", raw: "length", sequence: null }, [call], "max_tokens"],
    [{ unified: "tool_calls", raw: "tool_calls", sequence: null }, [call], "tool_use"],
    [{ unified: "content_filter", raw: "content_filter", sequence: null }, [], "refusal"],
    [{ unified: "other", raw: "eos", sequence: null }, [], "end_turn"],
    [{ unified: "length", raw: "model_context_window_exceeded", sequence: null }, [], "model_context_window_exceeded"],
  ] as const)("stop: %j", ([stop, blocks, reason], { expect }) => {
    expect(messages.writeAnswer({ ...base, blocks, stop }, context)).toMatchObject({ stop_reason: reason, stop_sequence: stop.sequence });
  });
});
