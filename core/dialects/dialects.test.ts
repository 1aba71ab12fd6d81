import fc from "fast-check";
import { describe, test } from "vitest";
import { joinBytes } from "../bytes.ts";
import { parseJson } from "../gateway/json.ts";
import { EventSplitter, eventsOf } from "../gateway/sse.ts";
import type { Answer, AnswerEvent } from "./answer.ts";
import { AnswerFolder } from "./answer-folder.ts";
import { chatFixtures } from "./chat/chat.fixture.ts";
import type { AnswerContext, Dialect, DialectName } from "./dialect.ts";
import type { DialectFixtures } from "./dialect.fixture.ts";
import { dialects } from "./dialects.ts";
import { DialectStream } from "./dialect-stream.ts";
import { messagesFixtures } from "./messages/messages.fixture.ts";
import { responsesFixtures } from "./responses/responses.fixture.ts";

const fixtures = { chat: chatFixtures, messages: messagesFixtures, responses: responsesFixtures } as const satisfies Record<
  DialectName,
  DialectFixtures
>;

const required = {
  requests: ["plain", "tools", "images", "thinking", "format"],
  answers: ["plain", "tools", "refusal"],
  streams: ["plain", "tools"],
  usages: ["plain", "cached", "zero"],
} as const;

const context: AnswerContext = { model: "m", createdAtSeconds: 1_700_000_000, id: "0193c5a0", includeUsage: true, request: {} };
const names = Object.keys(fixtures).filter((name): name is DialectName => name in fixtures);

/** The events of a stream's text, or the first failure. */
function readAll(dialect: Dialect, text: string): readonly AnswerEvent[] {
  const reader = dialect.openReader();
  return eventsOf(text).flatMap((event) => {
    const told = event.data === null ? [] : reader.read(event);
    if ("kind" in told) throw new Error(told.message);
    return told;
  });
}

function fold(events: readonly AnswerEvent[]): Answer {
  const folder = new AnswerFolder();
  for (const event of events) folder.add(event);
  return folder.answer();
}

/** An answer as the events of a stream that tells it. */
function eventsTelling(answer: Answer): readonly AnswerEvent[] {
  const blocks = answer.blocks.flatMap((block, index): AnswerEvent[] => {
    const stop = { kind: "block-stop", index } as const;
    switch (block.kind) {
      case "redacted-thinking":
        return [{ kind: "block-start", index, block: { kind: "redacted-thinking", seal: block.seal } }, stop];
      case "tool-call":
        return [
          { kind: "block-start", index, block: { kind: "tool-call", id: block.id, name: block.name } },
          { kind: "delta", index, text: block.arguments, logprobs: [] },
          stop,
        ];
      case "text":
        return [
          { kind: "block-start", index, block: { kind: "text" } },
          { kind: "delta", index, text: block.text, logprobs: block.logprobs },
          stop,
        ];
      case "refusal":
        return [{ kind: "block-start", index, block: { kind: "refusal" } }, { kind: "delta", index, text: block.text, logprobs: [] }, stop];
      case "thinking":
        return [
          { kind: "block-start", index, block: { kind: "thinking" } },
          { kind: "delta", index, text: block.text, logprobs: [] },
          ...(block.seal === null ? [] : [{ kind: "seal", index, seal: block.seal } as const]),
          stop,
        ];
    }
  });
  return [
    { kind: "start", id: answer.id, model: answer.model },
    ...blocks,
    { kind: "stop", stop: answer.stop },
    ...(answer.usage === null ? [] : [{ kind: "usage", usage: answer.usage, serviceTier: answer.serviceTier } as const]),
    { kind: "end" },
  ];
}

/** What must survive any translation: words, calls, why it stopped, and every token. */
function essence({ blocks, stop, usage }: Answer) {
  const textOf = (kind: "text" | "refusal") => blocks.flatMap((block) => (block.kind === kind ? [block.text] : [])).join("");
  return {
    said: textOf("text") + textOf("refusal"),
    calls: blocks.flatMap((block) =>
      block.kind === "tool-call" ? [{ id: block.id, name: block.name, arguments: parseJson(block.arguments) ?? block.arguments }] : [],
    ),
    seals: blocks.flatMap((block) => (block.kind === "thinking" || block.kind === "redacted-thinking" ? [block.seal] : [])),
    stop: stop.unified,
    // A message must tell usage: what is not known is told as 0.
    tokens: usage === null ? 0 : Object.values(usage).reduce((sum, tokens) => sum + tokens, 0),
  };
}

/** A stop that is no word of another dialect, or a plain one where tools were called (a call that was forced), may be told otherwise. */
function hasStopOfItsOwn({ blocks, stop }: Answer): boolean {
  return stop.unified === "other" || (stop.unified === "stop" && blocks.some(({ kind }) => kind === "tool-call"));
}

function same(read: Answer, answer: Answer): readonly [unknown, unknown] {
  const stop = hasStopOfItsOwn(answer) ? { stop: "its own" } : {};
  return [
    { ...essence(read), ...stop },
    { ...essence(answer), ...stop },
  ];
}

describe.for(names)("%s", (name) => {
  const dialect = dialects[name];
  const given: DialectFixtures = fixtures[name];

  test("comes with every fixture that a dialect owes", ({ expect }) => {
    const had: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
      Object.entries<object>({ ...given }).map(([group, rows]) => [group, Object.keys(rows)]),
    );
    for (const [group, owed] of Object.entries(required)) expect(had[group], group).toEqual(expect.arrayContaining([...owed]));
    expect(Object.keys(given.failing).length).toBeGreaterThan(0);
  });

  test.for(Object.entries(given.requests))("the request %s means what it says, and is written as it means", ([, one], { expect }) => {
    const read = dialect.readRequest(one.body);
    expect(read).toEqual(one.conversation);
    const written = dialect.writeRequest(one.conversation, { model: one.conversation.model, provider: "another" });
    expect(dialect.readRequest(written.body)).toMatchObject({ turns: expect.any(Array), model: one.conversation.model });
  });

  test.for(Object.entries(given.answers))("the answer %s means what it says", ([, one], { expect }) => {
    expect(dialect.readAnswer(one.body)).toEqual(one.answer);
  });

  test.for(Object.entries(given.usages))("the usage %s is in exclusive buckets", ([, { block, usage }], { expect }) => {
    expect(dialect.readUsage(block)).toEqual(usage);
  });

  test.for(Object.entries(given.streams))("the stream %s tells its answer", ([, { text, answer }], { expect }) => {
    expect(fold(readAll(dialect, text))).toEqual(answer);
  });

  test.for(Object.entries(given.failing))(
    "the stream %s ends in its provider's words, never whole",
    ([, { text, message }], { expect }) => {
      const events = readAll(dialect, text);
      expect(events.at(-1)).toMatchObject({ kind: "error", message });
      expect(events.some(({ kind }) => kind === "end")).toBe(false);
    },
  );

  test("any chunking of a stream's bytes gives the same events", ({ expect }) => {
    for (const { text } of Object.values(given.streams)) {
      const bytes = new TextEncoder().encode(text);
      const whole = readAll(dialect, text);
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
          const splitter = new EventSplitter();
          const edges = [0, ...cuts.toSorted((left, right) => left - right), bytes.length];
          const runs = edges.slice(1).map((end, at) => splitter.push(bytes.subarray(edges[at], end)) ?? new Uint8Array());
          expect(readAll(dialect, new TextDecoder().decode(joinBytes(runs)))).toEqual(whole);
        }),
        { numRuns: 30 },
      );
    }
  });

  test("a stream that was cut between two events is never whole", ({ expect }) => {
    for (const { text } of Object.values(given.streams)) {
      const all = eventsOf(text);
      const ended = all.findIndex((_, count) =>
        readAll(
          dialect,
          all
            .slice(0, count + 1)
            .map((event) => event.text)
            .join(""),
        ).some(({ kind }) => kind === "end"),
      );
      const events = all.slice(0, ended + 1);
      const marks = events.map((_, count) =>
        readAll(
          dialect,
          events
            .slice(0, count)
            .map((event) => event.text)
            .join(""),
        ),
      );
      expect(marks.flat().filter(({ kind }) => kind === "end")).toEqual([]);
      const stream = new DialectStream({ reader: dialect.openReader(), dialect, isUntouched: true, context });
      expect(
        stream.read(
          events
            .slice(0, -1)
            .map((event) => event.text)
            .join(""),
        ).end,
      ).toBe("open");
      expect(stream.end("").end).toMatchObject({ code: "upstream_cut" });
    }
  });

  test("usage that is told twice is counted once, and an explicit 0 is told", ({ expect }) => {
    for (const { text, answer } of Object.values(given.streams)) {
      const usages = readAll(dialect, text).filter((event) => event.kind === "usage");
      expect(usages.at(-1)?.usage ?? null).toEqual(answer.usage);
    }
  });
});

describe.for(names.flatMap((from) => names.map((to) => [from, to] as const)))("an answer of %s, told in %s", ([from, to]) => {
  const answers = Object.entries<DialectFixtures["answers"][string]>(fixtures[from].answers);

  test.for(answers)("plain: %s keeps its words, calls, seals, stop and tokens", ([, { answer }], { expect }) => {
    const written = dialects[to].writeAnswer(answer, context);
    const read = dialects[to].readAnswer(written);
    if ("kind" in read) throw new Error(read.message);
    const [told, meant] = same(read, answer);
    expect(told).toEqual(meant);
  });

  test.for(answers)("streamed: %s keeps the same", ([, { answer }], { expect }) => {
    const writer = dialects[to].openWriter(context);
    const text = eventsTelling(answer)
      .map((event) => writer.write(event))
      .join("");
    const events = readAll(dialects[to], text + writer.endText());
    expect(events.at(-1)).toEqual({ kind: "end" });
    const [told, meant] = same(fold(events), answer);
    expect(told).toEqual(meant);
  });
});
