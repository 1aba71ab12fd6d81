import Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import { describe, test } from "vitest";
import { asRecord, parseJson } from "../../gateway/json.ts";
import { eventsOf, EventSplitter } from "../../gateway/sse.ts";
import { AnswerFolder } from "../answer-folder.ts";
import type { Answer, AnswerBlock, AnswerEvent } from "../answer.ts";
import { answersOf } from "./arbitrary-answer.fixture.ts";
import { messagesFixtures } from "./messages.fixture.ts";
import { messages } from "./messages.ts";
import { toolInputOf } from "./tool-input.ts";

const context = { model: "claude-opus-5-5", createdAtSeconds: 0, id: "0abc", includeUsage: true, request: {} };

/** What a stream means; a failure is thrown. */
function read(text: string): readonly AnswerEvent[] {
  const reader = messages.openReader();
  return eventsOf(text).flatMap((event) => {
    const events = reader.read(event);
    if ("kind" in events) throw new Error(events.message);
    return events;
  });
}

function fold(events: readonly AnswerEvent[]): Answer | "too-large" {
  const folder = new AnswerFolder();
  for (const event of events) folder.add(event);
  return folder.answer();
}

function write(events: readonly AnswerEvent[]): string {
  const writer = messages.openWriter(context);
  return events.map((event) => writer.write(event)).join("") + writer.endText();
}

const dataOf = (text: string) => eventsOf(text).map(({ data }) => asRecord(parseJson(data ?? "")) ?? {});
const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** The events of one block, its text in the pieces that `sizes` cut. */
function eventsOfBlock(block: AnswerBlock, index: number, sizes: readonly number[]): AnswerEvent[] {
  const text = block.kind === "tool-call" ? block.arguments : block.kind === "redacted-thinking" ? "" : block.text;
  const cuts = [0, ...sizes.map((size) => Math.min(size, text.length)).toSorted((left, right) => left - right), text.length];
  const deltas = cuts.slice(1).map((cut, at) => ({ kind: "delta" as const, index, text: text.slice(cuts[at], cut), logprobs: [] }));
  const start = block.kind === "thinking" || block.kind === "text" || block.kind === "refusal" ? { kind: block.kind } : block;
  const isSealed = block.kind === "thinking" && block.seal !== null;
  return [
    { kind: "block-start", index, block: start },
    ...deltas.filter((delta) => delta.text !== ""),
    ...(isSealed && block.seal !== null ? [{ kind: "seal" as const, index, seal: block.seal }] : []),
    { kind: "block-stop", index },
  ];
}

function eventsOfAnswer(answer: Answer, sizes: readonly number[]): AnswerEvent[] {
  return [
    { kind: "start", id: answer.id, model: answer.model },
    ...answer.blocks.flatMap((block, index) => eventsOfBlock(block, index, sizes)),
    { kind: "stop", stop: answer.stop },
    ...(answer.usage === null ? [] : [{ kind: "usage" as const, usage: answer.usage, serviceTier: answer.serviceTier }]),
    { kind: "end" },
  ];
}

describe("reading a stream", () => {
  test.for(Object.entries(messagesFixtures.streams))("%s", ([, { text, answer }], { expect }) => {
    const events = read(text);
    expect(fold(events)).toEqual(answer);
    expect(events.filter(({ kind }) => kind === "end")).toHaveLength(1);
    expect(events.at(-1)).toEqual({ kind: "end" });
  });

  test.for(Object.entries(messagesFixtures.failing))("the provider's own error ends it: %s", ([, { text, message }], { expect }) => {
    const events = read(text);
    expect(events.at(-1)).toMatchObject({ kind: "error", message });
    expect(events.map(({ kind }) => kind)).not.toContain("end");
  });

  test("any chunking of its bytes means the same", ({ expect }) => {
    const streams = fc.constantFrom(...Object.values(messagesFixtures.streams).map(({ text }) => text));
    fc.assert(
      fc.property(streams, fc.array(fc.nat(2_000)), (text, sizes) => {
        const bytes = new TextEncoder().encode(text);
        const splitter = new EventSplitter();
        const texts: string[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          const whole = splitter.push(bytes.subarray(at, at + size));
          if (whole !== null) texts.push(new TextDecoder().decode(whole));
          at += size;
        }
        expect(read(texts.join(""))).toEqual(read(text));
      }),
    );
  });

  test("a cut one never ends", ({ expect }) => {
    for (const { text } of Object.values(messagesFixtures.streams)) {
      const events = eventsOf(text);
      for (let count = 0; count < events.length; count++) {
        const cut = read(
          events
            .slice(0, count)
            .map((each) => each.text)
            .join(""),
        );
        expect(cut.map(({ kind }) => kind)).not.toContain("end");
      }
    }
  });

  test("the counts of a later block stand, are never summed, and an explicit zero is one", ({ expect }) => {
    const text = messagesFixtures.streams["counts that come late, and an explicit zero"]?.text ?? "";
    const usages = read(text).flatMap((each) => (each.kind === "usage" ? [each.usage] : []));
    const none = messages.readUsage({ input_tokens: 0, output_tokens: 0 });
    expect(usages).toEqual([
      { ...none, inputCachedTokens: 5, cacheWriteTokens: 7, outputTokens: 1 },
      { ...none, inputTokens: 12, cacheWriteTokens: 7, outputTokens: 3 },
      { ...none, inputTokens: 12, cacheWriteTokens: 7, outputTokens: 6 },
    ]);
  });

  test("without counts at its start, usage is told when it is known", ({ expect }) => {
    const events = read(
      event("message_start", { message: { id: "msg_1", model: "m" } }) + event("message_delta", { usage: { output_tokens: 6 } }),
    );
    expect(events).toEqual([{ kind: "start", id: "msg_1", model: "m" }]);
  });

  test("whole arguments at a call's start give way to pieces", ({ expect }) => {
    const text = [
      event("content_block_start", { index: 0, content_block: { type: "tool_use", id: "toolu_1", name: "now", input: { a: 1 } } }),
      event("content_block_delta", { index: 0, delta: { type: "input_json_delta", partial_json: '{"a":2}' } }),
      event("content_block_stop", { index: 0 }),
    ].join("");
    expect(fold(read(text))).toMatchObject({ blocks: [{ arguments: '{"a":2}' }] });
  });

  test("nothing follows the end, another dialect's mark neither; events of no known kind mean nothing", ({ expect }) => {
    expect(read(event("message_stop", {}) + event("message_stop", {}) + "data: [DONE]\n\n")).toEqual([{ kind: "end" }]);
    expect(read(event("fallback", {}) + ": comment\n\n" + event("ping", {}))).toEqual([]);
  });

  test.for([
    "data: <html>\n\n",
    "data: [1]\n\n",
    event("content_block_start", { index: 0 }),
    event("content_block_start", { index: 0, content_block: { type: "tool_use", name: "now" } }),
    event("content_block_start", { index: 0, content_block: { type: "redacted_thinking" } }),
    event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hi" } }),
    event("content_block_stop", { index: 0 }),
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
      event("content_block_delta", { index: 0, delta: { type: "input_json_delta", partial_json: "{" } }),
  ])("cannot be read: %s", (text, { expect }) => {
    const reader = messages.openReader();
    expect(
      eventsOf(text)
        .map((each) => reader.read(each))
        .at(-1),
    ).toMatchObject({ code: "upstream_invalid_response" });
  });
});

describe("writing a stream", () => {
  test("what is written is read as it was, whatever it is", ({ expect }) => {
    fc.assert(
      fc.property(answersOf(context.model), fc.array(fc.nat(20)), (answer, sizes) => {
        expect(fold(read(write(eventsOfAnswer(answer, sizes))))).toEqual(answer);
      }),
    );
  });

  test("calls that run side by side are told one after another, however they are mixed", ({ expect }) => {
    const lists = fc.array(fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lists, fc.infiniteStream(fc.nat(100)), (calls, picks) => {
        const queues = calls.map((pieces, index): AnswerEvent[] => [
          { kind: "block-start", index, block: { kind: "tool-call", id: `call_${index}`, name: "now" } },
          ...pieces.map((text) => ({ kind: "delta" as const, index, text, logprobs: [] })),
          { kind: "block-stop", index },
        ]);
        // Starts keep their order; all else is mixed.
        const events: AnswerEvent[] = [
          { kind: "start", id: "msg_1", model: context.model },
          ...queues.flatMap((queue) => queue.splice(0, 1)),
        ];
        for (const pick of picks) {
          const open = queues.filter((queue) => queue.length > 0);
          const next = open[pick % Math.max(1, open.length)]?.shift();
          if (next === undefined) break;
          events.push(next);
        }
        const text = write([...events, { kind: "end" }]);
        let open: unknown = null;
        for (const data of dataOf(text)) {
          const { type, index } = data;
          if (type === "content_block_start") {
            expect(open).toBeNull();
            open = index;
          } else if (index !== undefined) expect(index).toBe(open);
          if (type === "content_block_stop") open = null;
        }
        expect(fold(read(text))).toMatchObject({
          blocks: calls.map((pieces, index) => ({ id: `call_${index}`, arguments: pieces.join("") || "{}" })),
          stop: { raw: "tool_use" },
        });
      }),
    );
  });

  test("the end mark is told by itself; blocks that are open at the end are stopped", ({ expect }) => {
    const writer = messages.openWriter(context);
    const events: AnswerEvent[] = [
      { kind: "start", id: "chatcmpl-1", model: "gpt-5" },
      { kind: "block-start", index: 0, block: { kind: "refusal" } },
      { kind: "delta", index: 0, text: "No.", logprobs: [] },
      { kind: "stop", stop: { unified: "content_filter", raw: "content_filter", sequence: null } },
      { kind: "end" },
    ];
    const text = events.map((each) => writer.write(each)).join("");
    expect(dataOf(text)).toMatchObject([
      { type: "message_start", message: { id: "msg_0abc", model: "claude-opus-5-5", content: [], usage: { input_tokens: 0 } } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "No." } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "refusal", stop_sequence: null }, usage: { output_tokens: 0 } },
    ]);
    expect(text.split("\n").filter((line) => line.startsWith("event: "))).toEqual(
      dataOf(text).map((data) => `event: ${String(data["type"])}`),
    );
    expect(writer.endText()).toBe('event: message_stop\ndata: {"type":"message_stop"}\n\n');
  });

  test("Anthropic's own client puts it together to the answer that is written whole", async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(answersOf(context.model), fc.array(fc.nat(20)), async (answer, sizes) => {
        // Of arguments that are cut off, each client makes its own.
        const blocks = answer.blocks.filter((block) => block.kind !== "tool-call" || toolInputOf(block.arguments) !== null);
        const whole = { ...answer, blocks };
        const client = new Anthropic({
          apiKey: "none",
          maxRetries: 0,
          fetch: async () => new Response(write(eventsOfAnswer(whole, sizes)), { headers: { "content-type": "text/event-stream" } }),
        });
        const stream = client.messages.stream({ model: context.model, max_tokens: 1, messages: [] });
        const message = await stream.finalMessage();
        const { usage, ...rest } = messages.writeAnswer(whole, context);
        expect(JSON.parse(JSON.stringify(message))).toMatchObject(rest);
        expect(message.usage).toMatchObject({ ...Object(usage), cache_creation: {}, service_tier: null });
      }),
      { numRuns: 50 },
    );
  });
});
