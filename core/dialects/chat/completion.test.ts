import fc from "fast-check";
import { describe, test } from "vitest";
import { CompletionBuilder } from "./completion.ts";

const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o", system_fingerprint: "fp" };
const chunk = (choices: unknown[], rest: object = {}) => ({ ...head, choices, ...rest });
const build = (chunks: readonly Record<string, unknown>[]) => {
  const builder = new CompletionBuilder();
  for (const each of chunks) builder.add(each);
  return builder.completion();
};

describe("CompletionBuilder", () => {
  test("text, refusal, tool calls and log probabilities of several choices become one completion", ({ expect }) => {
    const chunks = [
      chunk([{ index: 0, delta: { role: "assistant", content: "", refusal: null }, logprobs: { content: [] }, finish_reason: null }]),
      chunk([{ index: 1, delta: { role: "assistant", content: null } }]),
      chunk([{ index: 0, delta: { content: "Hel" }, logprobs: { content: [{ token: "Hel", logprob: -0.5 }] }, finish_reason: null }]),
      chunk([
        { index: 1, delta: { tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: "" } }] } },
      ]),
      chunk([{ index: 0, delta: { content: "lo" }, logprobs: { content: [{ token: "lo", logprob: -1 }] }, finish_reason: null }]),
      chunk([
        { index: 1, delta: { tool_calls: [{ index: 1, id: "call_2", type: "function", function: { name: "time", arguments: "{}" } }] } },
      ]),
      chunk([{ index: 1, delta: { tool_calls: [{ index: 0, function: { arguments: '{"in":' } }] } }]),
      chunk([{ index: 1, delta: { tool_calls: [{ index: 0, function: { arguments: '"Rome"}' } }], reasoning_content: "hm" } }]),
      chunk([{ index: 0, delta: {}, finish_reason: "stop" }]),
      chunk([{ index: 1, delta: {}, finish_reason: "tool_calls" }]),
      chunk([], { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } }),
    ];
    expect(build(chunks)).toEqual({
      ...head,
      object: "chat.completion",
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello", refusal: null },
          logprobs: {
            content: [
              { token: "Hel", logprob: -0.5 },
              { token: "lo", logprob: -1 },
            ],
          },
          finish_reason: "stop",
        },
        {
          index: 1,
          message: {
            role: "assistant",
            content: null,
            reasoning_content: "hm",
            tool_calls: [
              { index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: '{"in":"Rome"}' } },
              { index: 1, id: "call_2", type: "function", function: { name: "time", arguments: "{}" } },
            ],
          },
          finish_reason: "tool_calls",
        },
      ],
    });
  });

  test("a text comes out the same, however it was cut", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (pieces) => {
        const completion = build(pieces.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }])));
        expect(completion?.["choices"]).toEqual([{ index: 0, message: { content: pieces.join("") }, finish_reason: null }]);
      }),
    );
  });

  test("what is whole in every chunk is not joined: the last one stands", ({ expect }) => {
    const piece = (text: string) => ({
      role: "assistant",
      content: text,
      audio: { id: "audio_1", data: text, transcript: text },
      tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: text } }],
    });
    const chunks = ["a", "b"].map((text) =>
      chunk([{ index: 0, delta: piece(text), message: { content: "so far" }, finish_reason: "stop", stop_reason: "eos" }], {
        service_tier: "default",
        citations: ["https://example.com"],
        obfuscation: text,
      }),
    );
    expect(build(chunks)).toEqual({
      ...head,
      object: "chat.completion",
      service_tier: "default",
      citations: ["https://example.com"],
      choices: [{ index: 0, message: piece("ab"), finish_reason: "stop", stop_reason: "eos" }],
    });
  });

  test("no name in a chunk reaches what all objects inherit from", ({ expect }) => {
    const evil = '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}';
    const choice = `{"index":0,"delta":${evil},"logprobs":{"content":[${evil}]},"__proto__":{"x":1}}`;
    const text = `{"__proto__":{"x":1},"choices":[${choice},${choice}],"usage":${evil}}`;
    build([JSON.parse(text), JSON.parse(text)]);
    expect([Reflect.get({}, "x"), Reflect.get(() => undefined, "x")]).toEqual([undefined, undefined]);
  });

  test("all that is kept counts, log probabilities included, and what is replaced does not", ({ expect }) => {
    const builder = new CompletionBuilder();
    const top = Array.from({ length: 20 }, () => ({ token: "hello", logprob: -0.123456, bytes: [104, 101, 108, 108, 111] }));
    const one = chunk([{ index: 0, delta: { content: "hello" }, logprobs: { content: [{ token: "hello", top_logprobs: top }] } }]);
    for (let count = 0; count < 100; count++) builder.add(one);
    const charactersOfThem = JSON.stringify(builder.completion()).length;
    expect(builder.characters).toBeGreaterThan(charactersOfThem / 2);
    expect(builder.characters).toBeLessThan(charactersOfThem * 2);
  });

  test("does not change what it was given", ({ expect }) => {
    const first = chunk([{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: "a", arguments: "" } }] } }]);
    const before = structuredClone(first);
    build([first, chunk([{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: "{}" } }] } }])]);
    expect(first).toEqual(before);
  });

  test("nothing came: nothing is built", ({ expect }) => {
    expect(new CompletionBuilder().completion()).toBeNull();
  });
});
