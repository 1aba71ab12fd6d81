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
