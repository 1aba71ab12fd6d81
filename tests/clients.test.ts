import { afterAll, beforeAll, describe, test } from "vitest";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { spanOf, spansOf } from "./harness/control-api.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { callIdOf, servedModels } from "./harness/scripted-answers.ts";
import { apiOf, forecast, greeting, quote, type UpstreamApi } from "./harness/scripted-model.ts";
import { startScriptedProvider, type ScriptedProvider } from "./harness/scripted-provider.ts";
import { anthropicOf, runToolsInThread } from "./harness/sdk-anthropic.ts";
import { weather } from "./harness/sdk-client.ts";
import { makers, newCall, pairs, upstreams } from "./harness/upstreams.ts";

let provider: ScriptedProvider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startScriptedProvider();
  system = await startSystem({
    OPENAI_BASE_URL: provider.baseUrl,
    OPENAI_API_KEY: "sk-provider",
    ANTHROPIC_BASE_URL: provider.baseUrl,
    ANTHROPIC_API_KEY: "sk-ant-provider",
  });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

const connect = (client: UpstreamApi) => makers[client]({ url: system.local.url, apiKey: system.local.apiKey });

/** The APIs in which the provider was asked for a call, in their order. */
const apisOf = (traceId: string) => provider.requestsOf(traceId).map(({ path }) => apiOf(path));

const textOf = ({ kind, ...payload }: StoredSpan["input"]): unknown => ("text" in payload ? JSON.parse(payload.text) : kind);

/** What each client is told of an answer that is whole, and of its tokens. */
const whole = {
  chat: {
    stop: "stop",
    usage: {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 40 },
      completion_tokens_details: { reasoning_tokens: 20 },
    },
  },
  responses: {
    stop: "completed",
    usage: {
      input_tokens: 100,
      output_tokens: 50,
      total_tokens: 150,
      input_tokens_details: { cached_tokens: 40 },
      output_tokens_details: { reasoning_tokens: 20 },
    },
  },
  messages: {
    stop: "end_turn",
    usage: { input_tokens: 60, cache_read_input_tokens: 40, output_tokens: 50, output_tokens_details: { thinking_tokens: 20 } },
  },
} as const satisfies Record<UpstreamApi, object>;

/** What a span holds of a request and of its answer, in the caller's shape. */
const payloads = {
  chat: {
    input: (text: string) => ({ messages: [{ role: "user", content: text }] }),
    output: (text: string) => ({
      object: "chat.completion",
      choices: [{ message: { role: "assistant", content: text }, finish_reason: "stop" }],
    }),
  },
  responses: {
    input: (text: string) => ({ input: text }),
    output: (text: string) => ({
      object: "response",
      status: "completed",
      output: [{ type: "message", content: [{ type: "output_text", text }] }],
    }),
  },
  messages: {
    input: (text: string) => ({ max_tokens: 1_024, messages: [{ role: "user", content: text }] }),
    output: (text: string) => ({ type: "message", role: "assistant", content: [{ type: "text", text }], stop_reason: "end_turn" }),
  },
} as const satisfies Record<UpstreamApi, object>;

const exactUsage = {
  inputTokens: 60,
  inputCachedTokens: 40,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 30,
  reasoningTokens: 20,
  outputAudioTokens: 0,
};
/** Nano-dollars of these tokens: $0.15, $0.075 and $0.60 a million tokens; $3, $0.30 and $15. */
const gpt4oMini = 60 * 150 + 40 * 75 + 50 * 600;
const sonnet = 60 * 3_000 + 40 * 300 + 50 * 15_000;
const costs = { chat: gpt4oMini, responses: gpt4oMini, messages: sonnet } as const satisfies Record<UpstreamApi, number>;

describe.for(pairs)("the official client of %s, answered in %s", { concurrent: true }, ([client, upstream]) => {
  test.for([
    ["create", "plain"],
    ["create with `stream`", "events"],
    ["`stream` and its final answer", "gathered"],
  ] as const)("%s: text, stop and tokens are the client's own, and the trace is exact", async ([, way], { expect }) => {
    const { asking, traceId } = newCall(upstream);
    const result = await connect(client)[way](asking);
    expect(apisOf(traceId)).toEqual([upstream]);
    expect(result).toMatchObject({ text: greeting, model: servedModels[upstream], ...whole[client] });
    const span = await spanOf(system, traceId);
    expect(span).toMatchObject({
      status: "ok",
      httpStatus: 200,
      error: null,
      api: client,
      provider: upstreams[upstream].provider,
      modelRequested: asking.model,
      modelServed: servedModels[upstream],
      streamed: way !== "plain",
      simulated: false,
      finishReason: { unified: "stop" },
      toolNames: [],
      usage: exactUsage,
      cost: { source: "price-book", totalNanoUsd: costs[upstream] },
    });
    expect(textOf(span.input)).toMatchObject({ model: asking.model, ...payloads[client].input(asking.text) });
    expect(textOf(span.output)).toMatchObject(payloads[client].output(greeting));
  });

  test.for([
    ["a tool's call", "tools", "Weather?", ["Paris"]],
    ["two parallel calls", "tools", "Weather in both?", ["Paris", "Rome"]],
    ["a streamed call", "streamedTools", "Weather?", ["Paris"]],
    ["two streamed parallel calls", "streamedTools", "Weather in both?", ["Paris", "Rome"]],
  ] as const)("%s goes round: the model reads each result beside the call that it made", async ([, way, text, cities], { expect }) => {
    const { asking, traceId } = newCall(upstream, text);
    const result = await connect(client)[way](asking);
    expect(apisOf(traceId)).toEqual([upstream, upstream]);
    const told = quote(cities.map((city) => ({ callId: callIdOf(city), text: weather.tell({ city }) })));
    expect(result).toBe(told);
    const [calling, telling] = await spansOf(system, traceId, { count: 2 });
    const common = { status: "ok", api: client, streamed: way === "streamedTools", usage: exactUsage };
    expect(calling).toMatchObject({ ...common, finishReason: { unified: "tool_calls" }, toolNames: [weather.name] });
    expect(telling).toMatchObject({ ...common, finishReason: { unified: "stop" }, toolNames: [] });
    expect(JSON.stringify(calling === undefined ? null : textOf(calling.output))).toContain(callIdOf(cities[0]));
    expect(textOf(telling?.output ?? { kind: "omitted", reason: "none" })).toMatchObject(payloads[client].output(told));
  });

  test("`parse` gives what its schema says", async ({ expect }) => {
    const { asking, traceId } = newCall(upstream);
    const result = await connect(client).parsed(asking);
    expect([result, apisOf(traceId)]).toEqual([forecast, [upstream]]);
    expect(await spanOf(system, traceId)).toMatchObject({ status: "ok", api: client, finishReason: { unified: "stop" } });
  });
});

describe("the tool runner of Anthropic's client, which leaves the conversation with Anthropic", () => {
  const run = async ({ asking }: ReturnType<typeof newCall>) =>
    await runToolsInThread({ url: system.local.url, apiKey: system.local.apiKey }, asking);

  test("reaches Anthropic as it is", async ({ expect }) => {
    const call = newCall("messages");
    expect(await run(call)).toBe(quote([{ callId: callIdOf("Paris"), text: weather.tell({ city: "Paris" }) }]));
    expect(provider.requestsOf(call.traceId)[0]?.headers["anthropic-beta"]).toMatch(/message-threads/);
    const spans = await spansOf(system, call.traceId, { count: 2 });
    expect(spans).toMatchObject([
      { parameters: { thread: { type: "create" } }, upstreamRequest: { changedFields: { model: '"claude-sonnet-4-5"' } } },
      { parameters: { thread: { type: "continue" } }, upstreamRequest: { changedFields: { model: '"claude-sonnet-4-5"' } } },
    ]);
  });

  test.for(["chat", "responses"] as const)("is refused where %s is spoken, and told why", async (upstream, { expect }) => {
    const call = newCall(upstream);
    await expect(run(call)).rejects.toThrow(/`thread/);
    expect(apisOf(call.traceId)).toEqual([]);
  });
});

test("Anthropic's client counts tokens at Anthropic, and the count is no generation", async ({ expect }) => {
  const { asking, traceId } = newCall("messages");
  const count = await anthropicOf({ url: system.local.url, apiKey: system.local.apiKey }).messages.countTokens(
    { model: asking.model, messages: [{ role: "user", content: asking.text }] },
    { headers: asking.headers },
  );
  expect(count).toEqual({ input_tokens: 100 });
  expect(provider.requestsOf(traceId)).toMatchObject([{ path: "/v1/messages/count_tokens", headers: { "x-api-key": "sk-ant-provider" } }]);
  expect(await spanOf(system, traceId)).toMatchObject({
    kind: "span",
    api: "count-tokens",
    provider: "anthropic",
    usage: null,
    cost: null,
  });
});
