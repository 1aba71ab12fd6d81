import fc from "fast-check";
import { ChatCompletionStream } from "openai/lib/ChatCompletionStream";
import { describe, test } from "vitest";
import { asRecord, parseJson } from "../../gateway/json.ts";
import { EventSplitter, eventsOf } from "../../gateway/sse.ts";
import { AnswerFolder } from "../answer-folder.ts";
import type { Answer, AnswerBlock, AnswerEvent, BlockStart } from "../answer.ts";
import type { AnswerContext } from "../dialect.ts";
import { answerContext, answers } from "./answers.fixture.ts";
import { chatFixtures } from "./chat.fixture.ts";
import { chat } from "./chat.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a stream means, cut into pieces at `cuts`. */
function eventsIn(stream: string, cuts: readonly number[] = []): readonly AnswerEvent[] {
  const bytes = new TextEncoder().encode(stream);
  const reader = chat.openReader();
  const splitter = new EventSplitter();
  const edges = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].toSorted((left, right) => left - right);
  const events: AnswerEvent[] = [];
  for (const [at, from] of edges.slice(0, -1).entries()) {
    const whole = splitter.push(bytes.subarray(from, edges[at + 1]));
    for (const event of whole === null ? [] : eventsOf(new TextDecoder("utf-8", { fatal: true }).decode(whole))) {
      const read = reader.read(event);
      if ("code" in read) throw new Error(read.message);
      events.push(...read);
    }
  }
  return events;
}

function fold(events: readonly AnswerEvent[]): Answer | "too-large" {
  const folder = new AnswerFolder();
  for (const event of events) folder.add(event);
  return folder.answer();
}

const write = (events: readonly AnswerEvent[], context: AnswerContext): string => {
  const writer = chat.openWriter(context);
  return events.map((event) => writer.write(event)).join("") + writer.endText();
};

const chunksOf = (stream: string): readonly Fields[] =>
  eventsOf(stream)
    .map(({ data }) => asRecord(parseJson(data ?? "")))
    .filter((chunk) => chunk !== null);

const startOf = (block: AnswerBlock): BlockStart => {
  switch (block.kind) {
    case "tool-call":
      return { kind: "tool-call", id: block.id, name: block.name };
    case "redacted-thinking":
      return block;
    case "text":
    case "thinking":
    case "refusal":
      return { kind: block.kind };
  }
};

/** The stream of an answer, whose texts come in pieces of `size`, and whose calls come side by side. */
function eventsOfAnswer(answer: Answer, size: number): readonly AnswerEvent[] {
  const steps = answer.blocks.map((block, index): { start: AnswerEvent; more: readonly AnswerEvent[]; stop: readonly AnswerEvent[] } => {
    const whole = block.kind === "tool-call" ? block.arguments : block.kind === "redacted-thinking" ? "" : block.text;
    const pieces = whole.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const logprobs = block.kind === "text" ? block.logprobs : [];
    const seal = block.kind === "thinking" ? block.seal : null;
    return {
      start: { kind: "block-start", index, block: startOf(block) },
      more: pieces.map((text, at) => ({ kind: "delta", index, text, logprobs: at === 0 ? logprobs : [] })),
      stop: [...(seal === null ? [] : [{ kind: "seal" as const, index, seal }]), { kind: "block-stop", index }],
    };
  });
  const isCall = (_step: unknown, index: number) => answer.blocks[index]?.kind === "tool-call";
  const said = steps.filter((step, index) => !isCall(step, index));
  const calls = steps.filter(isCall);
  const rounds = Math.max(0, ...calls.map(({ more }) => more.length));
  return [
    { kind: "start", id: answer.id, model: answer.model },
    ...said.flatMap(({ start, more, stop }) => [start, ...more, ...stop]),
    ...calls.map(({ start }) => start),
    ...Array.from({ length: rounds }).flatMap((_, round) => calls.flatMap(({ more }) => more[round] ?? [])),
    ...calls.flatMap(({ stop }) => stop),
    { kind: "stop", stop: answer.stop },
    ...(answer.usage === null ? [] : [{ kind: "usage" as const, usage: answer.usage, serviceTier: answer.serviceTier }]),
    { kind: "end" },
  ];
}

/** Fails where blocks are not started, continued and stopped in their turn. */
function checkOrder(events: readonly AnswerEvent[]): void {
  const open = new Map<number, BlockStart["kind"]>();
  let count = 0;
  for (const event of events) {
    if (event.kind === "block-start") {
      if (event.index !== count++) throw new Error(`block ${event.index} is not the next one`);
      const isBesideCalls = event.block.kind === "tool-call" && [...open.values()].every((kind) => kind === "tool-call");
      if (open.size > 0 && !isBesideCalls) throw new Error(`block ${event.index} starts before others have stopped`);
      open.set(event.index, event.block.kind);
    } else if (event.kind === "block-stop") {
      if (!open.delete(event.index)) throw new Error(`block ${event.index} is not open`);
    } else if ((event.kind === "delta" || event.kind === "seal") && !open.has(event.index))
      throw new Error(`block ${event.index} is not open`);
    else if ((event.kind === "stop" || event.kind === "end") && open.size > 0) throw new Error("blocks are open at the end");
  }
}

describe("reading a stream", () => {
  test.for(Object.entries(chatFixtures.streams))("%s", ([, { text, answer }], { expect }) => {
    const events = eventsIn(text);
    checkOrder(events);
    expect(fold(events)).toEqual(answer);
    const kinds = events.map(({ kind }) => kind);
    expect([kinds[0], kinds.at(-1), kinds.filter((kind) => kind === "start" || kind === "stop" || kind === "end").length]).toEqual([
      "start",
      "end",
      3,
    ]);
  });

  test.for(Object.entries(chatFixtures.streams))("any chunking gives the same events: %s", ([, { text }], { expect }) => {
    const events = eventsIn(text);
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.boolean(), (cuts, hasReturns) => {
        expect(eventsIn(hasReturns ? text.replaceAll("\n", "\r\n") : text, cuts)).toEqual(events);
      }),
      { numRuns: 20 },
    );
  });

  test.for(Object.entries(chatFixtures.streams))("cut anywhere, it has no end: %s", ([, { text }], { expect }) => {
    const whole = text.slice(0, text.indexOf("data: [DONE]"));
    const edges = [...whole.matchAll(/\n\n/g)].map(({ index }) => index + 2);
    for (const edge of edges) expect(eventsIn(whole.slice(0, edge)).some(({ kind }) => kind === "end")).toBe(false);
  });

  test.for(Object.entries(chatFixtures.failing))("the provider's own error is the last that is read: %s", ([, fixture], { expect }) => {
    const events = eventsIn(`${fixture.text}${fixture.text}data: [DONE]\n\n`);
    expect(events.filter(({ kind }) => kind === "error" || kind === "end")).toEqual([events.at(-1)]);
    expect(events.at(-1)).toMatchObject({ kind: "error", message: fixture.message });
  });

  test.for(["<html>", "[1]", '{"choices":', "null", "[DONE]", '{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_1"}]}}]}'])(
    "what is no chunk ends it as failed: %s",
    (data, { expect }) => {
      const reader = chat.openReader();
      expect(reader.read({ text: "", data })).toMatchObject({ kind: "failure", code: "upstream_invalid_response" });
      expect(reader.read({ text: "", data })).toEqual([]);
    },
  );

  test("usage that comes again replaces the one before, and is not summed", ({ expect }) => {
    const usageOf = ({ text }: { readonly text: string }) => eventsIn(text).filter(({ kind }) => kind === "usage");
    const told = usageOf(chatFixtures.streams["told again and again"] ?? { text: "" });
    expect(told.map((event) => event.kind === "usage" && event.usage.outputTokens)).toEqual([1, 2, 3, 4]);
  });
});

describe("writing a stream", () => {
  test.for(Object.entries(chatFixtures.streams))("is read as it was: %s", ([, { text, answer }], { expect }) => {
    const written = write(eventsIn(text), answerContext(answer));
    expect(fold(eventsIn(written))).toEqual(answer);
  });

  test("whatever was answered is read as it was written, and by OpenAI's own client", async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 4 }), async (answer, size) => {
        const written = write(eventsOfAnswer(answer, size), answerContext(answer));
        const events = eventsIn(written);
        checkOrder(events);
        expect(fold(events)).toEqual(answer);
        await checkWithClient(written, answer, expect);
      }),
    );
  });

  const tools: Answer = {
    id: "msg_1",
    model: "claude",
    blocks: [
      { kind: "thinking", text: "So.", seal: { origin: "messages", value: "c2ln" } },
      { kind: "text", text: "Hi", logprobs: [] },
      { kind: "tool-call", id: "toolu_1", name: "weather", arguments: "{}" },
      { kind: "tool-call", id: "toolu_2", name: "time", arguments: "" },
    ],
    stop: { unified: "tool_calls", raw: "tool_use", sequence: null },
    usage: chatFixtures.usages["plain"]?.usage ?? null,
    serviceTier: null,
  };

  test("a role comes first, a call is named once, and the reason comes with nothing else", ({ expect }) => {
    const chunks = chunksOf(write(eventsOfAnswer(tools, 9), { ...answerContext(tools), includeUsage: false }));
    const delta = (said: Fields, reason: string | null = null) => ({
      id: "chatcmpl-abc",
      object: "chat.completion.chunk",
      created: 1_700_000_000,
      model: "claude",
      choices: [{ index: 0, delta: said, logprobs: null, finish_reason: reason }],
    });
    const named = (index: number, id: string, name: string) =>
      delta({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] });
    const more = (index: number) => delta({ tool_calls: [{ index, function: { arguments: "{}" } }] });
    expect(chunks).toEqual([
      delta({ role: "assistant", content: "", refusal: null }),
      delta({ reasoning_content: "So." }),
      delta({ thinking_blocks: [{ type: "thinking", thinking: "So.", signature: "evalforge:messages:c2ln" }] }),
      delta({ content: "Hi" }),
      named(0, "toolu_1", "weather"),
      named(1, "toolu_2", "time"),
      more(0),
      more(1),
      delta({}, "tool_calls"),
    ]);
  });

  test("usage comes last, alone, and only where it was asked for; every other chunk then says that it has none", ({ expect }) => {
    const events = eventsOfAnswer(tools, 9);
    const asked = chunksOf(write(events, answerContext(tools)));
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } });
    expect(asked.slice(0, -1).map(({ usage }) => usage)).toEqual(asked.slice(0, -1).map(() => null));
    const unasked = chunksOf(write(events, { ...answerContext(tools), includeUsage: false }));
    expect([unasked.length, unasked.some((chunk) => "usage" in chunk)]).toEqual([asked.length - 1, false]);
  });

  test("an answer that ended without a reason has one", ({ expect }) => {
    const written = write([{ kind: "start", id: "", model: "" }, { kind: "end" }], answerContext(tools));
    expect(chunksOf(written).at(-1)).toMatchObject({ choices: [{ delta: {}, finish_reason: "stop" }] });
  });

  test("an error is not this dialect's to write, and the end mark never stands in what is written before it", ({ expect }) => {
    const writer = chat.openWriter(answerContext(tools));
    const written = eventsOfAnswer(tools, 1)
      .map((event) => writer.write(event))
      .join("");
    expect([writer.write({ kind: "error", message: "busy", raw: "" }), written.includes("[DONE]"), writer.endText()]).toEqual([
      "",
      false,
      "data: [DONE]\n\n",
    ]);
  });
});

/** Reads what was written as OpenAI's own client does. */
async function checkWithClient(written: string, answer: Answer, expect: (value: unknown) => { toEqual: (other: unknown) => void }) {
  const lines = chunksOf(written).map((chunk) => `${JSON.stringify(chunk)}\n`);
  const completion = await ChatCompletionStream.fromReadableStream(
    ReadableStream.from(lines.map((line) => new TextEncoder().encode(line))),
  ).finalChatCompletion();
  const joined = (kind: "text" | "refusal") => answer.blocks.flatMap((block) => (block.kind === kind ? block.text : [])).join("");
  const [choice] = completion.choices;
  expect(choice?.message.content).toEqual(joined("text"));
  expect(choice?.message.refusal ?? "").toEqual(joined("refusal"));
  expect(choice?.finish_reason).toEqual(answer.stop.raw);
  const calls = (choice?.message.tool_calls ?? []).map((call) =>
    call.type === "function" ? [call.id, call.function.name, call.function.arguments] : [],
  );
  expect(calls).toEqual(answer.blocks.flatMap((block) => (block.kind === "tool-call" ? [[block.id, block.name, block.arguments]] : [])));
}
