import Anthropic, { NotFoundError as AnthropicNotFoundError } from "@anthropic-ai/sdk";
import OpenAI, { APIUserAbortError, AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from "openai";
import { afterAll, beforeAll, describe, test } from "vitest";
import { createKey, revokeKey } from "#core/contracts/api/keys.ts";
import { deleteCredential, putCredential, putPriceOverride } from "#core/contracts/api/providers.ts";
import { getPayload, listTraces } from "#core/contracts/api/traces.ts";
import { control, spanOf, spansOf } from "./harness/control-api.ts";
import {
  begin,
  completion,
  gpt4oCostNanoUsd,
  json,
  startProvider,
  streamEvents,
  usage,
  wholeStream,
  type Provider,
} from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;
let openai: OpenAI;

const messages = [{ role: "user" as const, content: "Hi" }];
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

beforeAll(async () => {
  provider = await startProvider();
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-provider", ACME_BASE_URL: provider.baseUrl });
  openai = new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey: system.local.apiKey, maxRetries: 0 });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

const lastRequest = () => {
  const request = provider.requests.at(-1);
  if (request === undefined) throw new Error("the provider was not called");
  const json: unknown = JSON.parse(request.body);
  return { ...request, json };
};

describe("the official client, plain", () => {
  test("a call is answered as the provider answers, and becomes a trace with exact tokens and cost", async ({ expect }) => {
    provider.behave(json(200, completion, { "x-request-id": "req_1" }));
    const { data, response, request_id } = await openai.chat.completions
      .create({ model: "gpt-4o", messages, temperature: 0.25, safety_identifier: "ada" })
      .withResponse();
    expect([data, request_id]).toEqual([completion, "req_1"]);
    expect(lastRequest()).toMatchObject({
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer sk-provider" },
      json: { model: "gpt-4o", messages, temperature: 0.25, safety_identifier: "ada" },
    });
    expect(response.headers.get("x-evalforge-cost-usd")).toBe("0.0007");
    const span = await spanOf(system, response.headers.get("x-evalforge-trace-id"));
    expect(span).toMatchObject({
      kind: "generation",
      name: "gpt-4o",
      status: "ok",
      error: null,
      homeRegion: "us-east",
      servingRegion: "us-east",
      provider: "openai",
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      simulated: false,
      streamed: false,
      userId: "ada",
      parameters: { model: "gpt-4o", temperature: 0.25, safety_identifier: "ada" },
      finishReason: { unified: "stop", raw: "stop" },
      usage: exactUsage,
      cost: { source: "price-book", totalNanoUsd: gpt4oCostNanoUsd, buckets: { inputTokens: 150_000, inputCachedTokens: 50_000 } },
      httpStatus: 200,
      output: { kind: "inline", text: JSON.stringify(completion) },
      upstreamRequest: { url: `${provider.baseUrl}/chat/completions`, changedFields: {} },
    });
    expect(JSON.parse(span.usageRaw)).toEqual(usage);
    expect(span.input.kind === "inline" ? JSON.parse(span.input.text) : null).toEqual({
      model: "gpt-4o",
      messages,
      temperature: 0.25,
      safety_identifier: "ada",
    });
  });

  test("tools, images, JSON schema and unknown fields arrive untouched, digit for digit", async ({ expect }) => {
    provider.behave(json(200, completion));
    const body =
      '{ "model":"openai/gpt-4o", "seed":9007199254740993, "zz_new":{"b":1.0,"a":[ ]},\n' +
      '"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}],' +
      '"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}],' +
      '"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"}}}}';
    const response = await fetch(`${system.local.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${system.local.apiKey}` },
      body,
    });
    expect(response.status).toBe(200);
    expect(lastRequest().body).toBe(body.replace("openai/gpt-4o", "gpt-4o"));
    const span = await spanOf(system, response.headers.get("x-evalforge-trace-id"));
    expect(span.upstreamRequest?.changedFields).toEqual({ model: '"gpt-4o"' });
  });

  test("an OpenAI-compatible address of any name serves its models, and an unknown price is unknown, not 0", async ({ expect }) => {
    provider.behave(json(200, { ...completion, model: "house-model" }));
    const { response } = await openai.chat.completions.create({ model: "acme/house-model", messages }).withResponse();
    expect(lastRequest()).toMatchObject({ json: { model: "house-model" } });
    expect(lastRequest().headers.authorization).toBeUndefined();
    expect(response.headers.get("x-evalforge-cost-usd")).toBeNull();
    const span = await spanOf(system, response.headers.get("x-evalforge-trace-id"));
    expect([span.provider, span.usage, span.cost]).toEqual(["acme", exactUsage, null]);
  });

  test("a tier with prices of its own is not priced as the usual one", async ({ expect }) => {
    provider.behave(json(200, { ...completion, service_tier: "flex" }));
    const { response } = await openai.chat.completions.create({ model: "gpt-4o", messages, service_tier: "flex" }).withResponse();
    const span = await spanOf(system, response.headers.get("x-evalforge-trace-id"));
    expect([span.usage, span.cost]).toEqual([exactUsage, null]);
  });

  test("embeddings", async ({ expect }) => {
    const answer = {
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [0.5, -0.25] }],
      model: "text-embedding-3-small",
      usage: { prompt_tokens: 8, total_tokens: 8 },
    };
    provider.behave(json(200, answer));
    const { data, response } = await openai.embeddings
      .create({ model: "text-embedding-3-small", input: "Hi", encoding_format: "float" })
      .withResponse();
    expect(data.data[0]?.embedding).toEqual([0.5, -0.25]);
    const span = await spanOf(system, response.headers.get("x-evalforge-trace-id"));
    expect(span).toMatchObject({
      kind: "embedding",
      status: "ok",
      usage: { inputTokens: 8, outputTokens: 0 },
      cost: { totalNanoUsd: 160 },
    });
  });

  test("models are listed for Anthropic's client too, in its own shape", async ({ expect }) => {
    const anthropic = new Anthropic({ baseURL: system.local.url, apiKey: system.local.apiKey });
    const listed: string[] = [];
    for await (const model of anthropic.models.list()) listed.push(model.id);
    expect(listed).toContain("gpt-4o-mini");
    expect(await anthropic.models.retrieve("openai/gpt-4o")).toMatchObject({ id: "openai/gpt-4o", type: "model" });
    await expect(anthropic.models.retrieve("nobody/model")).rejects.toThrow(AnthropicNotFoundError);
  });

  test("models are listed, and one is found by its bare name and as `provider/model`", async ({ expect }) => {
    const ids = [];
    for await (const model of openai.models.list()) ids.push(model.id);
    expect(ids).toEqual(expect.arrayContaining(["gpt-4o-mini", "gemini-2.5-pro", "sonar"]));
    for (const id of ["gpt-4o-mini", "openai/gpt-4o-mini"]) {
      expect(await openai.models.retrieve(id)).toEqual({ id, object: "model", created: 0, owned_by: "openai" });
    }
    const response = await fetch(`${system.local.url}/v1/models/%`, { headers: { authorization: `Bearer ${system.local.apiKey}` } });
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: "invalid_field", param: "model" } }]);
  });

  test.for(["x-api-key", "api-key", "x-goog-api-key"])("its key may come as %s, where other SDKs put it", async (name, { expect }) => {
    provider.behave(json(200, completion));
    const response = await fetch(`${system.local.url}/v1/chat/completions`, {
      method: "POST",
      headers: { [name]: system.local.apiKey },
      body: JSON.stringify({ model: "gpt-4o", messages }),
    });
    expect([response.status, await response.json()]).toEqual([200, completion]);
    expect(lastRequest().headers).toMatchObject({ authorization: "Bearer sk-provider" });
    expect(lastRequest().headers[name]).toBeUndefined();
  });

  test("its retries reach the provider again, and each try is a trace", async ({ expect }) => {
    let calls = 0;
    provider.behave((response, request) => {
      calls += 1;
      if (calls === 1)
        response.writeHead(503, { "content-type": "application/json", "retry-after-ms": "1" }).end('{"error":{"message":"busy"}}');
      else void json(200, completion)(response, request);
    });
    const retrying = new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey: system.local.apiKey, maxRetries: 2 });
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    await retrying.chat.completions.create(
      { model: "gpt-4o", messages },
      { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } },
    );
    expect(calls).toBe(2);
    const spans = await spansOf(system, traceId, { count: 2 });
    expect(spans.map((span) => [span.status, span.httpStatus, span.parentSpanId])).toEqual([
      ["error", 503, "00f067aa0ba902b7"],
      ["ok", 200, "00f067aa0ba902b7"],
    ]);
  });
});

describe("the official client, streaming", () => {
  test("usage is read and priced, but hidden from a client that did not ask", async ({ expect }) => {
    provider.behave(wholeStream);
    const { data, response } = await openai.chat.completions.create({ model: "gpt-4o", messages, stream: true }).withResponse();
    const chunks = [];
    for await (const chunk of data) chunks.push(chunk);
    expect(chunks).toEqual(streamEvents.slice(0, -1));
    expect(lastRequest().json).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    const span = await spanOf(system, response.headers.get("x-evalforge-trace-id"));
    expect(span).toMatchObject({
      status: "ok",
      streamed: true,
      usage: exactUsage,
      cost: { totalNanoUsd: gpt4oCostNanoUsd },
      finishReason: { unified: "stop", raw: "stop" },
      upstreamRequest: { changedFields: { stream_options: '{"include_usage":true}' } },
    });
    expect(span.output.kind === "inline" ? JSON.parse(span.output.text) : null).toEqual({
      ...completion,
      choices: [{ index: 0, message: { role: "assistant", content: "Hello there." }, finish_reason: "stop" }],
    });
    expect(span.ttftMs).toBeGreaterThanOrEqual(0);
  });

  test("a client that asks for usage sees it, and every byte of the provider's", async ({ expect }) => {
    provider.behave(wholeStream);
    const response = await fetch(`${system.local.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${system.local.apiKey}` },
      body: JSON.stringify({ model: "gpt-4o", messages, stream: true, stream_options: { include_usage: true } }),
    });
    const events = streamEvents.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
    expect(await response.text()).toBe(`${events}: x-evalforge-cost-usd 0.0007\n\ndata: [DONE]\n\n`);
  });

  test("each event passes when it comes, not at the end", async ({ expect }) => {
    let finish = (): void => undefined;
    provider.behave((response) => {
      begin(response, streamEvents.slice(0, 2));
      finish = () => {
        for (const event of streamEvents.slice(2)) response.write(`data: ${JSON.stringify(event)}\n\n`);
        response.end("data: [DONE]\n\n");
      };
    });
    const stream = await openai.chat.completions.create({ model: "gpt-4o", messages, stream: true });
    let text = "";
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (text === "Hello ") finish();
    }
    expect(text).toBe("Hello there.");
  });

  test("an abort before the first byte ends the call at the latest when the provider begins", async ({ expect }) => {
    const before = provider.abandoned();
    const traceId = "3bf92f3577b34da6a3ce929d0e0e4737";
    const called = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    provider.behave(async (response) => {
      called.resolve();
      await gone.promise;
      begin(response, streamEvents.slice(0, 2));
    });
    const controller = new AbortController();
    const answer = openai.chat.completions.create(
      { model: "gpt-4o", messages, stream: true },
      { signal: controller.signal, headers: { "x-evalforge-trace-id": traceId } },
    );
    await Promise.all([
      expect(answer).rejects.toThrow(APIUserAbortError),
      called.promise.then(() => {
        controller.abort();
      }),
    ]);
    gone.resolve();
    await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
    expect(await spanOf(system, traceId)).toMatchObject({ status: "cancelled", httpStatus: 499, error: { code: "client_closed" } });
  });

  test("an abort in the middle lets a silent provider go", async ({ expect }) => {
    const before = provider.abandoned();
    provider.behave((response) => {
      begin(response, streamEvents.slice(0, 2));
    });
    const { data, response } = await openai.chat.completions.create({ model: "gpt-4o", messages, stream: true }).withResponse();
    for await (const chunk of data) if (chunk.choices[0]?.delta.content === "Hello ") break;
    await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
    expect(await spanOf(system, response.headers.get("x-evalforge-trace-id"))).toMatchObject({ status: "cancelled", httpStatus: 499 });
  });
});

describe("what the official client is refused", () => {
  const withKey = (apiKey: string) => new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey, maxRetries: 0 });

  test("a wrong key is its AuthenticationError", async ({ expect }) => {
    for (const key of ["nonsense", `ef_0123456789abcdef_${"x".repeat(43)}`, `${system.local.apiKey.slice(0, -1)}_`]) {
      await expect(withKey(key).chat.completions.create({ model: "gpt-4o", messages })).rejects.toThrow(AuthenticationError);
    }
  });

  test("no key is a 401 that says where to put it", async ({ expect }) => {
    const response = await fetch(`${system.local.url}/v1/chat/completions`, { method: "POST", body: "{}" });
    expect([response.status, await response.json()]).toEqual([
      401,
      {
        error: {
          message: "No API key was sent. Send it as `Authorization: Bearer ef_…`.",
          type: "authentication_error",
          param: null,
          code: "missing_api_key",
        },
      },
    ]);
  });

  test("a revoked key works nowhere after 5 seconds", async ({ expect }) => {
    provider.behave(json(200, completion));
    const { key, keyId } = await control(system, createKey, { body: { name: "short-lived" } });
    for (const url of Object.values(system.local.regions)) {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
      expect((await client.chat.completions.create({ model: "gpt-4o", messages })).id).toBe("chatcmpl-1");
    }
    await control(system, revokeKey, { params: { keyId } });
    const revokedAtMs = Date.now();
    for (const url of Object.values(system.local.regions)) {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
      await until("the key to be refused", 15_000, async () => {
        const refused = await client.chat.completions.create({ model: "gpt-4o", messages }).then(
          () => null,
          (error: unknown) => error,
        );
        return refused instanceof AuthenticationError && refused.code === "revoked_api_key" ? true : null;
      });
    }
    // Five seconds are promised; the rest is for a busy machine.
    expect(Date.now() - revokedAtMs).toBeLessThan(15_000);
  });

  test("an unknown bare model is its NotFoundError, with close names", async ({ expect }) => {
    const refused = await openai.chat.completions.create({ model: "gpt-4o-mni", messages }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotFoundError);
    expect(refused).toMatchObject({ code: "unknown_model", param: "model" });
    expect(String(refused)).toContain("Did you mean `gpt-4o-mini`");
  });

  test("a wrong field is its BadRequestError, which names the field", async ({ expect }) => {
    const wrong: OpenAI.ChatCompletionCreateParamsNonStreaming = JSON.parse('{"model":"gpt-4o","messages":"Hi"}');
    const refused = await openai.chat.completions.create(wrong).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BadRequestError);
    expect(refused).toMatchObject({ code: "invalid_field", param: "messages" });
  });

  test("the provider's own refusal is the client's own class of it", async ({ expect }) => {
    provider.behave(json(429, { error: { message: "slow down", type: "requests", param: null, code: "rate_limit_exceeded" } }));
    await expect(openai.chat.completions.create({ model: "gpt-4o", messages })).rejects.toThrow(RateLimitError);
  });

  test("bodies that are too large, not UTF-8 or not JSON are refused by the reason", async ({ expect }) => {
    const send = async (body: string | Uint8Array<ArrayBuffer>) => {
      const response = await fetch(`${system.local.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${system.local.apiKey}` },
        body,
      });
      return [response.status, await response.json()] as const;
    };
    expect(await send("{")).toMatchObject([400, { error: { code: "invalid_json" } }]);
    expect(await send(new Uint8Array([0x7b, 0xff, 0x7d]))).toMatchObject([
      400,
      { error: { code: "invalid_json", message: expect.stringContaining("UTF-8") } },
    ]);
    expect(await send(" ".repeat(32 * 1024 * 1024 + 1))).toMatchObject([
      413,
      { error: { code: "request_too_large", message: expect.stringContaining("32 MB") } },
    ]);
  });

  test("addresses and methods that are not there", async ({ expect }) => {
    const headers = { authorization: `Bearer ${system.local.apiKey}` };
    const nowhere = await fetch(`${system.local.url}/v1/nowhere`, { headers });
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
    const get = await fetch(`${system.local.url}/v1/chat/completions`, { headers });
    expect([get.status, await get.json()]).toMatchObject([405, { error: { code: "method_not_allowed" } }]);
  });
});

test("within two seconds a call is in the list of traces", async ({ expect }) => {
  provider.behave(json(200, completion));
  // The best of several: a busy machine may hold up any one of them.
  const shownAfterMs: number[] = [];
  while (shownAfterMs.length < 10 && !shownAfterMs.some((ms) => ms < 2_000)) {
    const { response } = await openai.chat.completions.create({ model: "gpt-4o", messages }).withResponse();
    const traceId = response.headers.get("x-evalforge-trace-id");
    const answeredAtMs = performance.now();
    await until("the call to be listed", 20_000, async () => {
      const { traces } = await control(system, listTraces);
      return traces.some((trace) => trace.traceId === traceId) ? true : null;
    });
    shownAfterMs.push(performance.now() - answeredAtMs);
  }
  expect(Math.min(...shownAfterMs)).toBeLessThan(2_000);
});

test("a stored credential and a price of the organisation's own hold for the next calls", async ({ expect }) => {
  provider.behave(json(200, { ...completion, model: "house-model" }));
  const call = async () =>
    await openai.chat.completions
      .create({ model: "house/house-model", messages })
      .withResponse()
      .catch((error: unknown) => error);
  expect(await call()).toMatchObject({ status: 404, code: "unknown_provider" });

  const { response } = await openai.chat.completions.create({ model: "gpt-4o", messages }).withResponse();
  const { organizationId } = await spanOf(system, response.headers.get("x-evalforge-trace-id"));
  const params = { organizationId, provider: "house" };
  await control(system, putCredential, { params, body: { apiKey: "sk-house", baseUrl: provider.baseUrl } });
  await until("the credential to be used", 10_000, async () => {
    await call();
    return lastRequest().headers.authorization === "Bearer sk-house" ? true : null;
  });
  expect(lastRequest().json).toEqual({ model: "house-model", messages });

  // $1 and $2 a million tokens; what is left out costs what it is a part of.
  const ratesNanoUsdPerThousand = { inputTokens: 1_000_000, outputTokens: 2_000_000 };
  const { priceVersion } = await control(system, putPriceOverride, { params, body: { model: "house-model", ratesNanoUsdPerThousand } });
  const span = await until("the price to be used", 10_000, async () => {
    const answer = await openai.chat.completions.create({ model: "house/house-model", messages }).withResponse();
    if (answer.response.headers.get("x-evalforge-cost-usd") === null) return null;
    expect(answer.response.headers.get("x-evalforge-cost-usd")).toBe("0.0002");
    return await spanOf(system, answer.response.headers.get("x-evalforge-trace-id"));
  });
  expect(span.cost).toEqual({
    source: "override",
    priceVersion,
    buckets: { ...exactUsage, inputTokens: 60_000, inputCachedTokens: 40_000, outputTokens: 60_000, reasoningTokens: 40_000 },
    totalNanoUsd: 200_000,
  });
  await control(system, deleteCredential, { params });
});

test("a body of nearly 32 MB passes whole, and its payload is kept beside the span", async ({ expect }) => {
  provider.behave(json(200, completion));
  const content = "é".repeat(15 * 1024 * 1024);
  const body = JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content }] });
  const response = await fetch(`${system.local.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${system.local.apiKey}` },
    body,
  });
  expect(response.status).toBe(200);
  expect(lastRequest().body === body).toBe(true);
  const span = await spanOf(system, response.headers.get("x-evalforge-trace-id"));
  expect(span.input).toMatchObject({ kind: "reference", mediaType: "application/json", bytes: Buffer.byteLength(body) });
  const sha256 = span.input.kind === "reference" ? span.input.sha256 : "";
  const payload = await control(system, getPayload, { params: { sha256 } });
  expect(payload.text === body).toBe(true);
});

test("without a credential the simulator answers, and every span of it says so", async ({ expect }) => {
  const { data, response } = await openai.chat.completions.create({ model: "mistral-small-latest", messages }).withResponse();
  expect(data.choices[0]?.message.content).toEqual(expect.stringMatching(/./));
  expect(await spanOf(system, response.headers.get("x-evalforge-trace-id"))).toMatchObject({
    provider: "mistral",
    simulated: true,
    status: "ok",
  });
});

test("under `durable` the record is stored before the last byte", async ({ expect }) => {
  provider.behave(wholeStream);
  const { key } = await control(system, createKey, { body: { name: "durable", record: "durable" } });
  const client = new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey: key, maxRetries: 0 });
  const { data, response } = await client.chat.completions.create({ model: "gpt-4o", messages, stream: true }).withResponse();
  for await (const _ of data);
  // Everything dies at the very moment in which the client has its answer.
  await system.end("SIGKILL");
  system = await system.restart();
  expect(await spanOf(system, response.headers.get("x-evalforge-trace-id"))).toMatchObject({ status: "ok", usage: exactUsage });
});
