import { afterAll, beforeAll, test } from "vitest";
import { createApiKey } from "#core/contracts/api/api-keys.ts";
import { createKey, revokeKey } from "#core/contracts/api/keys.ts";
import { createProject, getProject } from "#core/contracts/api/projects.ts";
import { createRateLimit } from "#core/contracts/api/rate-limits.ts";
import { getTrace } from "#core/contracts/api/traces.ts";
import { control } from "./harness/control-api.ts";
import { begin, completion, gpt4oCostNanoUsd, json, startProvider, streamEvents, wholeStream, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-provider" });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

/** A project of a region with a key. */
async function newKey(homeRegion: "us-east" | "eu-west") {
  const { organizationId } = await control(system, getProject);
  const { projectId } = await control(system, createProject, { params: { organizationId }, body: { name: "Tried out", homeRegion } });
  const { keyId } = await control(system, createKey, { params: { projectId }, body: { name: "Playground" } });
  return { organizationId, projectId, keyId };
}

interface Asked {
  readonly projectId: string;
  readonly keyId: string;
  readonly key?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const messages = [{ role: "user", content: "hello" }];

async function ask({ projectId, keyId, key = system.local.adminKey, body = {}, headers = {}, signal }: Asked): Promise<Response> {
  return await fetch(`${system.local.apiUrl}/api/projects/${projectId}/keys/${keyId}/calls`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ model: "gpt-4o", messages, ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The span of a call. */
async function recorded(projectId: string, traceId: string) {
  return await until("the call on record", 30_000, async () => {
    const { spans } = await control(system, getTrace, { params: { projectId, traceId } }).catch(() => ({ spans: [] }));
    return spans[0] ?? null;
  });
}

test("a call of a key that is named is recorded and billed as the key's, in the project's own region", async ({ expect }) => {
  provider.behave(json(200, completion));
  const { projectId, keyId } = await newKey("eu-west");
  const response = await ask({ projectId, keyId, headers: { "x-evalforge-tags": "playground", "x-evalforge-user-id": "ada" } });
  expect([response.status, response.headers.get("x-evalforge-provider"), await response.json()]).toEqual([200, "openai", completion]);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  const span = await recorded(projectId, response.headers.get("x-evalforge-trace-id") ?? "");
  expect({ ...span, costNanoUsd: span.cost?.totalNanoUsd }).toMatchObject({
    projectId,
    keyId,
    homeRegion: "eu-west",
    servingRegion: "eu-west",
    tags: ["playground"],
    userId: "ada",
    modelRequested: "gpt-4o",
    costNanoUsd: gpt4oCostNanoUsd,
  });
});

test("a stream arrives event by event, and one that is stopped stops at its provider too", async ({ expect }) => {
  const { projectId, keyId } = await newKey("us-east");
  provider.behave(wholeStream);
  const whole = await ask({ projectId, keyId, body: { stream: true, stream_options: { include_usage: true } } });
  const text = await whole.text();
  expect([whole.headers.get("content-type"), text.endsWith("data: [DONE]\n\n")]).toEqual(["text/event-stream", true]);
  expect(text).toContain(": x-evalforge-cost-usd 0.0007");

  // It goes on only when it is told, and it is never told.
  provider.behave((response) => begin(response, streamEvents.slice(0, 2)));
  const stopped = new AbortController();
  const before = provider.abandoned();
  const response = await ask({ projectId, keyId, body: { stream: true }, signal: stopped.signal });
  const body: ReadableStream<Uint8Array<ArrayBuffer>> | null = response.body;
  const first = await body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toContain("chatcmpl-1");
  stopped.abort();
  await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
  const span = await recorded(projectId, response.headers.get("x-evalforge-trace-id") ?? "");
  expect([span.status, span.httpStatus]).toEqual(["cancelled", 499]);
});

test("a call that is stopped before its answer begins stops at its provider when that begins", async ({ expect }) => {
  const { projectId, keyId } = await newKey("us-east");
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  provider.behave(async (response) => {
    await told;
    begin(response, streamEvents.slice(0, 2));
  });
  const stopped = new AbortController();
  const asked = provider.requests.length;
  const before = provider.abandoned();
  const answer = ask({ projectId, keyId, body: { stream: true }, signal: stopped.signal }).catch((error: unknown) => error);
  await until("the call at the provider", 10_000, () => (provider.requests.length > asked ? true : null));
  stopped.abort();
  expect(await answer).toMatchObject({ name: "AbortError" });
  tell();
  await until("the provider to be let go", 30_000, () => (provider.abandoned() > before ? true : null));
});

test("what the gateway refuses is told as the gateway tells it", async ({ expect }) => {
  provider.behave(json(200, completion));
  const { organizationId, projectId, keyId } = await newKey("us-east");
  expect(await (await ask({ projectId, keyId, body: { model: "nobody/knows" } })).json()).toMatchObject({
    error: { code: "unknown_provider", param: "model" },
  });
  const subject = { kind: "key", id: keyId };
  await control(system, createRateLimit, {
    params: { organizationId },
    body: { name: "One a minute", subject, measure: "requests", limit: 1 },
  });
  const limited = await until("a call over the limit", 15_000, async () => {
    const response = await ask({ projectId, keyId });
    await response.clone().text();
    return response.status === 200 ? null : response;
  });
  expect([limited.status, Number(limited.headers.get("retry-after")) > 0]).toEqual([429, true]);
  expect(await limited.json()).toMatchObject({ error: { code: "rate_limit_exceeded" } });
  await control(system, revokeKey, { params: { projectId, keyId } });
  const refused = await ask({ projectId, keyId });
  expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: "revoked_api_key" } }]);
});

test("only who may change a project calls with its keys, and with no other project's", async ({ expect }) => {
  provider.behave(json(200, completion));
  const own = await newKey("us-east");
  const other = await newKey("us-east");
  const apiKeyOf = async (projectId: string, scopes: readonly string[]) =>
    (await control(system, createApiKey, { params: { projectId }, body: { name: "k", scopes } })).key;
  const reader = await apiKeyOf(own.projectId, ["read"]);
  const writer = await apiKeyOf(own.projectId, ["write"]);
  const before = provider.requests.length;
  const statuses = [
    await ask({ ...own, key: reader }),
    await ask({ ...other, key: writer }),
    await ask({ ...own, keyId: other.keyId, key: writer }),
    await ask({ ...own, headers: { "x-evalforge-trusted-key-id": other.keyId }, key: "nobody" }),
  ].map(({ status }) => status);
  expect([statuses, provider.requests.length]).toEqual([[403, 403, 404, 401], before]);
  // The name of another key in a header is not believed, here nor at the gateway's own address.
  const smuggled = await ask({ ...own, key: writer, headers: { "x-evalforge-trusted-key-id": other.keyId } });
  const traceId = smuggled.headers.get("x-evalforge-trace-id") ?? "";
  expect((await recorded(own.projectId, traceId)).keyId).toBe(own.keyId);
  const atEdge = await fetch(`${system.local.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-evalforge-trusted-key-id": own.keyId },
    body: JSON.stringify({ model: "gpt-4o", messages }),
  });
  expect(atEdge.status).toBe(401);
});
