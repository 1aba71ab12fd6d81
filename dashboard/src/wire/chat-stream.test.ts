import fc from "fast-check";
import { describe, test } from "vitest";
import { readAnswer } from "./answer.ts";
import { accumulateChat } from "./chat-stream.ts";
import { readEventStream } from "./event-stream.ts";

type Delta = Record<string, unknown>;

function streamText(chunks: readonly unknown[], end = "data: [DONE]\n\n"): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("") + end;
}

function accumulate(chunks: readonly unknown[], end?: string) {
  return accumulateChat(readEventStream(streamText(chunks, end)));
}

function chunk(delta: Delta, finishReason: string | null = null, index = 0) {
  return { choices: [{ index, delta, finish_reason: finishReason }] };
}

/** Text, cut at any places into any number of pieces. */
const cutText = fc.tuple(fc.string(), fc.array(fc.nat())).map(([text, cuts]) => {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((one, other) => one - other);
  return { text, pieces: places.slice(1).map((place, at) => text.slice(places[at], place)) };
});

describe("a streamed answer", () => {
  test("is the same however its text was cut into chunks and its choices interleaved", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cutText, cutText, cutText), { minLength: 1, maxLength: 3 }), fc.boolean(), (choices, interleaved) => {
        const perChoice = choices.map(([content, first, second], index) => [
          chunk({ role: "assistant", content: "" }, null, index),
          ...content.pieces.map((piece) => chunk({ content: piece }, null, index)),
          chunk({ tool_calls: [{ index: 0, id: "call_a", type: "function", function: { name: "one", arguments: "" } }] }, null, index),
          chunk({ tool_calls: [{ index: 1, id: "call_b", type: "function", function: { name: "two", arguments: "" } }] }, null, index),
          ...first.pieces.map((piece) => chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }, null, index)),
          ...second.pieces.map((piece) => chunk({ tool_calls: [{ index: 1, function: { arguments: piece } }] }, null, index)),
          chunk({}, "tool_calls", index),
        ]);
        const longest = Math.max(...perChoice.map((chunks) => chunks.length));
        const ordered = interleaved
          ? Array.from({ length: longest }, (_, at) => perChoice.flatMap((chunks) => chunks.slice(at, at + 1))).flat()
          : perChoice.flat();
        expect(accumulate(ordered)).toEqual({
          choices: choices.map(([content, first, second], index) => ({
            index,
            finishReason: "tool_calls",
            message: {
              role: "assistant",
              name: "",
              toolCallId: "",
              isError: false,
              parts: content.text === "" ? [] : [{ kind: "text", text: content.text }],
              toolCalls: [
                { id: "call_a", name: "one", argumentsText: first.text },
                { id: "call_b", name: "two", argumentsText: second.text },
              ],
            },
          })),
          complete: true,
          errorText: "",
        });
      }),
    );
  });

  test("keeps reasoning and refusal apart from the text", ({ expect }) => {
    const chunks = [
      chunk({ role: "assistant", reasoning_content: "Hm" }),
      chunk({ reasoning_content: "m." }),
      chunk({ content: "No" }),
      chunk({ refusal: "I can" }),
      chunk({ refusal: "not." }, "stop"),
    ];
    expect(accumulate(chunks).choices[0]?.message.parts).toEqual([
      { kind: "reasoning", text: "Hmm." },
      { kind: "text", text: "No" },
      { kind: "refusal", text: "I cannot." },
    ]);
  });

  test("that was cut off is not complete, and keeps what came", ({ expect }) => {
    expect(accumulate([chunk({ role: "assistant", content: "Once upon" })], 'data: {"choices":[{"index":0,"del')).toEqual({
      choices: [
        {
          index: 0,
          finishReason: "",
          message: {
            role: "assistant",
            name: "",
            toolCallId: "",
            isError: false,
            parts: [{ kind: "text", text: "Once upon" }],
            toolCalls: [],
          },
        },
      ],
      complete: false,
      errorText: "",
    });
  });

  test("that ended in an error event says what the error was", ({ expect }) => {
    const { complete, errorText } = accumulate(
      [chunk({ content: "Once" }), { error: { message: "The provider ended its answer before it was whole." } }],
      "",
    );
    expect({ complete, errorText }).toEqual({ complete: false, errorText: "The provider ended its answer before it was whole." });
  });

  test("passes over events that are no chunks, and the usage chunk without choices", ({ expect }) => {
    const noise = "data: not json\n\ndata: 42\n\ndata: null\n\n";
    const text = noise + streamText([chunk({ content: "Hi" }, "stop"), { choices: [], usage: { prompt_tokens: 3 } }, { choices: "none" }]);
    expect(accumulateChat(readEventStream(text)).choices.map((choice) => choice.message.parts)).toEqual([[{ kind: "text", text: "Hi" }]]);
  });
});

test("the same answer reads the same, streamed or plain", ({ expect }) => {
  const calls = [{ id: "call_a", type: "function", function: { name: "search", arguments: '{"q":"x"}' } }];
  const plain = JSON.stringify({
    choices: [{ index: 0, message: { role: "assistant", content: "Hello", tool_calls: calls }, finish_reason: "tool_calls" }],
  });
  const streamed = streamText([
    chunk({ role: "assistant", content: "Hel" }),
    chunk({ content: "lo", tool_calls: calls.map((call) => ({ index: 0, ...call })) }),
    chunk({}, "tool_calls"),
  ]);
  expect(readAnswer(streamed, "text/event-stream; charset=utf-8", "")).toEqual(readAnswer(plain, "application/json", "chat"));
});
