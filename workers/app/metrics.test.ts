import { afterAll, beforeAll, test, vi } from "vitest";
import { clickhouseOf } from "#adapters/clickhouse/client.ts";
import { insertSpans } from "#adapters/clickhouse/insert-spans.ts";
import { readRecentCalls } from "#adapters/clickhouse/recent-calls.ts";
import { newestReceivedAtMs } from "#adapters/clickhouse/newest-received.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { applyClickhouse } from "#migrations/apply-clickhouse.ts";
import { startClickhouse } from "#migrations/clickhouse.fixture.ts";
import { app } from "./http.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);

const nowMs = 1_795_000_600_000;
const region = "us-east";
let server: Awaited<ReturnType<typeof startClickhouse>>;
let env: { CLICKHOUSE_URL_US_EAST: string };

beforeAll(async () => {
  server = await startClickhouse(["metrics"]);
  env = { CLICKHOUSE_URL_US_EAST: server.url("metrics") };
  await applyClickhouse(region, env.CLICKHOUSE_URL_US_EAST);
});
afterAll(async () => {
  await server.stop();
});

let spans = 0;

/** A call that began so long ago, and lasted so long. */
function call(secondsAgo: number, latencyMs: number, changes: Readonly<Record<string, unknown>> = {}) {
  spans += 1;
  const startedAtMs = nowMs - secondsAgo * 1_000;
  const span = spanFixture({ spanId: spans.toString(16).padStart(16, "0"), startedAtMs, endedAtMs: startedAtMs + latencyMs, ...changes });
  return { ...span, batchObject: "raw/us-east/2026-11-24/0-1/1", receivedAtMs: nowMs - 7 };
}

const usage = {
  inputTokens: 10,
  inputCachedTokens: 1,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 5,
  reasoningTokens: 2,
  outputAudioTokens: 0,
};
const cost = { source: "override", priceVersion: "1", buckets: usage, totalNanoUsd: 1_000 };

test("recent calls are counted by provider and status, each once, and nothing that is no call or not recent", async ({ expect }) => {
  const limits = { nowMs, minutes: 5, limitMs: 10_000 };
  expect([await readRecentCalls(env, region, limits), await newestReceivedAtMs(env, region, limits)]).toEqual([[], null]);
  const rows = [
    call(10, 100, { usage, cost }),
    call(20, 300, { usage, cost }),
    call(30, 50, { status: "error" }),
    call(40, 70, { provider: "anthropic", kind: "embedding", usage }),
    call(299, 100, { provider: "anthropic" }),
    // Too old, an attempt, an event of somebody else's.
    call(301, 100),
    call(10, 100, { kind: "span" }),
    call(10, 100, { ingestProtocol: "events" }),
  ];
  for (const token of ["a", "b"]) expect(await insertSpans(env, region, token, rows)).toEqual({ kind: "inserted" });
  const none = { region, costNanoUsd: 0, tokens: 0 };
  const quantiles = (low: number, middle: number, high: number) => ({ "0.5": low, "0.95": middle, "0.99": high });
  expect(await readRecentCalls(env, region, limits)).toEqual([
    { ...none, provider: "anthropic", status: "ok", calls: 2, tokens: 18, latencyMs: quantiles(85, 98.5, 99.7) },
    { ...none, provider: "openai", status: "error", calls: 1, latencyMs: quantiles(50, 50, 50) },
    { ...none, provider: "openai", status: "ok", calls: 2, costNanoUsd: 2_000, tokens: 36, latencyMs: quantiles(200, 290, 298) },
  ]);
  expect(await newestReceivedAtMs(env, region, limits)).toBe(nowMs - 7);
});

test("providers beyond the twenty busiest share one label", async ({ expect }) => {
  const client = clickhouseOf(env, region);
  await client.command({ query: "TRUNCATE TABLE spans" });
  const rows = Array.from({ length: 25 }, (_, index) => call(10, 100, { provider: `p${String(index).padStart(2, "0")}` }));
  expect(await insertSpans(env, region, "c", rows)).toEqual({ kind: "inserted" });
  const read = await readRecentCalls(env, region, { nowMs, minutes: 5, limitMs: 10_000 });
  expect(read.map(({ provider, calls }) => [provider, calls])).toEqual([
    ["other", 5],
    ...Array.from({ length: 20 }, (_, index) => [`p${String(index).padStart(2, "0")}`, 1]),
  ]);
});

const secrets = { ADMIN_KEY: "ef_admin_secret", METRICS_TOKEN: "scraper" };
const ask = async (authorization: string | null, bindings: object = secrets) =>
  await app.request("/metrics", authorization === null ? {} : { headers: { authorization } }, bindings);

test("the metrics are told to nobody without METRICS_TOKEN or the admin key", async ({ expect }) => {
  for (const authorization of [null, "Bearer wrong", "Bearer ", "scraper"]) {
    const refused = await ask(authorization);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await refused.text()).not.toContain("evalforge_");
  }
  expect((await ask("Bearer undefined", { ADMIN_KEY: "" })).status).toBe(401);
});
