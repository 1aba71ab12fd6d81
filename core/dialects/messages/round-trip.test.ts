import fc from "fast-check";
import { describe, test } from "vitest";
import { asRecord, parseJson } from "../../gateway/json.ts";
import type { Block, CacheMark, Conversation, DocumentBlock, ImageBlock, TextBlock, Tool, Turn } from "../conversation.ts";
import { messagesFixtures } from "./messages.fixture.ts";
import { messages } from "./messages.ts";

const target = { model: "claude-sonnet-4-5", provider: "anthropic" };
const words = fc.string({ unit: "grapheme", minLength: 1 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const cache = fc.constantFrom<CacheMark>(null, "5m", "1h");
const url = fc.record({ kind: fc.constant("url" as const), url: words });
const file = fc.record({ kind: fc.constant("file" as const), id: words.map((id) => `file_${id}`) });
const seal = fc.record({ origin: fc.constant("messages" as const), value: words });
const base64 = (mediaType: string) => fc.record({ kind: fc.constant("base64" as const), mediaType: fc.constant(mediaType), data: words });
/** A value as it comes over the wire. */
const sent = (value: object) => asRecord(parseJson(JSON.stringify(value))) ?? {};
const jsonObject = fc.dictionary(words, fc.jsonValue()).map((value) => JSON.stringify(sent(value)));
const schema = fc.dictionary(words, fc.jsonValue()).map((rest) => ({ ...sent(rest), type: "object" }));
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,40}$/);

const text: fc.Arbitrary<TextBlock> = fc.record({ kind: fc.constant("text" as const), text: words, cache });
const image: fc.Arbitrary<ImageBlock> = fc.record({
  kind: fc.constant("image" as const),
  source: fc.oneof(url, file, base64("image/png")),
  detail: fc.constant(null),
  cache,
});
const document: fc.Arbitrary<DocumentBlock> = fc.record({
  kind: fc.constant("document" as const),
  source: fc.oneof(url, file, base64("application/pdf"), fc.record({ kind: fc.constant("text" as const), text: fc.string() })),
  title: fc.string(),
  cache,
});
const result = fc.record({
  kind: fc.constant("tool-result" as const),
  callId: id,
  blocks: fc.array(fc.oneof(text, image, document), { maxLength: 3 }),
  isError: fc.boolean(),
  cache,
});
const call = fc.record({ kind: fc.constant("tool-call" as const), id, name: words, arguments: jsonObject, cache });
const thinking = fc.record({ kind: fc.constant("thinking" as const), text: fc.string(), seal });
const redacted = fc.record({ kind: fc.constant("redacted-thinking" as const), seal });

const userBlocks: fc.Arbitrary<readonly Block[]> = fc
  .tuple(fc.array(result, { maxLength: 3 }), fc.array(fc.oneof(text, image, document), { minLength: 1, maxLength: 3 }))
  .map(([results, others]) => [...results, ...others]);
const assistantBlocks: fc.Arbitrary<readonly Block[]> = fc.array(fc.oneof(text, call, thinking, redacted), { minLength: 1, maxLength: 5 });
const turns: fc.Arbitrary<readonly Turn[]> = fc
  .tuple(fc.array(text, { maxLength: 3 }), fc.array(fc.tuple(userBlocks, assistantBlocks), { maxLength: 3 }))
  .map(([system, rounds]) => [
    ...(system.length === 0 ? [] : [{ role: "system" as const, blocks: system }]),
    ...rounds.flatMap(([user, assistant]) => [
      { role: "user" as const, blocks: user },
      { role: "assistant" as const, blocks: assistant },
    ]),
  ]);
const tool: fc.Arbitrary<Tool> = fc.record({ name: words, description: fc.string(), schema, strict: maybe(fc.boolean()), cache });
const choice = fc.oneof(
  fc.record({ kind: fc.constantFrom("auto" as const, "required" as const) }),
  fc.record({ kind: fc.constant("tool" as const), name: words }),
);

/** What this dialect can say, with nothing that another has to say for it. */
const conversations: fc.Arbitrary<Conversation> = fc
  .record({
    model: fc.constant(target.model),
    streamed: fc.boolean(),
    turns,
    tools: fc.array(tool, { maxLength: 3 }),
    choices: fc.oneof(
      fc.constant({ toolChoice: null, parallelToolCalls: null }),
      fc.constant({ toolChoice: { kind: "none" as const }, parallelToolCalls: null }),
      fc.record({ toolChoice: choice, parallelToolCalls: fc.constantFrom(null, false as const) }),
    ),
    maxOutputTokens: fc.nat(),
    temperature: maybe(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)),
    topP: maybe(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)),
    topK: maybe(fc.nat()),
    stopSequences: fc.array(fc.string()),
    format: maybe(
      fc.record({
        kind: fc.constant("schema" as const),
        name: fc.constant(""),
        description: fc.constant(""),
        schema,
        strict: fc.constant(null),
      }),
    ),
    reasoning: maybe(
      fc.oneof(
        fc.record({ kind: fc.constant("off" as const) }),
        fc.record({ kind: fc.constant("effort" as const), effort: fc.constantFrom("low", "medium", "high", "xhigh", "max") }),
        fc.record({ kind: fc.constant("budget" as const), tokens: fc.nat() }),
        fc.record({ kind: fc.constant("adaptive" as const), effort: maybe(fc.constantFrom("low", "max")) }),
      ),
    ),
    serviceTier: fc.constantFrom(null, "auto", "default"),
    user: maybe(fc.string()),
    topLogprobs: fc.constant(null),
    extras: fc.constant(new Map()),
  })
  .map(({ choices, ...rest }) => ({ ...rest, ...choices }));

/** Blocks as they come, empty texts and the provider's own among them, in any order. */
const wireBlock = fc.oneof(
  fc.string({ maxLength: 2 }).map((value) => ({ type: "text", text: value })),
  fc.constantFrom(
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} },
    { type: "text", text: "cited", citations: [{ type: "page_location" }] },
    { type: "tool_result", tool_use_id: "toolu_1", content: "" },
    {
      type: "tool_result",
      tool_use_id: "toolu_1",
      content: [{ type: "text", text: "" }, { type: "search_result" }, { type: "text", text: "x" }],
    },
    { type: "document", source: { type: "content", content: "a" } },
    { type: "document", source: { type: "text", data: "a" }, context: "b" },
  ),
);
const wireMessages = fc.array(
  fc.record({ role: fc.constantFrom("user", "assistant", "system"), content: fc.oneof(fc.string({ maxLength: 2 }), fc.array(wireBlock)) }),
);

describe("a request that is read, written and read again", () => {
  test.for(Object.entries(messagesFixtures.requests))("is the same: %s", ([, { conversation }], { expect }) => {
    const { body, dropped } = messages.writeRequest(conversation, target);
    expect(dropped).toEqual([]);
    expect(messages.readRequest(body)).toEqual(conversation);
  });

  test("is the same, whatever was said", ({ expect }) => {
    fc.assert(
      fc.property(conversations, (conversation) => {
        const { body, dropped } = messages.writeRequest(conversation, target);
        expect(dropped).toEqual([]);
        expect(messages.readRequest(sent(body))).toEqual(conversation);
      }),
    );
  });

  test("is the same, however its messages were cut", ({ expect }) => {
    fc.assert(
      fc.property(wireMessages, (list) => {
        const conversation = messages.readRequest({
          model: target.model,
          max_tokens: 1,
          // Of a system message only texts are read. A later one is told with the first, as not every model takes it where it stands.
          messages: [
            ...list.flatMap(({ role }) => (role === "system" ? [{ role, content: "s" }] : [])),
            ...list.filter(({ role }) => role !== "system"),
          ],
        });
        if ("kind" in conversation) throw new Error(conversation.message);
        const { body, dropped } = messages.writeRequest(conversation, target);
        expect(dropped).toEqual([]);
        expect(messages.readRequest(body)).toEqual(conversation);
      }),
    );
  });
});
