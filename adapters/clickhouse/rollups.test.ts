import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { findField } from "#core/analytics/fields.ts";
import { filterSchema } from "#core/analytics/filter.ts";
import { pointsOf } from "#core/analytics/interval.ts";
import { metricNames } from "#core/analytics/metrics.ts";
import { projectIdSchema, type ProjectId } from "#core/contracts/id.ts";
import type { Span } from "#core/contracts/span.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { applyClickhouse } from "#migrations/apply-clickhouse.ts";
import { startClickhouse } from "#migrations/clickhouse.fixture.ts";
import { clickhouseOf } from "./client.ts";
import { listFacets } from "./list-facets.ts";
import { queryMetrics, type CourseRequest } from "./query-metrics.ts";
import { recomputeAsOf, recomputeRollups } from "./recompute-rollups.ts";
import { spanColumnNames, toSpanRow } from "./span-row.ts";

const region = "us-east";
let server: Awaited<ReturnType<typeof startClickhouse>>;
let env: { CLICKHOUSE_URL_US_EAST: string };

beforeAll(async () => {
  server = await startClickhouse(["rollups", "earlier"]);
  env = { CLICKHOUSE_URL_US_EAST: server.url("rollups") };
  await applyClickhouse(region, env.CLICKHOUSE_URL_US_EAST);
});
afterAll(async () => {
  await server.stop();
});

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const firstMs = Date.UTC(2026, 9, 23);
/** Over the change of clocks in Europe on 25 October. */
const rangeMs = 4 * dayMs;

/** Writes spans as if they had come in at a moment of the store's clock. */
async function store(spans: readonly Span[], insertedAtMs: number): Promise<void> {
  await clickhouseOf(env, region).insert({
    table: "spans",
    columns: ["inserted_at", ...spanColumnNames],
    values: spans.map((span) => [
      new Date(insertedAtMs).toISOString().replace("T", " ").replace("Z", ""),
      ...toSpanRow({ ...span, batchObject: "raw/us-east/2026-10-23/0-1/1", receivedAtMs: insertedAtMs - 500 }),
    ]),
    format: "JSONCompactEachRow",
  });
}

const project = (digits: number): ProjectId => projectIdSchema.parse(`0193c5a0-0000-7000-8000-${String(digits).padStart(12, "0")}`);

const buckets = <Value>(value: fc.Arbitrary<Value>) =>
  fc.record({
    inputTokens: value,
    inputCachedTokens: value,
    cacheWriteTokens: value,
    cacheWriteHourTokens: value,
    inputAudioTokens: value,
    inputImageTokens: value,
    outputTokens: value,
    reasoningTokens: value,
    outputAudioTokens: value,
  });
const oneOf = <const Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const money = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

/** Few ids, so that spans are sent again with other facts. */
const spanOf = (projectId: ProjectId) =>
  fc
    .record({
      traceId: fc.integer({ min: 1, max: 40 }).map((digits) => String(digits).padStart(32, "0")),
      spanId: fc.integer({ min: 1, max: 60 }).map((digits) => String(digits).padStart(16, "0")),
      // The minute of the start is part of the key: few of them, so that equal keys are met.
      startedAtMs: fc
        .tuple(fc.integer({ min: 0, max: 95 }), oneOf(0, 7, 14))
        .map(([hour, minute]) => firstMs + hour * hourMs + minute * minuteMs),
      durationMs: oneOf(0, 0.001, 3, 250.5, 90_000, -5),
      kind: oneOf("generation", "embedding", "tool", "span"),
      status: oneOf("ok", "error", "cancelled"),
      provider: oneOf("openai", "anthropic"),
      modelServed: oneOf("gpt-5", "o'neill\\ {p1:String}", ""),
      userId: oneOf("", "ann", "bob", "cem"),
      sessionId: oneOf("", "s1", "s2"),
      environment: oneOf("", "production"),
      ingestProtocol: oneOf("gateway", "events"),
      simulated: fc.boolean(),
      tags: oneOf([], ["a"], ["a", "b"]),
      usage: maybe(buckets(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }))),
      cost: maybe(
        fc.record({ source: fc.constant("price-book"), priceVersion: fc.constant("book@1"), buckets: buckets(money), totalNanoUsd: money }),
      ),
      ttftMs: maybe(fc.double({ min: 0, max: 1e6, noNaN: true })),
      overheadMs: fc.double({ min: 0, max: 1e3, noNaN: true }),
    })
    .map(({ durationMs, ...span }) =>
      spanFixture({
        projectId,
        ...span,
        endedAtMs: span.startedAtMs + durationMs,
        error: span.status === "error" ? { code: "upstream_error", message: "m", upstreamStatus: null } : null,
        keyId: span.simulated ? "0123456789abcdef" : null,
      }),
    );

const conditions = [
  { field: "status", operator: "eq", value: "error" },
  { field: "kind", operator: "in", value: ["generation", "tool"] },
  { field: "modelServed", operator: "eq", value: "o'neill\\ {p1:String}" },
  { field: "simulated", operator: "eq", value: false },
  { field: "environment", operator: "exists", value: true },
  { field: "errorCode", operator: "startsWith", value: "upstream" },
  { field: "userId", operator: "neq", value: "ann" },
] as const;
const groupings = [[], ["modelServed"], ["status", "kind"], ["keyId"], ["userId"], ["tags", "provider"]] as const;

const question = fc.record({
  fromMs: fc.oneof(fc.constant(firstMs), fc.integer({ min: firstMs, max: firstMs + rangeMs - 1 })),
  lengthMs: oneOf(1, 20 * minuteMs, 5 * hourMs, 26 * hourMs, 3 * dayMs, rangeMs),
  interval: oneOf("none", "auto", "hour", "day"),
  timeZone: oneOf("UTC", "Europe/Berlin", "Asia/Kathmandu"),
  filter: fc.subarray([...conditions], { maxLength: 2 }).map((written) => filterSchema.parse(written)),
  groupBy: fc.constantFrom<readonly string[]>(...groupings).map((names) => names.flatMap((name) => findField(name) ?? [])),
  groupLimit: oneOf(1, 3, 50),
  metrics: fc.subarray(metricNames, { minLength: 1, maxLength: 20 }),
});

function requestOf(projectId: ProjectId, asked: typeof question extends fc.Arbitrary<infer Value> ? Value : never): CourseRequest {
  const range = { fromMs: asked.fromMs, toMs: asked.fromMs + asked.lengthMs };
  const previous = { fromMs: range.fromMs - asked.lengthMs, toMs: range.fromMs };
  const startsOf = (each: typeof range) => {
    const points = pointsOf(each, asked.interval, asked.timeZone);
    return points.kind === "points" ? points.startsAtS : [];
  };
  return {
    projectId,
    metrics: asked.metrics,
    groupBy: asked.groupBy,
    groupLimit: asked.groupLimit,
    filter: asked.filter,
    range: { ...range, startsAtS: startsOf(range) },
    previous: { ...previous, startsAtS: startsOf(previous) },
    readFrom: "rollups-and-spans",
  };
}

let projects = 100;
let clockMs = Date.UTC(2026, 10, 1);

describe("rollups", () => {
  test(
    "give the same answers as the spans, whatever came twice, late or between two recomputes",
    { timeout: 240_000 },
    async ({ expect }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              spans: fc.array(spanOf(project(1)), { minLength: 1, maxLength: 60 }),
              // An insert may show up so long after the moment that its rows carry.
              insertLastsMs: oneOf(0, 1_000, 119_000),
              waitMs: oneOf(0, 1_000, 119_000, 300_000),
              recomputes: oneOf(0, 1, 2),
              stopsAfter: oneOf(0, 2, 1_000),
            }),
            { minLength: 2, maxLength: 6 },
          ),
          fc.array(question, { minLength: 4, maxLength: 4 }),
          async (rounds, questions) => {
            const projectId = project((projects += 1));
            for (const { spans, insertLastsMs, waitMs, recomputes, stopsAfter } of rounds) {
              await store(
                spans.map((span) => ({ ...span, projectId })),
                clockMs - insertLastsMs,
              );
              clockMs += waitMs;
              let looks = 0;
              const run = { isOver: () => (looks += 1) > stopsAfter, random: Math.random };
              await Promise.all(
                Array.from({ length: recomputes }, async () => await recomputeAsOf(clickhouseOf(env, region), clockMs, run)),
              );
            }
            for (const asked of questions) {
              const request = requestOf(projectId, asked);
              const fromBoth = await queryMetrics(env, region, request);
              const fromSpans = await queryMetrics(env, region, { ...request, readFrom: "spans" });
              expect(fromSpans.kind).toBe("answered");
              expect(fromBoth).toEqual(fromSpans);
            }
          },
        ),
        { numRuns: 12, endOnFailure: true },
      );
    },
  );

  test("alone answer for what is whole in them; a bucket without any of its spans left is empty after the next recompute", async ({
    expect,
  }) => {
    const projectId = project(1);
    const client = clickhouseOf(env, region);
    const recompute = async () => await recomputeAsOf(client, clockMs, { isOver: () => false, random: Math.random });
    const spans = Array.from({ length: 30 }, (_, index) =>
      spanFixture({
        projectId,
        spanId: String(index + 1).padStart(16, "0"),
        startedAtMs: firstMs + index * hourMs,
        endedAtMs: firstMs + index * hourMs + 250,
      }),
    );
    await store(spans, clockMs);
    clockMs += 600_000;
    expect(await recompute()).toMatchObject({ isUnfinished: false });
    const request: CourseRequest = {
      projectId,
      metrics: ["requests", "latencyP95Ms", "costNanoUsd"],
      groupBy: [],
      groupLimit: 1,
      filter: [],
      range: { fromMs: firstMs, toMs: firstMs + rangeMs, startsAtS: [0, 1, 2, 3].map((day) => (firstMs + day * dayMs) / 1000) },
      previous: null,
      readFrom: "rollups-and-spans",
    };
    const answer = await queryMetrics(env, region, request);
    const p95 = 250.287;
    expect(answer).toEqual({
      kind: "answered",
      value: [
        {
          key: [],
          totals: { requests: 30, latencyP95Ms: expect.closeTo(p95, 1), costNanoUsd: "0" },
          series: {
            requests: [24, 6, 0, 0],
            latencyP95Ms: [expect.closeTo(p95, 1), expect.closeTo(p95, 1), null, null],
            costNanoUsd: ["0", "0", "0", "0"],
          },
          previous: null,
        },
      ],
    });
    await client.command({
      query: "ALTER TABLE spans DELETE WHERE project_id = {projectId:UUID} SETTINGS mutations_sync = 2",
      query_params: { projectId },
    });
    expect(await queryMetrics(env, region, request)).toEqual(answer);
    const fields = ["kind", "status", "userId"].flatMap((name) => findField(name) ?? []);
    expect(await listFacets(env, region, { projectId, fields, filter: [], range: request.range, limit: 5 })).toEqual({
      kind: "answered",
      value: [
        { field: "kind", values: [{ value: "generation", spans: 30 }], otherSpans: 0 },
        { field: "status", values: [{ value: "ok", spans: 30 }], otherSpans: 0 },
        { field: "userId", values: [], otherSpans: 0 },
      ],
    });
    await client.command({
      query: `INSERT INTO spans (project_id, started_at, trace_id, span_id, version, is_deleted, inserted_at)
        SELECT {projectId:UUID}, fromUnixTimestamp64Milli({fromMs:Int64} + number * 900000, 'UTC'), '1', '1', 1, 1, fromUnixTimestamp64Milli({clockMs:Int64}, 'UTC') FROM numbers(120)`,
      query_params: { projectId, fromMs: firstMs, clockMs },
    });
    clockMs += 600_000;
    await recompute();
    expect(await queryMetrics(env, region, request)).toMatchObject({ value: [{ totals: { requests: 0, latencyP95Ms: null } }] });
  });

  test("a bucket appears at once: all of its rows are one part", async ({ expect }) => {
    const projectId = project(2);
    const client = clickhouseOf(env, region);
    await client.command({ query: "SYSTEM STOP MERGES rollups" });
    const spans = Array.from({ length: 3_000 }, (_, index) =>
      spanFixture({
        projectId,
        spanId: String(index + 1).padStart(16, "0"),
        startedAtMs: firstMs + index * 20_000,
        modelServed: `m${index % 700}`,
      }),
    );
    await store(spans, clockMs);
    clockMs += 600_000;
    await recomputeAsOf(client, clockMs, { isOver: () => false, random: Math.random });
    const parts = await client.query({
      query:
        "SELECT toUInt32(max(parts)) AS parts FROM (SELECT uniqExact(_part) AS parts FROM rollups WHERE project_id = {projectId:UUID} GROUP BY level, bucket, version)",
      query_params: { projectId },
      format: "JSONEachRow",
    });
    expect(await parts.json()).toEqual([{ parts: 1 }]);
    await client.command({ query: "SYSTEM START MERGES rollups" });
  });

  test("hold spans that were stored before there were rollups", async ({ expect }) => {
    const source = path.resolve(import.meta.dirname, "../../migrations/clickhouse");
    const folder = await mkdtemp(path.join(tmpdir(), "evalforge-earlier-"));
    for (const name of await readdir(source)) if (name < "0008") await copyFile(path.join(source, name), path.join(folder, name));
    const url = server.url("earlier");
    expect((await applyClickhouse(region, url, folder)).kind).toBe("applied");
    const client = clickhouseOf({ CLICKHOUSE_URL_US_EAST: url }, region);
    const span = spanFixture({ startedAtMs: firstMs });
    const row = [0, ...toSpanRow({ ...span, batchObject: "raw/1", receivedAtMs: firstMs })];
    await client.insert({ table: "spans", columns: ["is_deleted", ...spanColumnNames], values: [row], format: "JSONCompactEachRow" });
    expect((await applyClickhouse(region, url)).kind).toBe("applied");
    const insertedAt = async () => {
      const result = await client.query({ query: "SELECT toUnixTimestamp64Micro(inserted_at) AS at FROM spans", format: "JSONEachRow" });
      return await result.text();
    };
    await expect.poll(async () => (await insertedAt()) === (await insertedAt()), { timeout: 10_000 }).toBe(true);
    expect(await recomputeAsOf(client, Date.now() + hourMs, { isOver: () => false, random: Math.random })).toEqual({
      buckets: 3,
      isUnfinished: false,
    });
    // By the store's own clock, the spans have only just come in.
    const run = { isOver: () => false, random: Math.random };
    expect(await recomputeRollups({ CLICKHOUSE_URL_US_EAST: url }, region, run)).toEqual({
      kind: "answered",
      value: { buckets: 0, isUnfinished: false },
    });
    await rm(folder, { recursive: true, force: true });
  });
});
