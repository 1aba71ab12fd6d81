import { describe, test } from "vitest";
import { spanSchema, type Span } from "../../contracts/span.ts";
import { nothingCollected } from "./collect.ts";
import { excessOf, mapRequest } from "./map-request.ts";
import { mapSpan } from "./map-span.ts";
import type { AttributeValue } from "./attribute.ts";
import type { OtlpSpan } from "./export-request.ts";
import { origin, otlpSpan, realRequests, sentAtMs } from "./otlp.fixture.ts";
import { readJsonRequest } from "./read-json.ts";

const nowMs = sentAtMs + 1_000;
const ownHost = "llm.example.com";

function mapped(span: OtlpSpan, scope = "") {
  return mapSpan(span, { origin, resource: nothingCollected(), scope: { name: scope, version: "", attributes: [] }, ownHost, nowMs });
}

/** The first span that a span with these attributes becomes. */
function spanWith(attributes: Readonly<Record<string, AttributeValue>>, changes: Partial<OtlpSpan> = {}, scope = ""): Span {
  const result = mapped(otlpSpan(attributes, changes), scope);
  const [span] = result.kind === "mapped" ? result.spans : [];
  if (span === undefined) throw new Error("the span was rejected");
  return spanSchema.parse(span);
}

/** What a real client's request becomes. */
function requestOf(client: keyof typeof realRequests) {
  const read = readJsonRequest(JSON.stringify(realRequests[client]));
  if (read.kind !== "spans") throw new Error(read.kind);
  return mapRequest(read.resources, { origin, ownHost, nowMs });
}

const inline = (text: string, mediaType = "application/json") => ({ kind: "inline", mediaType, text });

describe("what real clients send", () => {
  test("the AI SDK: a call of a model is a generation with all that there is to know", ({ expect }) => {
    const { spans, rejectedSpans } = requestOf("ai-sdk");
    expect(rejectedSpans).toBe(0);
    expect(spans[3]).toEqual({
      ...origin,
      schemaVersion: 2,
      traceId: "138853611b3c5cdd17a11c3e357e3e73",
      spanId: "8308b9c4b0401048",
      parentSpanId: "7668e0fd1741067b",
      kind: "generation",
      name: "chat gpt-4o",
      startedAtMs: 1_795_536_255_212,
      endedAtMs: 1_795_536_255_212.756,
      status: "ok",
      error: null,
      environment: "production",
      release: "1.2.3",
      userId: "",
      sessionId: "",
      tags: [],
      metadata: {
        "service.name": "shop",
        "gen_ai.operation.name": "chat",
        "gen_ai.client.operation.duration": 0.0008972440000000006,
        "gen_ai.response.id": "r1",
        "otel.span_kind": "client",
        "otel.scope.name": "gen_ai",
      },
      provider: "openai",
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      simulated: false,
      streamed: false,
      parameters: { temperature: 0.2, tools: [expect.objectContaining({ name: "weather" })] },
      finishReason: { unified: "stop", raw: "stop" },
      toolNames: [],
      usage: {
        inputTokens: 6,
        inputCachedTokens: 4,
        cacheWriteTokens: 0,
        cacheWriteHourTokens: 0,
        inputAudioTokens: 0,
        inputImageTokens: 0,
        outputTokens: 20,
        reasoningTokens: 0,
        outputAudioTokens: 0,
      },
      usageRaw:
        '{"gen_ai.usage.input_tokens":10,"gen_ai.usage.output_tokens":20,"gen_ai.usage.cache_read.input_tokens":4,"gen_ai.usage.cache_creation.input_tokens":0}',
      cost: null,
      ttftMs: null,
      upstreamMs: 0,
      overheadMs: 0,
      httpStatus: 0,
      input: inline(
        '{"system":[{"type":"text","content":"You are brief."}],"messages":[{"role":"user","parts":[{"type":"text","content":"Weather in Rome?"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Rome"}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"sky":"sunny"}}]}]}',
      ),
      output: inline('[{"role":"assistant","parts":[{"type":"text","content":"It is sunny."}],"finish_reason":"stop"}]'),
      upstreamRequest: null,
      holdIds: [],
      promptId: "",
      promptVersion: "",
      promptLabel: "",
      experimentId: "",
      experimentArm: "",
      datasetItemId: "",
      api: "",
    });
  });

  test.for([
    [
      "ai-sdk",
      [
        ["chat gpt-4o", "generation", 30],
        ["execute_tool weather", "tool", null],
        ["step 1", "chain", null],
        ["chat gpt-4o", "generation", 30],
        ["step 2", "chain", null],
        ["invoke_agent gpt-4o", "agent", null],
      ],
    ],
    [
      "ai-sdk-legacy",
      [
        ["ai.toolCall", "tool", null],
        ["ai.generateText.doGenerate", "generation", 30],
        ["ai.generateText.doGenerate", "generation", 30],
        ["ai.generateText", "chain", null],
      ],
    ],
    ["openinference", [["OpenAI Chat Completions", "generation", 13]]],
    [
      "traceloop",
      [
        ["chat gpt-4o", "generation", 13],
        ["ask.workflow", "chain", null],
      ],
    ],
  ] as const)("%s: each token counts once, on the call that used it", ([client, expected], { expect }) => {
    const { spans } = requestOf(client);
    const totals = spans.map(({ name, kind, usage }) => [
      name,
      kind,
      usage === null ? null : Object.values(usage).reduce((sum, tokens) => sum + tokens, 0),
    ]);
    expect(totals).toEqual(expected);
  });

  test("OpenInference: flattened messages, parameters, and the model that was asked for", ({ expect }) => {
    expect(requestOf("openinference").spans[0]).toMatchObject({
      provider: "openai",
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      parameters: { temperature: 0.1 },
      usage: { inputTokens: 6, inputCachedTokens: 4, outputTokens: 2, reasoningTokens: 1 },
      finishReason: { unified: "stop", raw: "stop" },
      input: inline('{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}'),
      output: inline('[{"role":"assistant","content":"Hello there."}]'),
    });
  });

  test("Traceloop: the user and the session of the workflow are on its call", ({ expect }) => {
    expect(requestOf("traceloop").spans).toMatchObject([
      { userId: "ada", sessionId: "s1", metadata: { "traceloop.workflow.name": "ask" } },
      { userId: "ada", sessionId: "s1", input: inline('{"args":[],"kwargs":{}}'), output: { text: '"Hello there."' } },
    ]);
  });
});

describe("attributes", () => {
  test.for([
    ["kind by Langfuse before OpenTelemetry", { "langfuse.observation.type": "tool", "gen_ai.operation.name": "chat" }, { kind: "tool" }],
    [
      "a kind that is no word of its table is left to the next",
      { "openinference.span.kind": "ODD", "gen_ai.operation.name": "embeddings" },
      { kind: "embedding" },
    ],
    [
      "who names a model that served it has called one",
      { "gen_ai.response.model": "m" },
      { kind: "generation", modelRequested: "m", modelServed: "m" },
    ],
    ["who names a tool is one", { "tool.name": "t" }, { kind: "tool", toolNames: ["t"] }],
    ["all else is a span", { "http.route": "/" }, { kind: "span", metadata: { "http.route": "/" } }],
    ["a provider by our name for it", { "gen_ai.system": "gcp.gemini" }, { provider: "google" }],
    ["a provider with its API behind it", { "ai.model.provider": "anthropic.messages" }, { provider: "anthropic" }],
    ["a provider that we do not know, as it is", { "gen_ai.provider.name": "Acme.AI" }, { provider: "Acme.AI" }],
    [
      "the first of two names says it, and the other is kept where it says otherwise",
      { "enduser.id": "b", "user.id": "a" },
      { userId: "a", metadata: { "enduser.id": "b" } },
    ],
    ["what two names say alike is said once", { "session.id": "s", "gen_ai.conversation.id": "s" }, { sessionId: "s", metadata: {} }],
    ["tags as a list", { "langfuse.trace.tags": ["a", "b"] }, { tags: ["a", "b"] }],
    ["tags as JSON, or with commas", { "tag.tags": '["a","b"]' }, { tags: ["a", "b"] }],
    ["time to the first token in seconds", { "gen_ai.response.time_to_first_chunk": 0.25 }, { ttftMs: 250, streamed: true }],
    ["time to the first token in milliseconds", { "ai.response.msToFirstChunk": 12.5 }, { ttftMs: 12.5 }],
    [
      "time to the first token as a time",
      { "langfuse.observation.completion_start_time": `"${new Date(sentAtMs + 40).toISOString()}"` },
      { ttftMs: 40 },
    ],
    [
      "a prompt and its version",
      { "langfuse.observation.prompt.name": "greet", "langfuse.observation.prompt.version": 3 },
      { promptId: "greet", promptVersion: "3" },
    ],
    [
      "parameters of both conventions",
      { "gen_ai.request.top_p": 0.5, "ai.settings.maxRetries": 2, "llm.invocation_parameters": '{"seed":1,"model":"m"}' },
      { parameters: { top_p: 0.5, maxRetries: 2, seed: 1 }, modelRequested: "m" },
    ],
    [
      "lists and maps in metadata as JSON",
      { a: [1, "b"], b: { c: null }, c: true },
      { metadata: { a: '[1,"b"]', b: '{"c":null}', c: true } },
    ],
    [
      "old prompts and completions",
      { "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "Hi", "gen_ai.completion.0.content": "Hello" },
      { input: inline('{"messages":[{"role":"user","content":"Hi"}]}'), output: inline('[{"content":"Hello"}]') },
    ],
    [
      "text that is no JSON",
      { "input.value": "Hi", "input.mime_type": "text/plain", "output.value": "{" },
      { input: inline("Hi", "text/plain"), output: inline("{", "text/plain") },
    ],
    [
      "retrieved documents",
      {
        "openinference.span.kind": "RETRIEVER",
        "retrieval.documents.0.document.content": "d",
        "retrieval.documents.0.document.score": 0.5,
      },
      { kind: "retriever", output: inline('[{"content":"d","score":0.5}]') },
    ],
    [
      "a call's cost by the sender's word",
      { "gen_ai.operation.name": "chat", "gen_ai.usage.cost": 0.000_123 },
      { cost: { source: "sender", totalNanoUsd: 123_000 } },
    ],
    [
      "input's and output's cost without a sum",
      { "openinference.span.kind": "LLM", "llm.cost.prompt": 0.01, "llm.cost.completion": 0.02 },
      { cost: { totalNanoUsd: 30_000_000, buckets: { inputTokens: 10_000_000, outputTokens: 20_000_000 } } },
    ],
    [
      "Langfuse's cost and usage in JSON",
      {
        "langfuse.observation.type": "generation",
        "langfuse.observation.cost_details": '{"total":0.5}',
        "langfuse.observation.usage_details": '{"input":6,"output":1,"total":7}',
      },
      { cost: { totalNanoUsd: 500_000_000 }, usage: { inputTokens: 6, outputTokens: 1 } },
    ],
    [
      "an agent's cost is the sum of others",
      { "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.cost": 1, "gen_ai.usage.input_tokens": 5 },
      { kind: "agent", cost: null, usage: null, usageRaw: '{"gen_ai.usage.cost":1,"gen_ai.usage.input_tokens":5}' },
    ],
    [
      "a call that went through the gateway is counted there",
      { "gen_ai.operation.name": "chat", "server.address": "llm.example.com", "gen_ai.usage.input_tokens": 5 },
      { kind: "generation", usage: null, usageRaw: '{"gen_ai.usage.input_tokens":5}' },
    ],
    [
      "a call that went elsewhere is counted",
      { "gen_ai.operation.name": "chat", "server.address": "api.openai.com", "gen_ai.usage.input_tokens": 5 },
      { usage: { inputTokens: 5 } },
    ],
  ] as const)("%s", ([, attributes, expected], { expect }) => {
    expect(spanWith(attributes)).toMatchObject(expected);
  });

  test("metadata holds what a span has no field for, by the names that were sent", ({ expect }) => {
    const links = [{ traceId: "c".repeat(32), spanId: "d".repeat(16), attributes: [] }];
    expect(spanWith({ "user.id": "a", odd: 1 }, { traceState: "v=1", kind: 2, links, droppedAttributes: 3 }, "my-scope").metadata).toEqual({
      odd: 1,
      "otel.scope.name": "my-scope",
      "otel.span_kind": "server",
      "otel.trace_state": "v=1",
      "otel.links": JSON.stringify(links),
      "otel.dropped_attributes": 3,
    });
  });
});

describe("status", () => {
  const exception = {
    name: "exception",
    atMs: sentAtMs + 1,
    attributes: [
      ["exception.type", "TypeError"],
      ["exception.message", "x is null"],
      ["exception.stacktrace", "at a"],
    ],
  } as const;

  test("an error has the exception's type and words where the status has none, and its stack stays", ({ expect }) => {
    expect(spanWith({}, { statusCode: 2, events: [exception] })).toMatchObject({
      status: "error",
      error: { code: "TypeError", message: "x is null", upstreamStatus: null },
      metadata: { "exception.stacktrace": "at a" },
    });
    expect(spanWith({ "error.type": "timeout" }, { statusCode: 2, statusMessage: "too late", events: [exception] })).toMatchObject({
      error: { code: "timeout", message: "too late" },
      metadata: { "exception.message": "x is null" },
    });
    expect(spanWith({}, { statusCode: 2 }).error).toEqual({ code: "client_error", message: "", upstreamStatus: null });
  });

  test("an exception that was dealt with is no error, and is not lost", ({ expect }) => {
    expect(spanWith({}, { statusCode: 1, events: [exception] })).toMatchObject({
      status: "ok",
      error: null,
      metadata: { "exception.type": "TypeError", "exception.message": "x is null" },
    });
  });
});

describe("events of a span", () => {
  const at = (name: string, attributes: readonly (readonly [string, AttributeValue])[], afterMs = 1) => ({
    name,
    atMs: sentAtMs + afterMs,
    attributes,
  });

  test("messages and choices are its input and output", ({ expect }) => {
    const events = [
      at("gen_ai.system.message", [["content", "Be brief."]]),
      at("gen_ai.user.message", [["content", "Hi"]]),
      at("gen_ai.choice", [
        ["index", 0],
        ["message", { content: "Hello" }],
      ]),
    ];
    expect(spanWith({}, { events })).toMatchObject({
      input: inline('{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}'),
      output: inline('[{"index":0,"message":{"content":"Hello"}}]'),
    });
  });

  test("details say what the span's own attributes do not", ({ expect }) => {
    const events = [
      at("gen_ai.client.inference.operation.details", [
        ["gen_ai.input.messages", '[{"role":"user"}]'],
        ["gen_ai.request.model", "late"],
      ]),
    ];
    expect(spanWith({ "gen_ai.request.model": "own" }, { events })).toMatchObject({
      modelRequested: "own",
      input: inline('[{"role":"user"}]'),
    });
  });

  test("an evaluation is a score of the span; whatever else happened is an event below it, with the same id each time", ({ expect }) => {
    const events = [
      at("gen_ai.evaluation.result", [
        ["gen_ai.evaluation.name", "tone"],
        ["gen_ai.evaluation.score.value", 0.5],
        ["gen_ai.evaluation.score.label", "kind"],
        ["gen_ai.evaluation.explanation", "why"],
        ["judge", "j"],
      ]),
      at("cache.miss", [["key", "k"]], 3),
      at("gen_ai.evaluation.result", [["gen_ai.evaluation.name", "empty"]]),
    ];
    const sent = otlpSpan({ "session.id": "s" }, { events });
    const first = mapped(sent);
    if (first.kind !== "mapped") throw new Error(first.reason);
    expect(first.scores).toEqual([
      {
        type: "score",
        traceId: sent.traceId,
        spanId: sent.spanId,
        sessionId: "s",
        name: "tone",
        value: 0.5,
        label: "kind",
        comment: "why",
        source: "code",
        evaluatorId: "",
        evaluatorVersion: "",
        metadata: { judge: "j" },
        atMs: sentAtMs + 1,
      },
    ]);
    const [, happened, unjudged] = first.spans;
    expect(happened).toMatchObject({
      kind: "event",
      name: "cache.miss",
      parentSpanId: sent.spanId,
      startedAtMs: sentAtMs + 3,
      endedAtMs: sentAtMs + 3,
      sessionId: "s",
      metadata: { key: "k" },
    });
    expect(unjudged).toMatchObject({ kind: "event", name: "gen_ai.evaluation.result" });
    for (const span of first.spans) expect(spanSchema.parse(span)).toEqual(span);
    expect(mapped(sent)).toEqual(first);
    expect(new Set(first.spans.map(({ spanId }) => spanId)).size).toBe(3);
  });
});

describe("spans that are none", () => {
  test.for([
    [{ traceId: "" }, "`traceId` must be 16 bytes, not all zero"],
    [{ traceId: "0".repeat(32) }, "`traceId` must be 16 bytes, not all zero"],
    [{ spanId: "ab" }, "`spanId` must be 8 bytes, not all zero"],
    [{ parentSpanId: "ab" }, "`parentSpanId` must be 8 bytes, or left out"],
    [{ startedAtMs: 0 }, "`startTimeUnixNano` must not be more than 400 days ago"],
    [{ endedAtMs: nowMs + 86_400_001 }, "`endTimeUnixNano` must not be more than 1 day ahead"],
    [{ events: [{ name: "a", atMs: 5, attributes: [] }] }, "an event's `timeUnixNano` must not be more than 400 days ago"],
    [{ attributes: [["__proto__", "a"]] }, "an attribute must not be named `__proto__`"],
    [{ name: "a".repeat(1001) }, "`name` must not be longer than 1000 characters"],
    [{ attributes: [["user.id", "a".repeat(1001)]] }, "`userId` must not be longer than 1000 characters"],
    [{ attributes: [["tag.tags", ["a".repeat(201)]]] }, "a tag or a tool's name must not be longer than 200 characters"],
    [{ attributes: [["tag.tags", "a,".repeat(101)]] }, "there must not be more than 100 tags"],
    [{ events: [{ name: "a".repeat(1001), atMs: 0, attributes: [] }] }, "an event's `name` must not be longer than 1000 characters"],
  ] as const)("%j is rejected with its reason", ([changes, reason], { expect }) => {
    expect(mapped(otlpSpan({}, changes))).toEqual({ kind: "rejected", reason });
  });

  test("the others are taken, and the first reasons told", ({ expect }) => {
    const spans = [
      otlpSpan({}),
      ...[1, 2, 3, 4].map((index) => otlpSpan({}, { name: `bad ${index}`, traceId: "" })),
      { unreadable: "is cut short" },
    ];
    const {
      spans: taken,
      rejectedSpans,
      rejection,
    } = mapRequest([{ resource: [], scopes: [{ scope: { name: "", version: "", attributes: [] }, spans }] }], { origin, ownHost, nowMs });
    expect([taken.length, rejectedSpans]).toEqual([1, 5]);
    expect(rejection).toBe(
      '5 of 6 spans were not taken: span 1 ("bad 1"): `traceId` must be 16 bytes, not all zero; span 2 ("bad 2"): `traceId` must be 16 bytes, not all zero; span 3 ("bad 3"): `traceId` must be 16 bytes, not all zero; and 2 more',
    );
  });

  test("a small body that would become a large one is told what it comes to", ({ expect }) => {
    const scope = { name: "", version: "", attributes: [] };
    const event = { name: "a", atMs: 0, attributes: [] };
    const busy = otlpSpan({}, { events: Array.from({ length: 4_999 }, () => event) });
    expect(excessOf([{ resource: [], scopes: [{ scope, spans: [busy, busy] }] }])).toBeNull();
    expect(excessOf([{ resource: [], scopes: [{ scope, spans: [busy, busy, otlpSpan({})] }] }])).toMatch(
      /^There are 10001 spans and events\./,
    );
    const resource = [["a", "x".repeat(100_000)]] as const;
    const spans = Array.from({ length: 400 }, () => otlpSpan({}));
    expect(excessOf([{ resource, scopes: [{ scope, spans: spans.slice(200) }] }])).toBeNull();
    expect(excessOf([{ resource, scopes: [{ scope, spans }] }])).toMatch(
      /^The attributes of resources and scopes, .* of at most 33554432\.$/,
    );
  });

  test("what the spans of a resource say stays with each", ({ expect }) => {
    const resource = [["gen_ai.request.seed", 1]] as const;
    const spans = [otlpSpan({ "gen_ai.request.top_p": 0.5 }), otlpSpan({ "gen_ai.request.top_k": 5 })];
    const mappedSpans = mapRequest([{ resource, scopes: [{ scope: { name: "", version: "", attributes: [] }, spans }] }], {
      origin,
      ownHost,
      nowMs,
    }).spans;
    expect(mappedSpans.map(({ parameters }) => parameters)).toEqual([
      { seed: 1, top_p: 0.5 },
      { seed: 1, top_k: 5 },
    ]);
  });

  test("all zero parents, an end before the start and an event without a time are no fault", ({ expect }) => {
    const sent = otlpSpan({}, { parentSpanId: "0".repeat(16), endedAtMs: 0, events: [{ name: "a", atMs: 0, attributes: [] }] });
    expect(mapped(sent)).toMatchObject({ kind: "mapped", spans: [{ parentSpanId: null, endedAtMs: sentAtMs }, { startedAtMs: sentAtMs }] });
  });
});
