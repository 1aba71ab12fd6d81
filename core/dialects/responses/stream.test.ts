import fc from "fast-check";
import { ResponseStream } from "openai/lib/responses/ResponseStream";
import { describe, test } from "vitest";
import { asRecord, parseJson } from "../../gateway/json.ts";
import { EventSplitter, eventsOf } from "../../gateway/sse.ts";
import type { Answer, AnswerEvent } from "../answer.ts";
import { AnswerFolder } from "../answer-folder.ts";
import { growthOf } from "../growth.fixture.ts";
import { arbitraryAnswers, eventsOfAnswer } from "./arbitraries.fixture.ts";
import { answer as whole, response } from "./answers.fixture.ts";
import { responsesFixtures } from "./responses.fixture.ts";
import { responses } from "./responses.ts";
import { opening, streamText } from "./streams.fixture.ts";

const context = { model: "gpt-5", createdAtSeconds: 1_760_000_000, id: "a1", includeUsage: true, request: {} };

/** What a stream's text means, cut into chunks as told. */
function read(text: string, cuts: readonly number[] = []): readonly AnswerEvent[] {
  const bytes = new TextEncoder().encode(text);
  const edges = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].toSorted((left, right) => left - right);
  const splitter = new EventSplitter();
  const reader = responses.openReader();
  const events: AnswerEvent[] = [];
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const run = splitter.push(bytes.subarray(from, edges[index + 1]));
    for (const event of run === null ? [] : eventsOf(new TextDecoder().decode(run))) {
      const meant = reader.read(event);
      if ("kind" in meant) throw new Error(meant.message);
      events.push(...meant);
    }
  }
  return events;
}

function fold(events: readonly AnswerEvent[]): Answer | "too-large" {
  const folder = new AnswerFolder();
  for (const event of events) folder.add(event);
  return folder.answer();
}

/** The pieces of text that a writer makes of some events, and of their end. */
function write(events: readonly AnswerEvent[], model = "gpt-5"): readonly string[] {
  const writer = responses.openWriter({ ...context, model });
  const pieces = events.map((event) => writer.write(event));
  return [...pieces, writer.endText()];
}

/** The parsed data of a stream's events; end marks of other APIs have none. */
const dataOf = (text: string): readonly Readonly<Record<string, unknown>>[] =>
  eventsOf(text)
    .map(({ data }) => asRecord(parseJson(data ?? "")))
    .filter((data) => data !== null);
const itemTypes = {
  text: "message",
  refusal: "message",
  "tool-call": "function_call",
  thinking: "reasoning",
  "redacted-thinking": "reasoning",
} as const;
const kindsOf = (events: readonly AnswerEvent[]) => events.map(({ kind }) => kind);

describe("a reader", () => {
  test.for(Object.entries(responsesFixtures.streams))("%s makes its answer, in any chunks", ([, { text, answer }], { expect }) => {
    const events = read(text);
    expect(fold(events)).toEqual(answer);
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        expect(read(text, cuts)).toEqual(events);
      }),
      { numRuns: 20 },
    );
  });

  test.for(Object.entries(responsesFixtures.streams))(
    "%s: blocks start, go on and stop one after the other, but for calls",
    ([, { text }], { expect }) => {
      const open = new Map<number, string>();
      let blocks = 0;
      for (const event of read(text)) {
        if (event.kind === "block-start") {
          expect(event.index).toBe(blocks++);
          expect([...open.values()].filter((kind) => kind !== "tool-call")).toEqual([]);
          open.set(event.index, event.block.kind);
        } else if (event.kind === "delta" || event.kind === "seal") expect(open.has(event.index)).toBe(true);
        else if (event.kind === "block-stop") expect(open.delete(event.index)).toBe(true);
      }
      expect(open.size).toBe(0);
    },
  );

  test.for(Object.entries(responsesFixtures.streams))("%s: usage is told once, just before the end", ([, { text, answer }], { expect }) => {
    const kinds = kindsOf(read(text));
    expect(kinds.filter((kind) => kind === "usage" || kind === "stop" || kind === "end")).toEqual(
      answer.usage === null ? ["stop", "end"] : ["stop", "usage", "end"],
    );
    expect(kinds.at(-1)).toBe("end");
  });

  test.for(Object.entries(responsesFixtures.streams))("%s: a cut stream never ends", ([, { text }], { expect }) => {
    const last = Math.max(text.lastIndexOf("event: response.completed"), text.lastIndexOf("event: response.incomplete"));
    expect(kindsOf(read(text.slice(0, last)))).not.toContain("end");
    expect(kindsOf(read(`${text.slice(0, last)}data: [DONE]\n\n`))).not.toContain("end");
  });

  test.for(Object.entries(responsesFixtures.failing))("%s ends in the provider's words", ([, { text, message }], { expect }) => {
    const events = read(text);
    expect(events.at(-1)).toMatchObject({ kind: "error", message });
    expect(kindsOf(events)).not.toContain("end");
  });

  test("an error keeps the provider's own word for it", ({ expect }) => {
    const words = Object.values(responsesFixtures.failing).map(({ text }) => read(text).at(-1));
    expect(words).toMatchObject([
      { raw: "server_error" },
      { raw: "rate_limit_exceeded" },
      { raw: "invalid_request_error" },
      { raw: "gone" },
    ]);
  });

  test.for([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["a delta that is no text", '{"type":"response.output_text.delta","output_index":0,"delta":5}'],
    ["a delta of no item", '{"type":"response.output_text.delta","delta":"a"}'],
    ["arguments of no call", '{"type":"response.function_call_arguments.delta","output_index":0,"delta":"a"}'],
    ["an item that is none", '{"type":"response.output_item.added","output_index":0,"item":5}'],
    ["a call without a name", '{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"c"}}'],
    ["a last response that cannot be read", '{"type":"response.completed","response":{"output":[5]}}'],
  ] as const)("what cannot be read is refused: %s", ([, data], { expect }) => {
    const reader = responses.openReader();
    expect(reader.read({ text: "", data })).toMatchObject({ kind: "failure", code: "upstream_invalid_response" });
  });

  test("what continues a block that was stopped is refused, rather than lost", ({ expect }) => {
    const piece = (output: number) => ({ type: "response.output_text.delta", output_index: output, content_index: 0, delta: "a" });
    expect(() => read(streamText([...opening, piece(0), piece(1), piece(0)]))).toThrow("cannot be read");
  });

  test("the last response tells no item again, whatever place and id it has there", ({ expect }) => {
    const searched = { id: "ws_1", type: "web_search_call", status: "completed" };
    const said = (id: string) => ({ id, type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi" }] });
    const done = [searched, said("msg_1")].map((item, index) => ({ type: "response.output_item.done", output_index: index, item }));
    for (const output of [[searched, said("msg_1")], [said("msg_1")], [said("msg_other")]]) {
      const events = read(streamText([...opening, ...done, { type: "response.completed", response: { ...response, output } }]));
      expect(fold(events)).toEqual({ ...whole, blocks: [{ kind: "text", text: "Hi", logprobs: [] }] });
    }
  });

  test("nothing is read after the end, or after an error", ({ expect }) => {
    const last = { type: "response.completed", response };
    const piece = { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "a" };
    expect(read(streamText([...opening, last, piece, last]))).toEqual(read(streamText([...opening, last])));
    expect(kindsOf(read(streamText([...opening, { type: "error", message: "x" }, piece, last])))).toEqual(["start", "error"]);
  });

  test("events that no one has heard of mean nothing", ({ expect }) => {
    const text = streamText([
      { type: "response.new_thing", output_index: 9 },
      { type: "response.audio.delta", delta: "x" },
    ]);
    expect(read(text)).toEqual([]);
  });

  test("whatever a provider sends, reading it never throws", ({ expect }) => {
    const types = dataOf(
      Object.values(responsesFixtures.streams)
        .map(({ text }) => text)
        .join(""),
    ).map((event) => event["type"]);
    const names = ["output_index", "item", "part", "delta", "response", "content_index", "summary_index", "error", "code", "output"];
    const some = fc.record({ type: fc.constantFrom(...types), output_index: fc.nat(2) });
    const rest = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(some, rest)), (events) => {
        const reader = responses.openReader();
        for (const [event, more] of events) {
          const meant = reader.read({ text: "", data: JSON.stringify({ ...event, ...more }) });
          expect("kind" in meant ? meant.code : "read").toMatch(/^(?:upstream_invalid_response|read)$/);
        }
      }),
    );
  });
});

describe("a writer", () => {
  test("what is written of an answer's events is read as the same answer", ({ expect }) => {
    fc.assert(
      fc.property(arbitraryAnswers, fc.integer({ min: 1, max: 5 }), (answer, pieceCharacters) => {
        const text = write(eventsOfAnswer(answer, pieceCharacters)).join("");
        expect(fold(read(text))).toEqual(answer);
      }),
      { numRuns: 300 },
    );
  });

  test.for(Object.entries(responsesFixtures.streams))(
    "%s is written so that it is read as the same",
    ([, { text, answer }], { expect }) => {
      expect(fold(read(write(read(text), answer.model).join("")))).toEqual(answer);
    },
  );

  test("OpenAI's client reads every stream to its last response", async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(arbitraryAnswers, fc.integer({ min: 1, max: 5 }), async (answer, pieceCharacters) => {
        const events = dataOf(write(eventsOfAnswer(answer, pieceCharacters)).join(""));
        const lines = new Blob(events.map((event) => `${JSON.stringify(event)}\n`)).stream();
        const final = await ResponseStream.fromReadableStream(lines).finalResponse();
        const said = answer.blocks.map((block) => (block.kind === "text" ? block.text : "")).join("");
        expect(final.output_text).toBe(said);
        expect(final.output.map(({ type }) => type)).toEqual(answer.blocks.map(({ kind }) => itemTypes[kind]));
        expect(final.output).toMatchObject(lastOutput(events));
      }),
      { numRuns: 100 },
    );
  });

  test("what the events tell of an item is the item of the last response", ({ expect }) => {
    fc.assert(
      fc.property(arbitraryAnswers, (answer) => {
        const events = dataOf(write(eventsOfAnswer(answer, 3)).join(""));
        const done = events.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item);
        expect(lastOutput(events)).toEqual(done);
        expect(events.map((event) => event["sequence_number"])).toEqual([...events.keys()]);
      }),
    );
  });

  test("all the events of thinking, a text and a refusal, in their order", ({ expect }) => {
    const blocks = [
      { kind: "thinking", text: "Hm", seal: { origin: "messages", value: "c2ln" } },
      { kind: "text", text: "Hi", logprobs: [] },
      { kind: "refusal", text: "No" },
    ] as const;
    const told = dataOf(write(eventsOfAnswer({ ...whole, blocks }, 9)).join("")).slice(2, -1);
    expect(told.map(({ type, output_index: output, delta, text, refusal }) => [output, type, delta ?? text ?? refusal])).toEqual([
      [0, "response.output_item.added", undefined],
      [0, "response.reasoning_summary_part.added", undefined],
      [0, "response.reasoning_summary_text.delta", "Hm"],
      [0, "response.reasoning_summary_text.done", "Hm"],
      [0, "response.reasoning_summary_part.done", undefined],
      [0, "response.output_item.done", undefined],
      [1, "response.output_item.added", undefined],
      [1, "response.content_part.added", undefined],
      [1, "response.output_text.delta", "Hi"],
      [1, "response.output_text.done", "Hi"],
      [1, "response.content_part.done", undefined],
      [1, "response.output_item.done", undefined],
      [2, "response.output_item.added", undefined],
      [2, "response.content_part.added", undefined],
      [2, "response.refusal.delta", "No"],
      [2, "response.refusal.done", "No"],
      [2, "response.content_part.done", undefined],
      [2, "response.output_item.done", undefined],
    ]);
  });

  test("all the events of calls side by side, in their order", ({ expect }) => {
    const events = read(responsesFixtures.streams["tools"]?.text ?? "");
    const types = dataOf(write(events).join("")).map(({ type, output_index: output }) => (output === undefined ? type : [output, type]));
    expect(types).toEqual([
      "response.created",
      "response.in_progress",
      [0, "response.output_item.added"],
      [0, "response.function_call_arguments.delta"],
      [1, "response.output_item.added"],
      [0, "response.function_call_arguments.delta"],
      [1, "response.function_call_arguments.delta"],
      [1, "response.function_call_arguments.done"],
      [1, "response.output_item.done"],
      [0, "response.function_call_arguments.done"],
      [0, "response.output_item.done"],
      "response.completed",
    ]);
  });

  test("a call of a tool that takes nothing is told whole, though no piece of it came", ({ expect }) => {
    const block = { kind: "tool-call", id: "call_1", name: "time" } as const;
    const text = write([
      { kind: "start", id: "x", model: "m" },
      { kind: "block-start", index: 0, block },
      { kind: "block-stop", index: 0 },
    ]).join("");
    expect(dataOf(text).slice(3)).toMatchObject([
      { type: "response.function_call_arguments.done", arguments: "{}", item_id: "fc_a1_0" },
      { type: "response.output_item.done", item: { arguments: "{}" } },
      { type: "response.completed", response: { id: "resp_a1", output: [{ call_id: "call_1" }] } },
    ]);
  });

  test("the last event is told only at the end, with the usage; an error tells nothing", ({ expect }) => {
    const answer = { ...whole, stop: { unified: "length", raw: "max_tokens", sequence: null } } as const;
    const pieces = write([...eventsOfAnswer(answer, 3), { kind: "error", message: "x", raw: "y" }]);
    expect(pieces.slice(1, -1).join("")).toBe("");
    expect(dataOf(pieces.at(-1) ?? "")).toMatchObject([
      { type: "response.incomplete", response: { incomplete_details: { reason: "max_output_tokens" }, usage: response.usage } },
    ]);
  });

  test("ten times the answer costs about ten times as much to write and to read", ({ expect }) => {
    const passing = (characters: number) => {
      const blocks = [{ kind: "text", text: "x".repeat(characters), logprobs: [] }] as const;
      const events = eventsOfAnswer({ ...whole, blocks }, 20);
      return () => void read(write(events).join(""));
    };
    expect(growthOf(() => process.cpuUsage(), passing, 30_000)).toBeLessThan(6);
  });
});

function lastOutput(events: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>>[] {
  const output = asRecord(events.at(-1)?.["response"])?.["output"];
  return (Array.isArray(output) ? output : []).map((item) => ({ ...asRecord(item) }));
}
