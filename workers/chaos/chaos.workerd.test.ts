import { afterAll, beforeAll, describe, inject, test, vi } from "vitest";
import * as z from "zod";
import { organizationIdSchema, projectIdSchema, type ProjectId } from "#core/contracts/id.ts";
import type { Span } from "#core/contracts/span.ts";
import { traffic } from "#local/demo/traffic.ts";
import { ask, routeClickhouse } from "./clickhouse.fixture.ts";
import { World } from "./world.fixture.ts";

const runs = 30;
const spansOfRun = 50;
/** Beyond all shards that other tests use. */
const firstShard = 1_000;
const cleanShard = firstShard + runs;

const serverUrl = inject("clickhouseUrl");
const seeds = Array.from({ length: runs }, (_, index) => `chaos ${index + 1}`);

function projectOf(run: number): ProjectId {
  return projectIdSchema.parse(`0193c5a0-0000-7000-8000-${String(run + 1).padStart(12, "0")}`);
}

/** Calls and events of half an hour: with large payloads, errors, and calls that nobody knows the price of. */
function spansOf(run: number): Span[] {
  const toMs = Math.floor(Date.now() / 1_000) * 1_000;
  const project = {
    organizationId: organizationIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
    projectId: projectOf(run),
    homeRegion: "us-east",
  } as const;
  return [...traffic({ seed: seeds[run] ?? "", project, fromMs: toMs - 30 * 60_000, toMs, count: spansOfRun * 2 })].slice(0, spansOfRun);
}

function urlOf(host: string, database: string): string {
  const { username, password } = new URL(serverUrl);
  return `http://${username}:${password}@${host}/${database}`;
}

const worlds = seeds.map((seed, run) => new World(seed, firstShard + run, urlOf(`run-${run}.test`, "chaos"), true));
const clean = new World("clean", cleanShard, urlOf("clean.test", "clean"), false);
const spans = seeds.map((_, run) => spansOf(run));

/** Everything that is counted of a project's spans, by model and outcome, and a sum over all that they say. */
async function metricsOf(database: string, run: number): Promise<unknown[]> {
  const query = `
    SELECT model_served, status, toString(count()) AS spans, toString(uniqExact(trace_id)) AS traces,
      toString(sum(input_tokens)) AS input, toString(sum(input_cached_tokens)) AS cached, toString(sum(output_tokens)) AS output,
      toString(sum(reasoning_tokens)) AS reasoning, toString(sum(cost_nano_usd)) AS cost, toString(count(cost_nano_usd)) AS priced,
      toString(sum(toDecimal128(upstream_ms, 3))) AS waited, toString(quantileExact(0.95)(ended_at - started_at)) AS p95,
      toString(sum(cityHash64(trace_id, span_id, parent_span_id, name, started_at, ended_at, input_text, output_text, input_sha256,
        output_sha256, usage_raw, parameters, user_id, session_id, error_message))) AS content
    FROM spans FINAL WHERE project_id = '${projectOf(run)}' GROUP BY model_served, status ORDER BY model_served, status`;
  return await ask(serverUrl, database, query, z.record(z.string(), z.string().nullable()));
}

beforeAll(async () => {
  // Each fault is logged; there are thousands.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  routeClickhouse(
    serverUrl,
    new Map([
      ...worlds.map((world, run) => [`run-${run}.test`, world.clickhouseWay] as const),
      ["clean.test", clean.clickhouseWay] as const,
    ]),
  );
  // What was inserted twice would be merged away before it is counted.
  await ask(serverUrl, "chaos", "SYSTEM STOP MERGES spans", z.never());
  await clean.live(spans.flat());
}, 60_000);
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.concurrent(
  "what was acknowledged is stored, each once, and all figures are a clean run's to the last digit",
  { timeout: 120_000 },
  () => {
    for (const [run, world] of worlds.entries()) {
      test(`through kills, cuts, delays and duplicates at every hop: seed "${seeds[run]}"`, async ({ expect }) => {
        const sent = spans[run] ?? [];
        await world.live(sent);
        expect(sent).toHaveLength(spansOfRun);
        expect(await metricsOf("chaos", run)).toEqual(await metricsOf("clean", run));
        const idOf = z.object({ id: z.string() });
        const stored = await ask(
          serverUrl,
          "chaos",
          `SELECT concat(trace_id, span_id) AS id FROM spans FINAL WHERE project_id = '${projectOf(run)}'`,
          idOf,
        );
        expect(stored.map(({ id }) => id).toSorted()).toEqual(sent.map(({ traceId, spanId }) => traceId + spanId).toSorted());
        // Even before ClickHouse has merged equal rows, no object was inserted twice: each insert is a part of its own.
        const doubled = `SELECT concat(batch_object, trace_id, span_id) AS id FROM spans WHERE project_id = '${projectOf(run)}' GROUP BY id HAVING uniqExact(_part) > 1`;
        expect(await ask(serverUrl, "chaos", doubled, idOf)).toEqual([]);
        expect([world.faults > 5, world.kills > 0]).toEqual([true, true]);
      });
    }
  },
);
