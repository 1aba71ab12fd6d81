import fc from "fast-check";
import { describe, test } from "vitest";
import { failure } from "../../contracts/error.ts";
import { asRecord, parseJson } from "../../gateway/json.ts";
import type { Answer, AnswerBlock, Stop } from "../answer.ts";
import { answerContext, answers } from "./answers.fixture.ts";
import { chatFixtures } from "./chat.fixture.ts";
import { chat } from "./chat.ts";

type Fields = Readonly<Record<string, unknown>>;

const plain = chatFixtures.answers["plain"]?.answer;
const sent = (body: Fields): Fields => asRecord(parseJson(JSON.stringify(body))) ?? {};
const messageOf = (blocks: readonly AnswerBlock[]): unknown => {
  if (plain === undefined) return null;
  const choices = chat.writeAnswer({ ...plain, blocks }, answerContext(plain))["choices"];
  return Array.isArray(choices) ? asRecord(choices[0])?.["message"] : null;
};

describe("reading an answer", () => {
  test.for(Object.entries(chatFixtures.answers))("%s", ([, { body, answer }], { expect }) => {
    expect(chat.readAnswer(body)).toEqual(answer);
  });

  test.for([
    {},
    { choices: [] },
    { choices: {} },
    { choices: [null] },
    { choices: [{ message: "Hi" }] },
    { choices: [{ message: { tool_calls: [{ id: "call_1" }] } }] },
    { choices: [{ message: { tool_calls: [{ id: "call_1", function: { name: "" } }] } }] },
    { choices: [{ message: { tool_calls: ["f"] } }] },
  ])("what is no completion is none: %j", (body, { expect }) => {
    expect(chat.readAnswer(body)).toMatchObject({ kind: "failure", code: "upstream_invalid_response" });
  });

  test("an error in place of an answer is an error, with the provider's words", ({ expect }) => {
    expect(chat.readAnswer({ error: { message: "quota", code: 429 } })).toEqual(failure("upstream_error", "quota"));
  });

  test("a call without an id gets one of letters that every provider takes", ({ expect }) => {
    const body = { id: "a:b c", choices: [{ message: { tool_calls: [{ function: { name: "f" } }] } }] };
    expect(chat.readAnswer(body)).toMatchObject({ blocks: [{ kind: "tool-call", id: "call_0_abc", name: "f", arguments: "{}" }] });
  });

  test("an answer without a reason, an id or usage says so", ({ expect }) => {
    const expected: Answer = {
      id: "",
      model: "",
      blocks: [],
      stop: { unified: "other", raw: "", sequence: null },
      usage: null,
      serviceTier: null,
    };
    expect(chat.readAnswer({ choices: [{ message: { content: null }, finish_reason: null }] })).toEqual(expected);
  });

  test("whatever comes is read or refused", ({ expect }) => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const names = ["content", "refusal", "tool_calls", "thinking_blocks", "reasoning", "function", "name", "type", "thinking"];
    const message = fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.array(fc.dictionary(fc.constantFrom(...names), value))));
    fc.assert(
      fc.property(message, value, value, (said, reason, logprobs) => {
        const outcome = chat.readAnswer({ choices: [{ message: said, finish_reason: reason, logprobs }], usage: reason });
        expect("code" in outcome ? outcome.code : "upstream_invalid_response").toBe("upstream_invalid_response");
      }),
    );
  });
});

describe("writing an answer", () => {
  test.for(Object.entries(chatFixtures.answers))("is read as it was: %s", ([, { answer }], { expect }) => {
    expect(chat.readAnswer(sent(chat.writeAnswer(answer, answerContext(answer))))).toEqual(answer);
  });

  test("whatever was answered is read as it was written", ({ expect }) => {
    fc.assert(
      fc.property(answers, (answer) => {
        expect(chat.readAnswer(sent(chat.writeAnswer(answer, answerContext(answer))))).toEqual(answer);
      }),
    );
  });

  test("the whole of it is what OpenAI's clients expect", ({ expect }) => {
    const answer: Answer = {
      id: "msg_1",
      model: "claude",
      blocks: [{ kind: "tool-call", id: "toolu_1", name: "time", arguments: "{}" }],
      stop: { unified: "tool_calls", raw: "tool_use", sequence: null },
      usage: {
        inputTokens: 1,
        inputCachedTokens: 2,
        cacheWriteTokens: 4,
        cacheWriteHourTokens: 8,
        inputAudioTokens: 16,
        inputImageTokens: 32,
        outputTokens: 64,
        reasoningTokens: 128,
        outputAudioTokens: 256,
      },
      serviceTier: "default",
    };
    expect(chat.writeAnswer(answer, { ...answerContext(answer), model: "anthropic/claude", id: "abc" })).toEqual({
      id: "chatcmpl-abc",
      object: "chat.completion",
      created: 1_700_000_000,
      model: "anthropic/claude",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: null,
            refusal: null,
            tool_calls: [{ id: "toolu_1", type: "function", function: { name: "time", arguments: "{}" } }],
          },
          logprobs: null,
          finish_reason: "tool_calls",
        },
      ],
      usage: {
        prompt_tokens: 63,
        completion_tokens: 448,
        total_tokens: 511,
        prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 12, audio_tokens: 16, image_tokens: 32 },
        completion_tokens_details: { reasoning_tokens: 128, audio_tokens: 256 },
      },
      service_tier: "default",
    });
  });

  test("usage that is not known is not told, and zero tokens are", ({ expect }) => {
    const answer = chatFixtures.answers["namedTool"]?.answer;
    if (answer === undefined) throw new Error("no such fixture");
    expect(chat.writeAnswer(answer, answerContext(answer))).not.toHaveProperty("usage");
    const usage = chatFixtures.usages["zero"]?.usage ?? null;
    expect(chat.writeAnswer({ ...answer, usage }, answerContext(answer))).toMatchObject({
      usage: { prompt_tokens: 0, completion_tokens: 0 },
    });
  });

  test("several texts are one, and content is null only beside calls or a refusal", ({ expect }) => {
    const text = (said: string): AnswerBlock => ({ kind: "text", text: said, logprobs: [] });
    expect(messageOf([text("a"), text("b")])).toEqual({ role: "assistant", content: "ab", refusal: null });
    expect(messageOf([])).toEqual({ role: "assistant", content: "", refusal: null });
    expect(messageOf([{ kind: "refusal", text: "No." }])).toEqual({ role: "assistant", content: null, refusal: "No." });
  });

  test.for<[Stop["unified"], string, string]>([
    ["stop", "end_turn", "stop"],
    ["stop", "stop_sequence", "stop"],
    ["length", "max_tokens", "length"],
    ["tool_calls", "tool_use", "tool_calls"],
    ["tool_calls", "function_call", "tool_calls"],
    ["content_filter", "refusal", "content_filter"],
    ["other", "pause_turn", "stop"],
    ["other", "", "stop"],
    ["tool_calls", "stop", "stop"],
  ])("a stop of %s (%s) is %s", ([unified, raw, reason], { expect }) => {
    if (plain === undefined) throw new Error("no such fixture");
    const body = chat.writeAnswer({ ...plain, stop: { unified, raw, sequence: null } }, answerContext(plain));
    expect(body["choices"]).toMatchObject([{ finish_reason: reason }]);
  });
});

describe("usage", () => {
  test.for(Object.entries(chatFixtures.usages))("%s", ([, { block, usage }], { expect }) => {
    expect(chat.readUsage(block)).toEqual(usage);
  });
});
