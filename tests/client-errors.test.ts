import { afterAll, beforeAll, describe, test } from "vitest";
import { spanOf, spansOf } from "./harness/control-api.ts";
import { json, type Behaviour } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { answerEvents } from "./harness/scripted-events.ts";
import { apiOf, greeting, scriptedModel, type UpstreamApi } from "./harness/scripted-model.ts";
import { startScriptedProvider, type ScriptedProvider } from "./harness/scripted-provider.ts";
import type { Connection } from "./harness/sdk-client.ts";
import { apis, makers, newCall, pairs } from "./harness/upstreams.ts";
import { until } from "./harness/until.ts";

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

const connect = (client: UpstreamApi, settings: Partial<Connection> = {}) =>
  makers[client]({ url: system.local.url, apiKey: system.local.apiKey, ...settings });

/** An error as each API's providers say it. */
const refusals = {
  chat: (message: string, type: string) => ({ error: { message, type, param: null, code: null } }),
  responses: (message: string, type: string) => ({ error: { message, type, param: null, code: null } }),
  messages: (message: string, type: string) => ({ type: "error", error: { type, message } }),
} as const satisfies Record<UpstreamApi, (message: string, type: string) => object>;

/** Begins a stream, and does not end it. */
const half: Behaviour = (response, { path }) => {
  const events = answerEvents(apiOf(path), { kind: "text", text: greeting });
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events.slice(0, Math.ceil(events.length / 2))) response.write(event);
};

/** What a call is refused with. */
const refusalOf = async (call: Promise<unknown>): Promise<unknown> =>
  await call.then(
    () => null,
    (error: unknown) => error,
  );

const ways = ["plain", "events", "gathered"] as const;

describe.for(apis)("what the gateway itself refuses the client of %s", (client) => {
  test.for(ways)("a wrong key is its AuthenticationError (%s)", async (way, { expect }) => {
    const { errors, [way]: call } = connect(client, { apiKey: `ef_0123456789abcdef_${"x".repeat(43)}` });
    const refused = await refusalOf(call(newCall("chat").asking));
    expect(refused).toBeInstanceOf(errors.AuthenticationError);
    expect(String(refused)).toContain("This API key is not known.");
  });

  test("an unknown model is its NotFoundError, with close names, and a trace", async ({ expect }) => {
    const { asking, traceId } = newCall("chat");
    const { errors, plain } = connect(client);
    const refused = await refusalOf(plain({ ...asking, model: "gpt-4o-mni" }));
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
  responses: { name: "truncation", value: "auto" },
  messages: { name: "top_k", value: 5 },
} as const satisfies Record<UpstreamApi, object>;

test.for(pairs.filter(([client, upstream]) => client !== upstream))(
  "what the client of %s says and %s cannot is its BadRequestError, which names the field, and nothing is sent",
  async ([client, upstream], { expect }) => {
    const { name, value } = ownFields[client];
    const { asking, traceId } = newCall(upstream);
    const { errors, ...calls } = connect(client);
    for (const way of ways) {
      const refused = await refusalOf(calls[way]({ ...asking, fields: { [name]: value } }));
      expect(refused).toBeInstanceOf(errors.BadRequestError);
      expect(String(refused)).toContain(`\`${name}\``);
    }
    expect(provider.requestsOf(traceId)).toEqual([]);
    const spans = await spansOf(system, traceId, { count: ways.length });
    expect(spans.map(({ status, httpStatus, error }) => [status, httpStatus, error?.code])).toEqual(
      ways.map(() => ["error", 400, "unsupported_field"]),
    );
    const headers = { ...asking.headers, "x-evalforge-unsupported": "drop" };
    expect(await calls.plain({ ...asking, headers, fields: { [name]: value } })).toMatchObject({ text: greeting });
    const [sent, ...more] = provider.requestsOf(traceId).map(({ body }) => body);
    expect(more).toEqual([]);
    expect(sent).not.toContain(name);
  },
);

describe.for(pairs)("the official client of %s, refused in %s", { concurrent: true }, ([client, upstream]) => {
  test.for([
    [400, "invalid_request_error", "BadRequestError"],
    [404, "not_found_error", "NotFoundError"],
    [429, "rate_limit_error", "RateLimitError"],
    [500, "api_error", "InternalServerError"],
  ] as const)("a %d of the provider is its own class of it, with the provider's words", async ([status, type, name], { expect }) => {
    const { errors, ...calls } = connect(client);
    const { asking, traceId } = newCall(upstream);
    provider.script(traceId, json(status, refusals[upstream](`words of a ${status}`, type)));
    for (const refused of await Promise.all(ways.map(async (way) => await refusalOf(calls[way](asking))))) {
      expect(refused).toBeInstanceOf(errors[name]);
      expect(String(refused)).toContain(`words of a ${status}`);
    }
    const spans = await spansOf(system, traceId, { count: ways.length });
    expect(spans.map(({ api, httpStatus, error }) => ({ api, httpStatus, error }))).toEqual(
      ways.map(() => ({
        api: client,
        httpStatus: status,
        error: { code: "upstream_error", message: `words of a ${status}`, upstreamStatus: status },
      })),
    );
  });

  test("a rate limit is tried again by the client when the provider said, and succeeds", async ({ expect }) => {
    const { asking, traceId } = newCall(upstream);
    const atMs: number[] = [];
    const timed =
      (behaviour: Behaviour): Behaviour =>
      (response, request) => {
        atMs.push(performance.now());
        return behaviour(response, request);
      };
    const limited = json(429, refusals[upstream]("slow down", "rate_limit_error"), { "retry-after": "2" });
    provider.script(traceId, timed(limited), timed(scriptedModel));
    expect(await connect(client, { maxRetries: 2 }).plain(asking)).toMatchObject({ text: greeting });
    const [first = 0, second = 0, ...more] = atMs;
    expect(more).toEqual([]);
    // Untold, both clients wait half a second at most.
    expect(second - first).toBeGreaterThan(1_900);
    const spans = await spansOf(system, traceId, { count: 2 });
    expect(spans.map((span) => [span.status, span.httpStatus])).toEqual([
      ["error", 429],
      ["ok", 200],
    ]);
  });

  test("a failure is tried again as often as the client says, and no more", async ({ expect }) => {
    const failing = json(500, refusals[upstream]("died", "api_error"), { "retry-after-ms": "1" });
    const { errors, events } = connect(client, { maxRetries: 1 });
    const passing = newCall(upstream);
    provider.script(passing.traceId, failing, scriptedModel);
    expect(await events(passing.asking)).toMatchObject({ text: greeting });
    expect(provider.requestsOf(passing.traceId)).toHaveLength(2);
    const lasting = newCall(upstream);
    provider.script(lasting.traceId, failing);
    expect(await refusalOf(events(lasting.asking))).toBeInstanceOf(errors.InternalServerError);
    expect(provider.requestsOf(lasting.traceId)).toHaveLength(2);
  });

  test.for(["events", "gathered"] as const)("a stream cut in the middle throws (%s), and is an error's trace", async (way, { expect }) => {
    const { errors, [way]: call } = connect(client);
    const { asking, traceId } = newCall(upstream);
    provider.script(traceId, async (response, request) => {
      await half(response, request);
      response.end();
    });
    expect(await refusalOf(call(asking))).toBeInstanceOf(errors.APIError);
    expect(await spanOf(system, traceId)).toMatchObject({
      status: "error",
      api: client,
      streamed: true,
      error: { code: "upstream_cut", upstreamStatus: 200 },
    });
  });

  test.for(["events", "gathered"] as const)("an abort in the middle (%s) lets the provider go", async (way, { expect }) => {
    const controller = new AbortController();
    const begun = Promise.withResolvers<void>();
    let isLetGo = false;
    const { asking, traceId } = newCall(upstream);
    provider.script(traceId, async (response, request) => {
      response.on("close", () => (isLetGo = !response.writableFinished));
      await half(response, request);
      begun.resolve();
    });
    const { errors, [way]: call } = connect(client);
    const refused = refusalOf(call({ ...asking, signal: controller.signal }));
    await begun.promise;
    controller.abort();
    // Iterated, a stream that was aborted may end without a word; gathered, it is never whole.
    if (way === "gathered") expect(await refused).toBeInstanceOf(errors.APIUserAbortError);
    await until("the provider to be let go", 30_000, () => (isLetGo ? true : null));
    expect(await spanOf(system, traceId)).toMatchObject({ status: "cancelled", httpStatus: 499, error: { code: "client_closed" } });
  });
});

test.for(apis)("the timeout of the client of %s is its APIConnectionTimeoutError", async (client, { expect }) => {
  const { asking, traceId } = newCall("chat");
  provider.script(traceId, () => undefined);
  const { errors, plain } = connect(client, { timeoutMs: 1_000 });
  expect(await refusalOf(plain(asking))).toBeInstanceOf(errors.APIConnectionTimeoutError);
});
