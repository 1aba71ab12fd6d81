import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, test } from "vitest";
import { spanOf, spansOf } from "./harness/control-api.ts";
import { json, startProvider, type Behaviour, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { answerEvents } from "./harness/scripted-events.ts";
import { apiOf, greeting, scriptedModel, type UpstreamApi } from "./harness/scripted-model.ts";
import type { Connection } from "./harness/sdk-client.ts";
import { apis, makers, pairs, upstreams } from "./harness/upstreams.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
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

const connect = (client: UpstreamApi, settings: Partial<Connection> = {}) =>
  makers[client]({ url: system.local.url, apiKey: system.local.apiKey, ...settings });

/** A call of its own trace. */
function ask(upstream: UpstreamApi, signal?: AbortSignal) {
  const { model, headers } = upstreams[upstream];
  const traceId = randomBytes(16).toString("hex");
  const asking = { model, headers: { ...headers, "x-evalforge-trace-id": traceId }, ...(signal === undefined ? {} : { signal }) };
  return { traceId, asking };
}

/** An error as each API's providers say it. */
const refusals = {
  chat: (message: string, type: string) => ({ error: { message, type, param: null, code: null } }),
  responses: (message: string, type: string) => ({ error: { message, type, param: null, code: null } }),
  messages: (message: string, type: string) => ({ type: "error", error: { type, message } }),
} as const satisfies Record<UpstreamApi, (message: string, type: string) => object>;

/** Behaves in turn, and at last always as at the end; tells how many requests have come. */
function counted(behaviours: readonly Behaviour[]): () => number {
  const before = provider.requests.length;
  provider.behave((response, request) => {
    const index = provider.requests.length - before - 1;
    return (behaviours[index] ?? behaviours.at(-1) ?? scriptedModel)(response, request);
  });
  return () => provider.requests.length - before;
}

const ways = ["plain", "events", "gathered"] as const;

describe.for(apis)("what the gateway itself refuses the client of %s", (client) => {
  test.for(ways)("a wrong key is its AuthenticationError (%s)", async (way, { expect }) => {
    const { errors, [way]: call } = connect(client, { apiKey: `ef_0123456789abcdef_${"x".repeat(43)}` });
    const refused: unknown = await call(ask("chat").asking).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(errors.AuthenticationError);
    expect(String(refused)).toContain("This API key is not known.");
  });

  test("an unknown model is its NotFoundError, with close names, and a trace", async ({ expect }) => {
    const { asking, traceId } = ask("chat");
    const { errors, plain } = connect(client);
    const refused: unknown = await plain({ ...asking, model: "gpt-4o-mni" }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(errors.NotFoundError);
    expect(String(refused)).toContain("Did you mean `gpt-4o-mini`");
    expect(await spanOf(system, traceId)).toMatchObject({
      status: "error",
      api: client,
      httpStatus: 404,
      error: { code: "unknown_model", upstreamStatus: null },
      input: { kind: "inline" },
    });
  });
});

/** A field of each API that no other one has. */
const ownFields = {
  chat: { name: "frequency_penalty", value: 0.5 },
  responses: { name: "previous_response_id", value: "resp_1" },
  messages: { name: "top_k", value: 5 },
} as const satisfies Record<UpstreamApi, object>;

test.for(pairs.filter(([client, upstream]) => client !== upstream))(
  "what the client of %s says and %s cannot is its BadRequestError, which names the field, and nothing is sent",
  async ([client, upstream], { expect }) => {
    const { name, value } = ownFields[client];
    const { asking, traceId } = ask(upstream);
    const { errors, ...calls } = connect(client);
    const count = counted([scriptedModel]);
    for (const way of ways) {
      const refused: unknown = await calls[way]({ ...asking, fields: { [name]: value } }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(errors.BadRequestError);
      expect(String(refused)).toContain(`\`${name}\``);
    }
    expect(count()).toBe(0);
    const spans = await spansOf(system, traceId, { count: ways.length });
    expect(spans.map(({ status, httpStatus, error }) => [status, httpStatus, error?.code])).toEqual(
      ways.map(() => ["error", 400, "unsupported_field"]),
    );
    const headers = { ...asking.headers, "x-evalforge-unsupported": "drop" };
    expect(await calls.plain({ ...asking, headers, fields: { [name]: value } })).toMatchObject({ text: greeting });
    expect(provider.requests.at(-1)?.body).not.toContain(name);
  },
);

describe.for(pairs)("the official client of %s, refused in %s", ([client, upstream]) => {
  test.for([
    [400, "invalid_request_error", "BadRequestError"],
    [404, "not_found_error", "NotFoundError"],
    [429, "rate_limit_error", "RateLimitError"],
    [500, "api_error", "InternalServerError"],
  ] as const)("a %d of the provider is its own class of it, with the provider's words", async ([status, type, name], { expect }) => {
    const { errors, ...calls } = connect(client);
    provider.behave(json(status, refusals[upstream](`words of a ${status}`, type)));
    for (const way of ways) {
      const { asking, traceId } = ask(upstream);
      const refused: unknown = await calls[way](asking).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(errors[name]);
      expect(String(refused)).toContain(`words of a ${status}`);
      expect(await spanOf(system, traceId)).toMatchObject({
        status: "error",
        api: client,
        httpStatus: status,
        error: { code: "upstream_error", message: `words of a ${status}`, upstreamStatus: status },
      });
    }
  });

  test("a rate limit is tried again by the client when the provider said, and succeeds", async ({ expect }) => {
    const times: number[] = [];
    const limited: Behaviour = (response) => {
      const body = JSON.stringify(refusals[upstream]("slow down", "rate_limit_error"));
      times.push(performance.now());
      response.writeHead(429, { "content-type": "application/json", "retry-after": "1" }).end(body);
    };
    const count = counted([
      limited,
      async (response, request) => {
        times.push(performance.now());
        await scriptedModel(response, request);
      },
    ]);
    const { asking, traceId } = ask(upstream);
    expect(await connect(client, { maxRetries: 2 }).plain(asking)).toMatchObject({ text: greeting });
    expect(count()).toBe(2);
    // Unasked both clients would wait half a second at most.
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
    const spans = await spansOf(system, traceId, { count: 2 });
    expect(spans.map((span) => [span.status, span.httpStatus])).toEqual([
      ["error", 429],
      ["ok", 200],
    ]);
  });

  test("a failure is tried again as often as the client says, and no more", async ({ expect }) => {
    const failing = json(500, refusals[upstream]("died", "api_error"), { "retry-after-ms": "1" });
    const { errors, events } = connect(client, { maxRetries: 1 });
    const once = counted([failing, scriptedModel]);
    expect(await events(ask(upstream).asking)).toMatchObject({ text: greeting });
    expect(once()).toBe(2);
    const always = counted([failing]);
    await expect(events(ask(upstream).asking)).rejects.toThrow(errors.InternalServerError);
    expect(always()).toBe(2);
  });

  test.for(["events", "gathered"] as const)("a stream cut in the middle throws (%s), and is an error's trace", async (way, { expect }) => {
    const { errors, [way]: call } = connect(client);
    provider.behave((response, { path }) => {
      const events = answerEvents(apiOf(path), { kind: "text", text: greeting });
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of events.slice(0, Math.ceil(events.length / 2))) response.write(event);
      response.end();
    });
    const { asking, traceId } = ask(upstream);
    await expect(call(asking)).rejects.toThrow(errors.APIError);
    expect(await spanOf(system, traceId)).toMatchObject({
      status: "error",
      api: client,
      streamed: true,
      error: { code: "upstream_cut", upstreamStatus: 200 },
    });
  });

  test.for(["events", "gathered"] as const)("an abort in the middle (%s) lets the provider go", async (way, { expect }) => {
    const before = provider.abandoned();
    const controller = new AbortController();
    const begun = Promise.withResolvers<void>();
    provider.behave((response, { path }) => {
      const events = answerEvents(apiOf(path), { kind: "text", text: greeting });
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of events.slice(0, Math.ceil(events.length / 2))) response.write(event);
      begun.resolve();
    });
    const { asking, traceId } = ask(upstream, controller.signal);
    const { errors, [way]: call } = connect(client);
    const ended = call(asking).then(
      () => null,
      (error: unknown) => error,
    );
    await begun.promise;
    controller.abort();
    const error = await ended;
    // Iterating, both clients end a stream that was aborted without a word; what they gather is never whole.
    if (way === "gathered") expect(error).toBeInstanceOf(errors.APIUserAbortError);
    await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
    expect(await spanOf(system, traceId)).toMatchObject({ status: "cancelled", httpStatus: 499, error: { code: "client_closed" } });
  });
});

test.for(apis)("the timeout of the client of %s is its APIConnectionTimeoutError", async (client, { expect }) => {
  provider.behave(() => undefined);
  const { errors, plain } = connect(client, { timeoutMs: 500 });
  await expect(plain(ask("chat").asking)).rejects.toThrow(errors.APIConnectionTimeoutError);
});
