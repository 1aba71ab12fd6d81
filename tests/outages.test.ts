import { afterAll, beforeAll, describe, test } from "vitest";
import { createKey } from "#core/contracts/api/keys.ts";
import { control, spanOf } from "./harness/control-api.ts";
import { pidOf, whileStopped } from "./harness/processes.ts";
import { findProgram } from "./harness/programs.ts";
import { completion, json, startProvider, wholeStream, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

/** What a key is remembered for without being looked up anew, and a little more. */
const keysAreFreshForMs = 5_500;
const everyRegion = (store: string) => ["us-east", "us-west", "eu-west"].map((region) => `${store} ${region}`);

let provider: Provider;
let system: RunningSystem;

beforeAll(async () => {
  provider = await startProvider();
  provider.behave((response, request) => (request.body.includes('"stream":true') ? wholeStream : json(200, completion))(response, request));
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-provider" });
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

async function call(fields: object = {}, apiKey = system.local.apiKey) {
  const response = await fetch(`${system.local.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }], ...fields }),
  });
  return { status: response.status, text: await response.text(), traceId: response.headers.get("x-evalforge-trace-id") };
}

/** `[status, what is down]` of a Worker's `/ready`, and the status of its `/health`. */
async function healthOf(url: string) {
  const [health, ready] = await Promise.all([fetch(`${url}/health`), fetch(`${url}/ready`)]);
  await health.text();
  const body: unknown = await ready.json();
  return { health: health.status, ready: ready.status, body };
}

const allReady = { health: 200, ready: 200, body: { status: "ready", down: [] } };

describe("ClickHouse down", () => {
  test("calls are served, their spans wait, and they are stored when it is back", async ({ expect }) => {
    const before = await pidOf(system, "ClickHouse");
    const [plain, stream] = await whileStopped(system, ["ClickHouse"], async () => {
      const answers = [await call(), await call({ stream: true })] as const;
      expect(await healthOf(system.local.apiUrl)).toMatchObject({
        health: 200,
        ready: 503,
        body: { status: "degraded", down: everyRegion("clickhouse") },
      });
      expect(await healthOf(system.local.url)).toMatchObject(allReady);
      return answers;
    });
    expect([plain.status, JSON.parse(plain.text)]).toEqual([200, completion]);
    expect([stream.status, stream.text.trimEnd().endsWith("data: [DONE]")]).toEqual([200, true]);
    await until("the app to be ready again", 20_000, async () => ((await healthOf(system.local.apiUrl)).ready === 200 ? true : null));
    expect(await spanOf(system, plain.traceId)).toMatchObject({ status: "ok", streamed: false });
    expect(await spanOf(system, stream.traceId)).toMatchObject({ status: "ok", streamed: true });
    expect(await pidOf(system, "ClickHouse")).toBe(before);
  });

  test("the API says that a store is away", async ({ expect }) => {
    const { apiUrl, projectId, adminKey } = system.local;
    const [status, body] = await whileStopped(system, ["ClickHouse"], async () => {
      const response = await fetch(`${apiUrl}/api/projects/${projectId}/traces`, { headers: { authorization: `Bearer ${adminKey}` } });
      const answer: unknown = await response.json();
      return [response.status, answer] as const;
    });
    expect([status, body]).toMatchObject([503, { error: { code: "dependency_unavailable" } }]);
  });
});

describe("PostgreSQL down", () => {
  test("known keys go on, also past the time for which they are remembered; one that nobody knows yet is told to try again", async ({
    expect,
  }) => {
    const { key: unused } = await control(system, createKey, { body: { name: "unused" } });
    expect((await call()).status).toBe(200);
    await whileStopped(system, ["PostgreSQL"], async () => {
      const endAtMs = Date.now() + keysAreFreshForMs;
      const statuses = new Set<number>();
      await until("the key's time to pass", 60_000, async () => {
        statuses.add((await call()).status);
        return Date.now() > endAtMs ? true : null;
      });
      expect([...statuses]).toEqual([200]);
      const unknown = await call({}, unused);
      expect([unknown.status, JSON.parse(unknown.text)]).toMatchObject([503, { error: { code: "dependency_unavailable" } }]);
      for (const url of [system.local.url, system.local.apiUrl]) {
        expect(await healthOf(url)).toMatchObject({ health: 200, ready: 503, body: { status: "degraded", down: ["postgres"] } });
      }
    });
    const late = await until("the new key to be served", 20_000, async () => {
      const answer = await call({}, unused);
      return answer.status === 200 ? answer : null;
    });
    expect(await spanOf(system, late.traceId)).toMatchObject({ status: "ok" });
  });
});

const redisIsOwn = findProgram("redis-server") !== null && (process.env["REDIS_URL"] ?? "") === "";
describe.skipIf(!redisIsOwn)(`Redis down${redisIsOwn ? "" : " (skipped: it has no process here that could be stopped)"}`, () => {
  test("calls are served, new keys too, and /ready names it", async ({ expect }) => {
    const { key } = await control(system, createKey, { body: { name: "new" } });
    await whileStopped(system, ["Redis"], async () => {
      expect((await call()).status).toBe(200);
      expect((await call({}, key)).status).toBe(200);
      for (const url of [system.local.url, system.local.apiUrl]) {
        expect(await healthOf(url)).toMatchObject({ health: 200, ready: 200, body: { status: "degraded", down: everyRegion("redis") } });
      }
    });
    await until("everything to be up again", 20_000, async () => {
      expect(await healthOf(system.local.url)).toMatchObject(allReady);
      return true;
    });
  });

  test("and PostgreSQL too: known keys still go on", async ({ expect }) => {
    expect((await call()).status).toBe(200);
    const answers = await whileStopped(system, ["Redis", "PostgreSQL"], async () => {
      const endAtMs = Date.now() + keysAreFreshForMs;
      const statuses = new Set<number>();
      await until("the key's time to pass", 60_000, async () => {
        statuses.add((await call()).status);
        return Date.now() > endAtMs ? true : null;
      });
      return [...statuses];
    });
    expect(answers).toEqual([200]);
  });
});
