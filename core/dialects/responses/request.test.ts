import fc from "fast-check";
import { describe, test } from "vitest";
import type { Conversation } from "../conversation.ts";
import { growthOf } from "../growth.fixture.ts";
import { conversations } from "./arbitraries.fixture.ts";
import { lossyRequests, responsesFixtures } from "./responses.fixture.ts";
import { responses } from "./responses.ts";

const target = { model: "gpt-5", provider: "openai" };
const read = (body: Readonly<Record<string, unknown>>) => responses.readRequest(body);
/** What is written of a conversation, as a provider sees it. */
const write = (conversation: Conversation) => {
  const { body, dropped } = responses.writeRequest(conversation, { ...target, model: conversation.model });
  const seen: Record<string, unknown> = JSON.parse(JSON.stringify(body));
  return { body: seen, dropped };
};
const conversationOf = (body: Readonly<Record<string, unknown>>): Conversation => {
  const conversation = read({ model: "gpt-5", input: "Hi", ...body });
  if ("kind" in conversation) throw new Error(conversation.message);
  return conversation;
};

describe("readRequest", () => {
  test.for(Object.entries({ ...responsesFixtures.requests, ...lossyRequests }))("reads %s", ([, { body, conversation }], { expect }) => {
    expect(read(body)).toEqual(conversation);
  });

  test.for([
    ["model", {}],
    ["model", { model: 5 }],
    ["input", { model: "m" }],
    ["input", { model: "m", input: 5 }],
    ["input.1", { input: [{ role: "user", content: "a" }, "b"] }],
    ["input.0.type", { input: [{}] }],
    ["input.0.type", { input: [{ type: 3 }] }],
    ["input.0.role", { input: [{ role: "tool", content: "a" }] }],
    ["input.0.role", { input: [{ type: "message", content: "a" }] }],
    ["input.0.content", { input: [{ role: "user" }] }],
    ["input.0.content.0", { input: [{ role: "user", content: [null] }] }],
    ["input.0.content.0.type", { input: [{ role: "user", content: [{ text: "a" }] }] }],
    [
      "input.2.content.0.text",
      {
        input: [
          { role: "user", content: "a" },
          { role: "user", content: "b" },
          { role: "user", content: [{ type: "input_text" }] },
        ],
      },
    ],
    ["input.0.content.0.image_url", { input: [{ role: "user", content: [{ type: "input_image" }] }] }],
    ["input.0.content.0.image_url", { input: [{ role: "user", content: [{ type: "input_image", image_url: { url: "x" } }] }] }],
    ["input.0.content.0.image_url", { input: [{ role: "user", content: [{ type: "input_image", image_url: "data:image/png,raw" }] }] }],
    ["input.0.content.0.image_url", { input: [{ role: "user", content: [{ type: "input_image", image_url: "data:;base64,AAAA" }] }] }],
    ["input.0.content.0.file_data", { input: [{ role: "user", content: [{ type: "input_file", file_data: "JVBERi0=" }] }] }],
    [
      "input.0.content.0.input_audio.data",
      { input: [{ role: "user", content: [{ type: "input_audio", input_audio: { format: "wav" } }] }] },
    ],
    ["input.0.call_id", { input: [{ type: "function_call", name: "n", arguments: "{}" }] }],
    ["input.0.arguments", { input: [{ type: "function_call", call_id: "c", name: "n", arguments: {} }] }],
    ["input.0.output", { input: [{ type: "function_call_output", call_id: "c" }] }],
    ["input.0.output", { input: [{ type: "function_call_output", call_id: "c", output: [{ type: "refusal", refusal: "x" }] }] }],
    ["input.0.summary.0.text", { input: [{ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text" }] }] }],
    ["input.0.encrypted_content", { input: [{ type: "reasoning", id: "rs_1", summary: [], encrypted_content: 1 }] }],
    ["tools", { tools: {} }],
    ["tools.0.type", { tools: [{ name: "a" }] }],
    ["tools.0.name", { tools: [{ type: "function", function: { name: "a" } }] }],
    ["tools.0.parameters", { tools: [{ type: "function", name: "a", parameters: "x" }] }],
    ["tool_choice", { tool_choice: "any" }],
    ["tool_choice", { tool_choice: 1 }],
    ["tool_choice.name", { tool_choice: { type: "function" } }],
    ["text", { text: "json" }],
    ["text.format.type", { text: { format: { type: "grammar" } } }],
    ["text.format.name", { text: { format: { type: "json_schema", name: "", schema: {} } } }],
    ["text.format.schema", { text: { format: { type: "json_schema", name: "n" } } }],
    ["text.verbosity", { text: { verbosity: 1 } }],
    ["reasoning.effort", { reasoning: { effort: 1 } }],
    ["temperature", { temperature: "1" }],
    ["max_output_tokens", { max_output_tokens: 1.5 }],
    ["max_output_tokens", { max_output_tokens: -1 }],
    ["stream", { stream: "true" }],
    ["include", { include: "x" }],
    ["instructions", { instructions: [] }],
  ] as const)("a wrong value is refused by the name of its field: %s", ([path, body], { expect }) => {
    const given = "model" in body || path === "model" ? body : { model: "m", input: "Hi", ...body };
    const fault = read(given);
    expect(fault).toMatchObject({ kind: "failure", code: "invalid_field", param: path });
    expect("message" in fault && fault.message.startsWith(`\`${path}\`: must `)).toBe(true);
  });

  test.for([
    [{ include: ["message.output_text.logprobs"] }, 0],
    [{ include: ["message.output_text.logprobs"], top_logprobs: 3 }, 3],
    [{ top_logprobs: 3 }, 3],
    [{ top_logprobs: 0 }, null],
    [{}, null],
  ] as const)("log probabilities are asked for: %j", ([body, topLogprobs], { expect }) => {
    expect(conversationOf(body)).toMatchObject({ topLogprobs, extras: new Map() });
  });

  test("what names its input elsewhere needs none", ({ expect }) => {
    expect(read({ model: "gpt-5", previous_response_id: "resp_1" })).toMatchObject({ turns: [] });
  });

  test("of two names of a user the newer one wins, and the older one is named", ({ expect }) => {
    expect(conversationOf({ user: "a", safety_identifier: "b" })).toMatchObject({ user: "b", extras: new Map([["user", "a"]]) });
  });

  test("whatever a body holds, reading it gives a conversation or a fault", ({ expect }) => {
    const names = ["input", "tools", "tool_choice", "text", "reasoning", "include", "stream_options", "role", "type", "content", "output"];
    const keys = { key: fc.oneof(fc.constantFrom(...names), fc.string()), maxDepth: 5 };
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.anything(keys)), (body) => {
        const conversation = read({ model: "m", ...body });
        expect("kind" in conversation ? conversation.code : "read").toMatch(/^(?:invalid_field|read)$/);
      }),
    );
  });
});

describe("writeRequest", () => {
  test.for(Object.entries(responsesFixtures.requests))("writes %s so that it is read as the same", ([, { conversation }], { expect }) => {
    const { body, dropped } = write(conversation);
    expect(dropped).toEqual([]);
    expect(read(body)).toEqual(conversation);
  });

  test.for(Object.entries(lossyRequests))("names all that it cannot write: %s", ([, { conversation, dropped }], { expect }) => {
    expect(write(conversation).dropped).toEqual(dropped);
  });

  test("every conversation that is carried is read as the same", ({ expect }) => {
    fc.assert(
      fc.property(conversations, (conversation) => {
        const { body, dropped } = write(conversation);
        expect(dropped).toEqual([]);
        expect(read(body)).toEqual(conversation);
      }),
      { numRuns: 300 },
    );
  });

  test("a whole request, in the words of the API", ({ expect }) => {
    const fixture = responsesFixtures.requests["tools"];
    expect(write(fixture?.conversation ?? conversationOf({})).body).toEqual({
      model: "gpt-5",
      input: [
        { type: "message", role: "user", content: "Rome, Oslo and the time?" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Let me look." }] },
        { type: "function_call", call_id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
        { type: "function_call", call_id: "call_2", name: "weather", arguments: '{"city":"Oslo"}' },
        { type: "function_call", call_id: "call_3", name: "time", arguments: "{}" },
        { type: "function_call_output", call_id: "call_1", output: "sunny" },
        { type: "function_call_output", call_id: "call_2", output: "" },
        {
          type: "function_call_output",
          call_id: "call_3",
          output: [
            { type: "input_text", text: "noon" },
            { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=" },
          ],
        },
        { type: "message", role: "user", content: "And now?" },
        { type: "message", role: "user", content: "Well?" },
      ],
      tools: [
        {
          type: "function",
          name: "weather",
          description: "Of a city",
          parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
          strict: true,
        },
        { type: "function", name: "time", parameters: null, strict: false },
        { type: "function", name: "date", parameters: null, strict: false },
      ],
      tool_choice: { type: "function", name: "weather" },
      store: false,
      include: ["reasoning.encrypted_content"],
    });
  });

  test("OpenAI's reasoning goes back with its id and its sealed content as they came", ({ expect }) => {
    expect(write(responsesFixtures.requests["thinking"]?.conversation ?? conversationOf({})).body["input"]).toMatchObject([
      { role: "user" },
      { type: "reasoning", id: "rs_1", summary: [{ text: "First.\n\nThen." }], encrypted_content: "gAAA:B" },
      { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "gAAAC" },
      { type: "reasoning", id: "rs_3", summary: [{ text: "All." }], encrypted_content: "gAAAD" },
      { role: "assistant" },
    ]);
  });

  test("what tools gave back stands before the user's words", ({ expect }) => {
    const [text, result] = [
      { kind: "text", text: "So?", cache: null },
      { kind: "tool-result", callId: "call_1", blocks: [], isError: false, cache: null },
    ] as const;
    const { body } = write({ ...conversationOf({}), turns: [{ role: "user", blocks: [text, result] }] });
    expect(body["input"]).toEqual([
      { type: "function_call_output", call_id: "call_1", output: "" },
      { type: "message", role: "user", content: "So?" },
    ]);
  });

  test("what the API has no field for is named, none twice", ({ expect }) => {
    const said = { kind: "text", text: "x", cache: "1h" } as const;
    const { body, dropped } = write({
      ...conversationOf({}),
      topK: 5,
      stopSequences: ["END"],
      reasoning: { kind: "budget", tokens: 2_000 },
      extras: new Map<string, unknown>([
        ["seed", 1],
        ["context_management", { edits: [] }],
        ["metadata", { a: "b" }],
      ]),
      turns: [
        {
          role: "user",
          blocks: [
            { kind: "image", source: { kind: "file", id: "file_011" }, detail: null, cache: null },
            { kind: "document", source: { kind: "file", id: "file_012" }, title: "", cache: null },
            { kind: "document", source: { kind: "text", text: "Plain." }, title: "Notes", cache: null },
            { kind: "tool-result", callId: "c", blocks: [], isError: true, cache: null },
            { kind: "tool-result", callId: "d", blocks: [said], isError: true, cache: null },
            { kind: "refusal", text: "no" },
          ],
        },
        { role: "assistant", blocks: [{ kind: "audio", data: "UklGRg==", format: "wav" }] },
      ],
    });
    expect(dropped).toEqual([
      "topK",
      "stopSequences",
      "reasoning",
      "seed",
      "context_management",
      "turns.0.blocks.0 (image)",
      "turns.0.blocks.1 (document)",
      "turns.0.blocks.2 (title)",
      "turns.0.blocks.3 (isError)",
      "turns.0.blocks.5 (refusal)",
      "turns.1.blocks.0 (audio)",
    ]);
    expect(body).toMatchObject({
      metadata: { a: "b" },
      input: [
        { type: "function_call_output", call_id: "c", output: "" },
        { type: "function_call_output", call_id: "d", output: "x" },
        { role: "user", content: "Plain." },
      ],
    });
  });

  test.for([
    [{ kind: "adaptive", effort: "high" }, { effort: "high" }],
    [{ kind: "adaptive", effort: null }, undefined],
    [{ kind: "off" }, { effort: "none" }],
  ] as const)("%j is an effort", ([reasoning, written], { expect }) => {
    expect(write({ ...conversationOf({}), reasoning })).toMatchObject({ body: { ...(written && { reasoning: written }) }, dropped: [] });
    expect(write({ ...conversationOf({}), reasoning }).body["reasoning"]).toEqual(written);
  });

  test("a schema without a name gets one, which the API demands", ({ expect }) => {
    const format = { kind: "schema", name: "", description: "", schema: { type: "object" }, strict: null } as const;
    expect(write({ ...conversationOf({}), format }).body["text"]).toEqual({
      format: { type: "json_schema", name: "answer", schema: { type: "object" } },
    });
  });

  test("ten times the body costs about ten times as much to read and to write", ({ expect }) => {
    const turn = (index: number) => [
      { role: "user", content: [{ type: "input_image", image_url: `data:image/png;base64,${"A".repeat(2_000)}` }] },
      { type: "function_call", call_id: `call_${index}`, name: "n", arguments: "{}" },
      { type: "function_call_output", call_id: `call_${index}`, output: "x".repeat(500) },
    ];
    const writing = (turns: number) => {
      const body = { model: "m", input: Array.from({ length: turns }, (_, index) => turn(index)).flat() };
      return () => void responses.writeRequest(conversationOf(body), target);
    };
    expect(growthOf(() => process.cpuUsage(), writing, 400)).toBeLessThan(6);
  });
});
