import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, describe, test } from "vitest";
import { sendRaw } from "./harness/calls.ts";
import { spanOf } from "./harness/control-api.ts";
import { beginThen, streamFaults } from "./harness/faults.ts";
import { begin, startProvider, streamEvents, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
  system = await startSystem({
    OPENAI_BASE_URL: provider.baseUrl,
    OPENAI_API_KEY: "sk-provider",
    PERPLEXITY_BASE_URL: provider.baseUrl,
    REFUSED_BASE_URL: "http://127.0.0.1:1/v1",
  });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

async function call(fields: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${system.local.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${system.local.apiKey}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }], ...fields }),
  });
  return {
    status: response.status,
    text: await response.text(),
    traceId: response.headers.get("x-evalforge-trace-id"),
    headers: response.headers,
  };
}

describe("a provider that fails before its answer", () => {
  test("refused: 502 in OpenAI's shape, and the span says so", async ({ expect }) => {
    const { status, text, traceId } = await call({ model: "refused/model" });
    const error = { message: "The provider could not be reached.", type: "upstream_error", param: null, code: "upstream_unreachable" };
    expect([status, JSON.parse(text)]).toEqual([502, { error }]);
    expect(await spanOf(system, traceId)).toMatchObject({
      status: "error",
      httpStatus: 502,
      error: { code: "upstream_unreachable", message: error.message, upstreamStatus: null },
      usage: null,
      cost: null,
    });
  });

  test("reset before headers: 502", async ({ expect }) => {
    provider.behave((response) => {
      response.socket?.resetAndDestroy();
    });
    const { status, text } = await call({});
    expect([status, JSON.parse(text)]).toMatchObject([502, { error: { code: "upstream_unreachable" } }]);
  });

  test.for([
    ["first token", "x-evalforge-first-token-timeout-ms", "The provider did not begin its answer in time."],
    ["total", "x-evalforge-total-timeout-ms", "The provider's answer took longer than a call may."],
  ] as const)("silent past the %s timer: 504, and the call is let go", async ([, header, message], { expect }) => {
    const before = provider.abandoned();
    provider.behave(() => undefined);
    const { status, text, traceId } = await call({}, { [header]: "300" });
    expect([status, JSON.parse(text)]).toMatchObject([504, { error: { code: "upstream_timeout", message } }]);
    await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
    expect(await spanOf(system, traceId)).toMatchObject({ status: "error", httpStatus: 504, error: { code: "upstream_timeout" } });
  });

  test("its own error passes with its status, its words and its retry-after", async ({ expect }) => {
    provider.behave((response) => {
      response.writeHead(429, { "content-type": "application/json", "retry-after": "7", "x-ratelimit-remaining-requests": "0" });
      response.end('{"error":{"message":"slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}');
    });
    const { status, text, traceId, headers } = await call({});
    expect([status, JSON.parse(text)]).toEqual([
      429,
      { error: { message: "slow down", type: "requests", param: null, code: "rate_limit_exceeded" } },
    ]);
    expect([headers.get("retry-after"), headers.get("x-ratelimit-remaining-requests")]).toEqual(["7", "0"]);
    expect(await spanOf(system, traceId)).toMatchObject({
      status: "error",
      httpStatus: 429,
      error: { code: "upstream_error", message: "slow down", upstreamStatus: 429 },
    });
  });

  test.for([
    ["an error page", 503, "text/html", "<html>nginx internals</html>", 503, "upstream_error"],
    ["a success that is HTML", 200, "text/html", "<html>login</html>", 502, "upstream_invalid_response"],
    ["half of its JSON", 200, "application/json", '{"choices":[', 502, "upstream_invalid_response"],
    ["bytes that are not UTF-8", 200, "application/json", Buffer.from([0x7b, 0xff, 0x7d]), 502, "upstream_invalid_response"],
    ["a redirect", 302, "text/plain", "", 502, "upstream_invalid_response"],
    ["an answer to something else", 200, "application/json", '{"data":[]}', 502, "upstream_invalid_response"],
    ["a refusal of the gateway's own credential", 401, "application/json", '{"error":{"message":"bad key"}}', 502, "upstream_error"],
    ["an error within a success", 200, "application/json", '{"error":{"message":"no credit"}}', 502, "upstream_error"],
  ] as const)("%s is never passed on", async ([, sentStatus, type, body, status, code], { expect }) => {
    provider.behave((response) => {
      response.writeHead(sentStatus, { "content-type": type, location: "http://127.0.0.1:1/" }).end(body);
    });
    const answer = await call({});
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([status, { error: { code } }]);
    expect(answer.text).not.toContain("html");
    expect(await spanOf(system, answer.traceId)).toMatchObject({ status: "error", error: { code, upstreamStatus: sentStatus } });
  });

  test("a stream whose first event is an error is an error by status", async ({ expect }) => {
    provider.behave((response) => {
      begin(response, [{ error: { message: "overloaded", type: "server_error" } }]);
      response.end();
    });
    const { status, text } = await call({ stream: true });
    expect([status, JSON.parse(text)]).toMatchObject([502, { error: { code: "upstream_error", message: "overloaded" } }]);
  });
});

describe("a stream that is not whole never ends as if it were", () => {
  test.for(streamFaults)("one that $name", async ({ act, code }, { expect }) => {
    provider.behave((response) => {
      beginThen(response, "chat", (begun) => {
        act(begun, "chat");
      });
    });
    const { status, text, traceId } = await call({ stream: true }, { "x-evalforge-idle-timeout-ms": "500" });
    expect(status).toBe(200);
    expect(text).toContain("Hello ");
    expect(text).not.toContain("[DONE]");
    expect(JSON.parse(text.split("data: ").at(-1) ?? "")).toMatchObject({ error: { code } });
    expect(await spanOf(system, traceId)).toMatchObject({
      status: "error",
      streamed: true,
      error: { code },
      modelServed: "gpt-4o-2024-08-06",
    });
  });

  test.for([
    ["its end mark lacks the blank line", "gpt-4o", "data: [DONE]\n", "ok"],
    ["its provider marks no end", "perplexity/sonar", "", "ok"],
    ["another provider marks no end", "gpt-4o", "", "error"],
  ] as const)("one where %s (%s)", async ([, model, ending, status], { expect }) => {
    provider.behave((response) => {
      begin(response, streamEvents);
      response.end(ending);
    });
    const { text, traceId } = await call({ stream: true, model });
    expect(text.endsWith("data: [DONE]\n\n")).toBe(status === "ok");
    expect(await spanOf(system, traceId)).toMatchObject({ status });
  });

  test("one that is whole leaves its connection to the next call", async ({ expect }) => {
    let ended = 0;
    provider.behave((response) => {
      begin(response, streamEvents);
      response.write("data: [DONE]\n\n");
      response.on("finish", () => (ended += 1));
      setTimeout(() => response.end(), 50);
    });
    const before = provider.connections();
    for (let count = 1; count <= 5; count += 1) {
      expect((await call({ stream: true })).text).toContain("data: [DONE]");
      await until("the provider's end", 10_000, () => (ended === count ? true : null));
    }
    expect(provider.connections() - before).toBeLessThanOrEqual(2);
  });

  test("the official client throws on it", async ({ expect }) => {
    provider.behave((response) => {
      begin(response, streamEvents.slice(0, 2));
      response.end();
    });
    const openai = new OpenAI({ baseURL: `${system.local.url}/v1`, apiKey: system.local.apiKey, maxRetries: 0 });
    const stream = await openai.chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }], stream: true });
    await expect(async () => {
      for await (const _ of stream);
    }).rejects.toThrow(APIError);
  });
});

/** A call over a bare socket, of chat completions. */
function sendChat(fields: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) {
  return sendRaw(system, { api: "chat", key: system.local.apiKey, fields: { model: "gpt-4o", ...fields }, headers });
}

describe("a client that goes away", () => {
  test("in the middle of a stream: the provider is let go, and the span is cancelled", async ({ expect }) => {
    const before = provider.abandoned();
    provider.behave((response) => {
      begin(response, streamEvents.slice(0, 2));
    });
    const { socket, received } = sendChat({ stream: true });
    await until("the first words", 10_000, () => (received().includes("Hello ") ? true : null));
    socket.destroy();
    await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
    const traceId = /x-evalforge-trace-id: (\w+)/i.exec(received())?.[1] ?? "";
    expect(await spanOf(system, traceId)).toMatchObject({ status: "cancelled", httpStatus: 499, error: { code: "client_closed" } });
  });

  test("in all but name, taking nothing: the call ends with its timers, as cancelled", async ({ expect }) => {
    const traceId = "1bf7651916cd43dd8448eb211c80319c";
    provider.behave((response) => {
      begin(response, streamEvents.slice(0, 2));
      // More than the sockets on the way hold.
      const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "x".repeat(100_000) } }] })}\n\n`;
      for (let count = 0; count < 300; count += 1) response.write(event);
    });
    const { socket, received } = sendChat({ stream: true }, { "x-evalforge-trace-id": traceId, "x-evalforge-total-timeout-ms": "2000" });
    socket.pause();
    expect(await spanOf(system, traceId)).toMatchObject({
      status: "cancelled",
      error: { code: "client_closed", message: "The client took nothing of the answer until the call's time was up." },
    });
    socket.resume();
    await until("the connection to end", 30_000, () => (socket.destroyed ? true : null));
    expect(received()).toContain("Hello ");
    expect(received()).not.toContain("[DONE]");
  });

  test("before the answer: the provider is let go, and the span is cancelled", async ({ expect }) => {
    const before = provider.abandoned();
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    provider.behave(() => undefined);
    const sent = provider.requests.length;
    const { socket } = sendChat({}, { "x-evalforge-trace-id": traceId });
    await until("the provider to be called", 10_000, () => (provider.requests.length > sent ? true : null));
    // workerd on its own hears of a reset, not of a mere end, while it has nothing to write; Cloudflare's edge hears of both.
    socket.resetAndDestroy();
    await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
    expect(await spanOf(system, traceId)).toMatchObject({ status: "cancelled", error: { code: "client_closed" } });
  });
});
