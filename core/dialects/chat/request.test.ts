import fc from "fast-check";
import { describe, test } from "vitest";
import { asRecord, parseJson } from "../../gateway/json.ts";
import type { Block, CacheMark, Conversation, MediaSource, TextBlock, Tool, Turn } from "../conversation.ts";
import { chat } from "./chat.ts";
import { chatFixtures } from "./chat.fixture.ts";
import { chatReadings } from "./readings.fixture.ts";
import { quiet, text } from "./requests.fixture.ts";

type Fields = Readonly<Record<string, unknown>>;

const read = (body: Fields): Conversation => {
  const conversation = chat.readRequest(body);
  if ("code" in conversation) throw new Error(conversation.message);
  return conversation;
};
/** As it is on its way: what is not JSON would be lost. */
const sent = (body: Fields): Fields => asRecord(parseJson(JSON.stringify(body))) ?? {};
const write = (conversation: Conversation, provider: string) => chat.writeRequest(conversation, { model: conversation.model, provider });

describe("reading a request", () => {
  test.for(Object.entries(chatFixtures.requests))("%s", ([, { body, conversation }], { expect }) => {
    expect(chat.readRequest(body)).toEqual(conversation);
  });

  test.for(Object.entries(chatReadings))("%s", ([, { body, conversation, dropped }], { expect }) => {
    expect(chat.readRequest(body)).toEqual(conversation);
    const written = write(conversation, "openai");
    expect([written.dropped, JSON.stringify(written.body).includes("cache_control")]).toEqual([dropped, false]);
  });

  const user = (content: unknown) => ({ messages: [{ role: "user", content }] });
  const assistant = (fields: Fields) => ({ messages: [{ role: "assistant", content: "", ...fields }] });
  const tool = (definition: unknown, rest: Fields = {}) => ({ tools: [{ type: "function", function: definition, ...rest }] });
  test.for([
    ["model", { model: "" }],
    ["model", { model: 5 }],
    ["messages", { messages: undefined }],
    ["messages", { messages: "Hi" }],
    ["messages", { messages: [] }],
    ["messages.1", { messages: [{ role: "user", content: "Hi" }, "Hi"] }],
    ["messages.0.role", { messages: [{ role: "function", name: "f", content: "" }] }],
    ["messages.0.role", { messages: [{ content: "" }] }],
    ["messages.0.role", { messages: [{ role: "constructor", content: "" }] }],
    ["messages.0.content", user(5)],
    ["messages.0.content.0", user(["Hi"])],
    ["messages.0.content.1.type", user([{ type: "text", text: "Hi" }, { type: "video_url" }])],
    ["messages.0.content.0.type", user([{ text: "Hi" }])],
    ["messages.0.content.0.type", user([{ type: "refusal", refusal: "No." }])],
    ["messages.0.content.0.type", user([{ type: { toString: 1 } }])],
    ["messages.0.content.0.text", user([{ type: "text" }])],
    ["messages.0.content.0.image_url", user([{ type: "image_url", image_url: "https://example.com" }])],
    ["messages.0.content.0.image_url.url", user([{ type: "image_url", image_url: {} }])],
    ["messages.0.content.0.image_url.detail", user([{ type: "image_url", image_url: { url: "https://example.com", detail: 1 } }])],
    ...["data:image/png,abc", "data:image/png;base64", "data:;base64,abc", "data:image/png;base64,", "DATA:,"].map(
      (url) => ["messages.0.content.0.image_url.url", user([{ type: "image_url", image_url: { url } }])] as const,
    ),
    ["messages.0.content.0.file", user([{ type: "file", file: {} }])],
    ["messages.0.content.0.file.file_data", user([{ type: "file", file: { file_data: "JVBERi0=" } }])],
    ["messages.0.content.0.file.file_id", user([{ type: "file", file: { file_data: "data:a/b;base64,eA==", file_id: "file-1" } }])],
    ["messages.0.content.0.input_audio.format", user([{ type: "input_audio", input_audio: { data: "eA==" } }])],
    ["messages.0.content.0.cache_control.type", user([{ type: "text", text: "", cache_control: {} }])],
    ["messages.0.content.0.cache_control.ttl", user([{ type: "text", text: "", cache_control: { type: "ephemeral", ttl: "1d" } }])],
    ["messages.0.refusal", assistant({ refusal: true })],
    ["messages.0.reasoning_content", assistant({ reasoning_content: {} })],
    ["messages.0.thinking_blocks", assistant({ thinking_blocks: {} })],
    ["messages.0.thinking_blocks.0", assistant({ thinking_blocks: [{ type: "thinking", thinking: 5 }] })],
    ["messages.0.thinking_blocks.0", assistant({ thinking_blocks: [{ type: "redacted_thinking" }] })],
    ["messages.0.tool_calls", assistant({ tool_calls: {} })],
    ["messages.0.tool_calls.0.id", assistant({ tool_calls: [{ type: "function", function: { name: "f", arguments: "" } }] })],
    ["messages.0.tool_calls.0.function", assistant({ tool_calls: [{ id: "call_1", type: "function" }] })],
    ["messages.0.tool_calls.0.function.name", assistant({ tool_calls: [{ id: "call_1", function: {} }] })],
    ["messages.0.tool_calls.0.function.arguments", assistant({ tool_calls: [{ id: "call_1", function: { name: "f", arguments: {} } }] })],
    ["messages.0.tool_call_id", { messages: [{ role: "tool", content: "" }] }],
    ["tools", { tools: {} }],
    ["tools.0.type", { tools: [{ name: "f" }] }],
    ["tools.0.function", { tools: [{ type: "function" }] }],
    ["tools.0.function.name", tool({})],
    ["tools.0.function.parameters", tool({ name: "f", parameters: [] })],
    ["tools.0.function.strict", tool({ name: "f", strict: "yes" })],
    ["tools.0.cache_control.type", tool({ name: "f" }, { cache_control: {} })],
    ["tool_choice", { tool_choice: "any" }],
    ["tool_choice.function.name", { tool_choice: { type: "function", function: {} } }],
    ["parallel_tool_calls", { parallel_tool_calls: 1 }],
    ["max_tokens", { max_tokens: 0 }],
    ["max_completion_tokens", { max_completion_tokens: 1.5 }],
    ["temperature", { temperature: "hot" }],
    ["temperature", { temperature: Infinity }],
    ["stop", { stop: 5 }],
    ["stop.1", { stop: ["a", 5] }],
    ["response_format", { response_format: "json" }],
    ["response_format.type", { response_format: {} }],
    ["response_format.json_schema", { response_format: { type: "json_schema" } }],
    ["response_format.json_schema.name", { response_format: { type: "json_schema", json_schema: { schema: {} } } }],
    ["response_format.json_schema.schema", { response_format: { type: "json_schema", json_schema: { name: "a", schema: "a" } } }],
    ["reasoning_effort", { reasoning_effort: 5 }],
    ["logprobs", { logprobs: 1 }],
    ["top_logprobs", { top_logprobs: 5 }],
    ["stream", { stream: "yes" }],
    ["user", { user: {} }],
  ] as const)("%s is refused by its name: %j", ([path, change], { expect }) => {
    const body: Fields = { model: "gpt-5", messages: [{ role: "user", content: "Hi" }], ...change };
    const fault = chat.readRequest(body);
    if (!("code" in fault)) throw new Error("it was read");
    expect([fault.code, fault.param, fault.message.startsWith(`\`${path}\`: `)]).toEqual(["invalid_field", path, true]);
  });

  test("whatever comes is read or refused by a field's name", ({ expect }) => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom("user", "tool", "assistant", "function", "text", "json_schema"),
    );
    const part = fc.dictionary(fc.constantFrom("type", "text", "image_url", "url", "file", "file_data", "cache_control"), anything);
    const names = ["role", "content", "refusal", "tool_calls", "tool_call_id", "thinking_blocks", "reasoning", "__proto__"];
    const message = fc.dictionary(fc.constantFrom(...names), fc.oneof(anything, fc.array(part, { maxLength: 2 })));
    const known = ["messages", "tools", "tool_choice", "stop", "response_format", "user", "max_tokens", "constructor"];
    const body = fc.dictionary(fc.constantFrom(...known), fc.oneof(anything, fc.array(message, { maxLength: 3 })));
    fc.assert(
      fc.property(body, (fields) => {
        const outcome = chat.readRequest({ model: "gpt-5", ...fields });
        if ("code" in outcome) expect([outcome.code, outcome.message.includes(`\`${outcome.param}\``)]).toEqual(["invalid_field", true]);
        else expect(outcome.model).toBe("gpt-5");
      }),
    );
  });
});

describe("writing a request", () => {
  for (const provider of ["openai", "openrouter", "mistral"]) {
    test.for(Object.entries(chatFixtures.requests))(`to ${provider}, it is read as it was: %s`, ([, { conversation }], { expect }) => {
      const { body, dropped } = write(conversation, provider);
      expect([chat.readRequest(sent(body)), dropped]).toEqual([conversation, []]);
    });
  }

  test("more parts than a call takes arguments are written", ({ expect }) => {
    const blocks = Array.from({ length: 300_000 }, () => text("a"));
    const { body } = write({ ...quiet, turns: [{ role: "user", blocks }] }, "openai");
    const messages = body["messages"];
    expect(Array.isArray(messages) ? asRecord(messages[0])?.["content"] : null).toHaveLength(300_000);
  });

  test("each provider gets the names that it knows", ({ expect }) => {
    const conversation = { ...read(chatFixtures.requests["parameters"]?.body ?? {}), topK: 5 };
    const namesTo = (provider: string) => Object.keys(write(conversation, provider).body);
    const own = ["max_completion_tokens", "max_tokens", "safety_identifier", "user", "top_k", "stream_options"];
    const known = (provider: string) => own.filter((name) => namesTo(provider).includes(name));
    expect(known("openai")).toEqual(["max_completion_tokens", "safety_identifier", "stream_options"]);
    expect(known("openrouter")).toEqual(["max_tokens", "user", "top_k", "stream_options"]);
    expect(known("mistral")).toEqual(["max_tokens", "user", "top_k"]);
  });

  test("an id that OpenAI gave a file goes to OpenAI alone", ({ expect }) => {
    const conversation: Conversation = {
      ...quiet,
      turns: [{ role: "user", blocks: [{ kind: "document", source: { kind: "file", id: "file-1" }, title: "a.pdf", cache: null }] }],
    };
    const file = { type: "file", file: { filename: "a.pdf", file_id: "file-1" } };
    expect(write(conversation, "openai")).toMatchObject({ body: { messages: [{ role: "user", content: [file] }] }, dropped: [] });
    expect(write(conversation, "groq")).toMatchObject({ body: { messages: [] }, dropped: ["turns.0.blocks.0 (document)"] });
  });

  test("a developer speaks as the system where only OpenAI knows developers", ({ expect }) => {
    const conversation: Conversation = { ...quiet, turns: [{ role: "developer", blocks: [text("Be brief.")] }] };
    const rolesTo = (provider: string) => write(conversation, provider).body["messages"];
    expect(rolesTo("openai")).toEqual([{ role: "developer", content: "Be brief." }]);
    expect(rolesTo("groq")).toEqual([{ role: "system", content: "Be brief." }]);
  });

  test("results come first, what they show right after them, and then what the user says", ({ expect }) => {
    const image = (url: string): Block => ({ kind: "image", source: { kind: "url", url }, detail: null, cache: null });
    const turn: Turn = {
      role: "user",
      blocks: [
        text("Said first."),
        {
          kind: "tool-result",
          callId: "call_1",
          blocks: [
            text("Seen"),
            { kind: "image", source: { kind: "url", url: "https://example.com/1" }, detail: null, cache: null },
            { kind: "document", source: { kind: "text", text: "as text" }, title: "A title", cache: null },
            { kind: "image", source: { kind: "file", id: "file_1" }, detail: null, cache: null },
          ],
          isError: false,
          cache: null,
        },
        { kind: "tool-result", callId: "call_2", blocks: [], isError: true, cache: null },
        { kind: "tool-result", callId: "call_3", blocks: [text("failed")], isError: true, cache: null },
        image("https://example.com/2"),
      ],
    };
    const { body, dropped } = write({ ...quiet, turns: [turn] }, "openai");
    expect(body["messages"]).toEqual([
      {
        role: "tool",
        tool_call_id: "call_1",
        content: [
          { type: "text", text: "Seen" },
          { type: "text", text: "A title\n\nas text" },
        ],
      },
      { role: "tool", tool_call_id: "call_2", content: "" },
      { role: "tool", tool_call_id: "call_3", content: "failed" },
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: "https://example.com/1" } },
          { type: "text", text: "Said first." },
          { type: "image_url", image_url: { url: "https://example.com/2" } },
        ],
      },
    ]);
    expect(dropped).toEqual(["turns.0.blocks.1.blocks.3 (image)", "turns.0.blocks.2 (isError)"]);
  });

  test("what cannot be said is named, and a turn of nothing else is left out", ({ expect }) => {
    const file: MediaSource = { kind: "file", id: "file_1" };
    const conversation: Conversation = {
      ...quiet,
      turns: [
        { role: "system", blocks: [{ kind: "image", source: file, detail: null, cache: null }] },
        {
          role: "user",
          blocks: [
            { kind: "image", source: file, detail: null, cache: null },
            { kind: "document", source: { kind: "url", url: "https://example.com/a.pdf" }, title: "", cache: null },
            { kind: "thinking", text: "Mine.", seal: null },
          ],
        },
        { role: "assistant", blocks: [{ kind: "thinking", text: "", seal: { origin: "messages", value: "c2ln" } }] },
        { role: "assistant", blocks: [{ kind: "audio", data: "eA==", format: "wav" }, text("Said.")] },
      ],
      toolChoice: { kind: "auto" },
      parallelToolCalls: true,
      reasoning: { kind: "budget", tokens: 1024 },
      topK: 5,
      extras: new Map<string, unknown>([
        ["seed", 1],
        ["context_management", {}],
      ]),
    };
    expect(write(conversation, "openai")).toEqual({
      kind: "written",
      body: { model: "gpt-5", messages: [{ role: "assistant", content: "Said." }], seed: 1 },
      dropped: [
        "turns.0.blocks.0 (image)",
        "turns.1.blocks.2 (thinking)",
        "turns.1.blocks.0 (image)",
        "turns.1.blocks.1 (document)",
        "turns.2.blocks.0 (thinking)",
        "turns.3.blocks.0 (audio)",
        "toolChoice",
        "parallelToolCalls",
        "topK",
        "reasoning",
        "context_management",
      ],
    });
  });

  test.for([
    [{ kind: "adaptive", effort: null }, undefined],
    [{ kind: "adaptive", effort: "low" }, "low"],
    [{ kind: "off" }, "none"],
  ] as const)("reasoning %j is an effort of %s", ([reasoning, effort], { expect }) => {
    const { body, dropped } = write({ ...quiet, reasoning }, "openai");
    expect([body["reasoning_effort"], dropped]).toEqual([effort, []]);
  });

  test("a schema without a name gets one, as OpenAI asks for it", ({ expect }) => {
    const format = { kind: "schema", name: "", description: "", schema: { type: "object" }, strict: null } as const;
    const { body } = write({ ...quiet, format }, "openai");
    expect(body["response_format"]).toEqual({ type: "json_schema", json_schema: { name: "response", schema: { type: "object" } } });
  });

  test("whatever this dialect can carry is read as it was written", ({ expect }) => {
    fc.assert(
      fc.property(conversations, (conversation) => {
        const { body, dropped } = write(conversation, "openrouter");
        expect([chat.readRequest(sent(body)), dropped]).toEqual([conversation, []]);
      }),
    );
  });
});

const some = fc.string({ minLength: 1 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const cache = fc.constantFrom<CacheMark>(null, "5m", "1h");
const fields = fc.dictionary(some, fc.jsonValue({ maxDepth: 1 }), { noNullPrototype: true }).map((value): Fields => sent(value));

const texts: fc.Arbitrary<TextBlock> = fc.record({ kind: fc.constant("text"), text: fc.string(), cache });
const base64 = fc.record({
  kind: fc.constant("base64"),
  mediaType: fc.constantFrom("image/png", "a/b"),
  data: fc.base64String({ minLength: 4 }),
});
const images: fc.Arbitrary<Block> = fc.record({
  kind: fc.constant("image"),
  source: fc.oneof(base64, fc.record({ kind: fc.constant("url"), url: fc.webUrl() })),
  detail: maybe(fc.constantFrom("low", "high")),
  cache,
});
const documents: fc.Arbitrary<Block> = fc.record({ kind: fc.constant("document"), source: base64, title: fc.string(), cache });
const audio: fc.Arbitrary<Block> = fc.record({ kind: fc.constant("audio"), data: fc.base64String({ minLength: 4 }), format: some });
const refusals: fc.Arbitrary<Block> = fc.record({ kind: fc.constant("refusal"), text: some });
const thinking: fc.Arbitrary<Block> = fc.record({ kind: fc.constant("thinking"), text: some, seal: fc.constant(null) });
const calls: fc.Arbitrary<Block> = fc.record({ kind: fc.constant("tool-call"), id: some, name: some, arguments: some, cache });
const results: fc.Arbitrary<Block> = fc.record({
  kind: fc.constant("tool-result"),
  callId: some,
  blocks: fc.array(texts, { maxLength: 3 }),
  isError: fc.constant(false),
  cache,
});

const spoken: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ role: fc.constant("system"), blocks: fc.array(texts, { maxLength: 3 }) }),
  fc.record({ role: fc.constant("user"), blocks: fc.array(fc.oneof(texts, images, documents, audio), { maxLength: 4 }) }),
  fc.record({
    role: fc.constant("assistant"),
    blocks: fc
      .tuple(fc.array(thinking, { maxLength: 1 }), fc.array(fc.oneof(texts, refusals), { maxLength: 3 }), fc.array(calls, { maxLength: 3 }))
      .map((parts) => parts.flat()),
  }),
);
const given: fc.Arbitrary<Turn> = fc.record({ role: fc.constant("user"), blocks: fc.array(results, { minLength: 1, maxLength: 3 }) });
/** Results that follow each other stand in one turn, so that of two such turns none follows the other. */
const turns = fc
  .array(fc.tuple(spoken, fc.array(given, { maxLength: 1 })), { minLength: 1, maxLength: 4 })
  .map((pairs) => pairs.flatMap(([turn, after]) => [turn, ...after]));

const tools: fc.Arbitrary<Tool> = fc.record({
  name: some,
  description: fc.string(),
  schema: maybe(fields),
  strict: maybe(fc.boolean()),
  cache,
});
const toolUse = fc.oneof(
  fc.record({ tools: fc.constant([]), toolChoice: fc.constant(null), parallelToolCalls: fc.constant(null) }),
  fc.record({
    tools: fc.array(tools, { minLength: 1, maxLength: 3 }),
    toolChoice: maybe(
      fc.oneof(
        fc.record({ kind: fc.constantFrom("auto" as const, "none" as const, "required" as const) }),
        fc.record({ kind: fc.constant("tool" as const), name: some }),
      ),
    ),
    parallelToolCalls: maybe(fc.boolean()),
  }),
);
const format = fc.oneof(
  fc.record({ kind: fc.constantFrom("text" as const, "json" as const) }),
  fc.record({ kind: fc.constant("schema" as const), name: some, description: fc.string(), schema: fields, strict: maybe(fc.boolean()) }),
);
const conversations: fc.Arbitrary<Conversation> = fc
  .record({
    model: some,
    streamed: fc.boolean(),
    turns,
    toolUse,
    maxOutputTokens: maybe(fc.integer({ min: 1 })),
    temperature: maybe(fc.float({ min: 0, max: 2, noNaN: true }).map((value) => value + 0)),
    topP: maybe(fc.constantFrom(0, 0.5, 1)),
    topK: maybe(fc.nat()),
    stopSequences: fc.array(some, { maxLength: 4 }),
    format: maybe(format),
    reasoning: maybe(
      fc.oneof(
        fc.record({ kind: fc.constant("off" as const) }),
        fc.record({ kind: fc.constant("effort" as const), effort: fc.constantFrom("minimal", "high", "max") }),
      ),
    ),
    serviceTier: maybe(some),
    user: maybe(some),
    topLogprobs: maybe(fc.nat(20)),
    extras: fc
      .constantFrom<[string, unknown][]>(
        [],
        [["seed", 7]],
        [
          ["metadata", { a: "b" }],
          ["n", 2],
        ],
      )
      .map((entries) => new Map(entries)),
  })
  .map(({ toolUse, ...rest }) => ({ ...rest, ...toolUse }));
