import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import type { StoredSpan, TraceSummary } from "#core/contracts/api/traces.ts";
import { projectIdSchema, traceIdSchema, type ProjectId, type TraceId } from "#core/contracts/id.ts";
import type { Span } from "#core/contracts/span.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { applyClickhouse } from "#migrations/apply-clickhouse.ts";
import { clickhouseOf } from "./client.ts";
import { startClickhouse } from "#migrations/clickhouse.fixture.ts";
import { getTrace } from "./get-trace.ts";
import { countStored, insertSpans } from "./insert-spans.ts";
import { listTraces } from "./list-traces.ts";
import { insertBlock } from "./insert-block.ts";
import { columnOf, type Column } from "./native/column.ts";
import { spanColumnNames, spanColumns, toSpanRow, type SpanColumn } from "./span-row.ts";
import { spanCursor } from "./page-cursor.ts";
import { parsePageEnd } from "./page-end.ts";

const region = "us-east";
let server: Awaited<ReturnType<typeof startClickhouse>>;
let env: { CLICKHOUSE_URL_US_EAST: string };

beforeAll(async () => {
  server = await startClickhouse(["spans", "empty"]);
  env = { CLICKHOUSE_URL_US_EAST: server.url("spans") };
  await applyClickhouse(region, env.CLICKHOUSE_URL_US_EAST);
});

afterAll(async () => {
  await server.stop();
});

const receivedAtMs = 1_795_000_002_000;
const newestFirst = {
  range: { fromMs: 0, toMs: receivedAtMs },
  filter: [],
  sort: "startedAt",
  order: "descending",
  limit: 200,
  after: null,
} as const;
let objects = 0;
let runs = 1_000;

/** Writes spans as one object; gives its key. */
async function store(spans: readonly Span[], objectKey = `raw/us-east/2026-11-24/0-1/${(objects += 1)}`): Promise<string> {
  const rows = spans.map((span) => ({ ...span, batchObject: objectKey, receivedAtMs }));
  const result = await insertSpans(env, region, objectKey, rows);
  if (result.kind !== "inserted") throw new Error(result.reason);
  return objectKey;
}

/** All spans of a trace that fits one page. */
async function traceOf(projectId: ProjectId, traceId: TraceId) {
  const read = await getTrace(env, region, { projectId, traceId, limit: 1000, cursor: null });
  if (read.kind !== "answered") throw new Error(read.reason);
  return read.value;
}

async function count(where: string): Promise<unknown> {
  const result = await clickhouseOf(env, region).query({
    query: `SELECT toUInt32(count()) AS rows FROM spans WHERE ${where}`,
    format: "JSONEachRow",
  });
  return await result.json();
}

const hex = (digits: number) =>
  fc.bigInt({ min: 1n, max: 16n ** BigInt(digits) - 1n }).map((value) => value.toString(16).padStart(digits, "0"));
const anyText = fc.string({ unit: "binary", maxLength: 40 });
const tokens = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const microsecondMs = (minMs: number, maxMs: number) => fc.integer({ min: minMs * 1000, max: maxMs * 1000 }).map((micros) => micros / 1000);
const perBucket = <Value>(value: fc.Arbitrary<Value>) =>
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
const nanoUsd = fc.maxSafeInteger();
const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const payload = fc.oneof(
  fc.record({ kind: fc.constant("inline"), mediaType: anyText, text: anyText }),
  fc.record({ kind: fc.constant("reference"), mediaType: anyText, sha256: hex(64), bytes: tokens, preview: anyText }),
  fc.record({ kind: fc.constant("omitted"), reason: fc.constantFrom("none", "payloads-off", "too-large", "store-unavailable", "expired") }),
);
const jsonObject = z.record(z.string(), z.unknown());
const anySpan = fc
  .record({
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: nullable(hex(16)),
    kind: fc.constantFrom("generation", "embedding", "tool", "agent", "chain", "retriever", "event", "span"),
    name: anyText,
    startedAtMs: microsecondMs(1_794_000_000_000, 1_795_000_000_000),
    endedAtMs: microsecondMs(1_795_000_000_000, 1_796_000_000_000),
    status: fc.constantFrom("ok", "error", "cancelled"),
    error: nullable(fc.record({ code: anyText, message: anyText, upstreamStatus: nullable(fc.maxSafeInteger()) })),
    servingRegion: fc.constantFrom("us-east", "us-west", "eu-west"),
    environment: anyText,
    tags: fc.array(anyText, { maxLength: 3 }),
    metadata: fc.dictionary(anyText, fc.oneof(anyText, number, fc.boolean()), { maxKeys: 4, noNullPrototype: true }),
    simulated: fc.boolean(),
    parameters: fc.dictionary(anyText, fc.jsonValue({ maxDepth: 2, stringUnit: "binary" }), { maxKeys: 3, noNullPrototype: true }),
    finishReason: nullable(fc.record({ unified: anyText, raw: anyText })),
    toolNames: fc.array(anyText, { maxLength: 2 }),
    usage: nullable(perBucket(tokens)),
    usageRaw: anyText,
    cost: nullable(
      fc.record({
        source: fc.constantFrom("price-book", "override"),
        priceVersion: anyText,
        buckets: perBucket(nanoUsd),
        totalNanoUsd: nanoUsd,
      }),
    ),
    ttftMs: nullable(number),
    upstreamMs: number,
    httpStatus: fc.maxSafeInteger(),
    input: payload,
    output: payload,
    upstreamRequest: nullable(
      fc.record({ url: anyText, changedFields: fc.dictionary(anyText, anyText, { maxKeys: 2, noNullPrototype: true }) }),
    ),
    holdIds: fc.array(anyText, { maxLength: 2 }),
    keyId: nullable(hex(16)),
    client: anyText,
  })
  // What arrives has been JSON once, and names that only JavaScript makes special are no names of a client's.
  .map((changes) => jsonObject.parse(JSON.parse(JSON.stringify(changes).replaceAll("__proto__", "proto"))))
  .map(spanFixture);

describe("spans in ClickHouse", () => {
  test("any span is read again exactly as it was written", async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anySpan, { minLength: 1, maxLength: 8, selector: (span) => span.traceId }), async (spans) => {
        // Shrinking repeats ids: each run writes to a project of its own.
        const projectId = projectIdSchema.parse(`0193c5a0-0000-7000-8000-${String((runs += 1)).padStart(12, "0")}`);
        const mine = spans.map((span) => ({ ...span, projectId }));
        const batchObject = await store(mine);
        for (const span of mine) {
          const read = await traceOf(span.projectId, span.traceId);
          expect(read).toEqual({ spans: [{ ...span, batchObject, receivedAtMs }], nextCursor: null });
        }
      }),
      { numRuns: 12 },
    );
  });

  test("a span that says nothing where the table has a default of its own is read again without it", async ({ expect }) => {
    const span = spanFixture({ ingestProtocol: "gateway", api: "" });
    await store([span]);
    expect((await traceOf(span.projectId, span.traceId)).spans).toMatchObject([{ ingestProtocol: "gateway", api: "" }]);
  });

  test("a row of JSON says the same as a block of it", async ({ expect, onTestFinished }) => {
    // Both are the same spans: a merge would leave only one of them.
    const command = async (query: string) => await clickhouseOf(env, region).command({ query });
    onTestFinished(async () => {
      await command("SYSTEM START MERGES spans");
    });
    await command("SYSTEM STOP MERGES spans");
    await fc.assert(
      fc.asyncProperty(fc.array(anySpan, { minLength: 8, maxLength: 8 }), async (spans) => {
        const [block, json] = [`raw/block/${(objects += 1)}`, `raw/json/${objects}`];
        await store(spans, block);
        await clickhouseOf(env, region).insert({
          table: "spans",
          format: "JSONCompactEachRow",
          columns: ["is_deleted", ...spanColumnNames],
          values: spans.map((span) => [0, ...toSpanRow({ ...span, batchObject: json, receivedAtMs })]),
          clickhouse_settings: { precise_float_parsing: 1 },
        });
        const all = "SELECT * EXCEPT (batch_object, inserted_at) FROM spans WHERE batch_object = {key:String} ORDER BY trace_id, span_id";
        const rowsOf = async (key: string): Promise<unknown> =>
          await (await clickhouseOf(env, region).query({ query: all, query_params: { key }, format: "JSONEachRow" })).json();
        expect(await rowsOf(block)).toEqual(await rowsOf(json));
        expect(await rowsOf(block)).toHaveLength(spans.length);
      }),
      { numRuns: 3 },
    );
  });

  test("half a surrogate pair does not stop the object it came in", async ({ expect }) => {
    const traceId = "11".repeat(16);
    await store([
      spanFixture({
        traceId,
        name: "a\ud800b",
        metadata: { "k\udc00": "v\ud800" },
        input: { kind: "inline", mediaType: "text/plain", text: "\udfff" },
      }),
    ]);
    const read = await traceOf(spanFixture().projectId, traceIdSchema.parse(traceId));
    expect(read).toMatchObject({ spans: [{ name: "a\ufffdb", metadata: { "k\ufffd": "v\ufffd" }, input: { text: "\ufffd" } }] });
  });

  test("an object that is written again, at once or later, adds no row", async ({ expect }) => {
    const spans = Array.from({ length: 50 }, (_, index) =>
      spanFixture({ traceId: "22".repeat(16), spanId: String(index + 1).padStart(16, "0") }),
    );
    const key = await store(spans);
    await Promise.all([store(spans, key), store(spans, key)]);
    await store([spanFixture({ traceId: "23".repeat(16) })]);
    await store(spans, key);
    expect(await count(`batch_object = '${key}'`)).toEqual([{ rows: 50 }]);
    expect(await countStored(env, region, key)).toEqual({ kind: "answered", value: 50 });
    expect(await countStored(env, region, `${key}0`)).toEqual({ kind: "answered", value: 0 });
  });

  test("an object of which only a part arrived, or whose trace is not yet in the index, is whole after it is written again", async ({
    expect,
  }) => {
    const projectId = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000066");
    const traceId = traceIdSchema.parse("24".repeat(16));
    const spans = ["2026-10-15", "2026-11-15"].map((day, index) =>
      spanFixture({ projectId, traceId, spanId: `${index + 1}`.padStart(16, "0"), startedAtMs: Date.parse(day) }),
    );
    const key = await store(spans);
    // What a kill between two steps of the insert leaves: the first month's partition, or all of them and no index.
    await clickhouseOf(env, region).command({ query: "ALTER TABLE spans DROP PARTITION 202611" });
    await clickhouseOf(env, region).command({ query: "TRUNCATE TABLE trace_times" });
    expect(await countStored(env, region, key)).toEqual({ kind: "answered", value: 1 });
    await store(spans, key);
    expect(await count(`batch_object = '${key}'`)).toEqual([{ rows: 2 }]);
    await clickhouseOf(env, region).command({ query: "TRUNCATE TABLE trace_times" });
    await store(spans, key);
    expect(await count(`batch_object = '${key}'`)).toEqual([{ rows: 2 }]);
    const read = await traceOf(projectId, traceId);
    expect(read).toEqual({ spans: spans.map((span) => ({ ...span, batchObject: key, receivedAtMs })), nextCursor: null });
  });

  test("what came more than an hour ago is compressed as well as can be, and what came just now is not", async ({ expect }) => {
    const write = async (atMs: number): Promise<string> => {
      const key = `raw/us-east/2026-11-24/0-1/${(objects += 1)}`;
      const row = { ...spanFixture({ startedAtMs: atMs, endedAtMs: atMs }), batchObject: key, receivedAtMs: atMs };
      expect(await insertSpans(env, region, key, [row])).toEqual({ kind: "inserted" });
      return key;
    };
    const codecsOf = async (key: string): Promise<unknown> => {
      const result = await clickhouseOf(env, region).query({
        query: `SELECT default_compression_codec AS codec FROM system.parts WHERE active AND database = currentDatabase()
          AND table = 'spans' AND name IN (SELECT _part FROM spans WHERE batch_object = {key:String})`,
        query_params: { key },
        format: "JSONEachRow",
      });
      return await result.json();
    };
    const [young, old] = [await write(Date.now()), await write(Date.now() - 7_200_000)];
    await expect.poll(async () => await codecsOf(old), { timeout: 60_000 }).toEqual([{ codec: "ZSTD(6, 24)" }]);
    expect(await codecsOf(young)).toEqual([{ codec: "LZ4" }]);
  });

  test("a span that two objects carry is read once", async ({ expect }) => {
    const span = spanFixture({ traceId: "33".repeat(16) });
    await store([span]);
    const batchObject = await store([span]);
    const read = await traceOf(span.projectId, span.traceId);
    expect(read).toEqual({ spans: [{ ...span, batchObject, receivedAtMs }], nextCursor: null });
    const listed = await listTraces(env, region, { ...newestFirst, projectId: span.projectId });
    expect(listed.kind === "answered" ? listed.value.traces.find((trace) => trace.traceId === span.traceId)?.spanCount : listed).toBe(1);
  });

  test("reading one trace of many looks at a small part of the table", async ({ expect }) => {
    const projectId = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000099");
    const span = spanFixture({ projectId });
    const spans = Array.from({ length: 20_000 }, (_, index) => ({
      ...span,
      traceId: traceIdSchema.parse((index + 1).toString(16).padStart(32, "0")),
      startedAtMs: 1_795_000_000_000 + index * 1000,
    }));
    await store(spans);
    const wanted = spans[10_000];
    expect(await traceOf(projectId, wanted?.traceId ?? traceIdSchema.parse("f".repeat(32)))).toMatchObject({
      spans: [{ startedAtMs: wanted?.startedAtMs }],
    });
    const plan = await clickhouseOf(env, region).query({
      query: `EXPLAIN indexes = 1 SELECT span_id FROM spans WHERE project_id = '${projectId}' AND started_at >= fromUnixTimestamp64Micro(1795010000000000, 'UTC') AND started_at <= fromUnixTimestamp64Micro(1795010000000000, 'UTC')`,
      format: "TabSeparatedRaw",
    });
    const granules = [...(await plan.text()).matchAll(/Granules: (\d+)\/(\d+)/g)].map((match) => [Number(match[1]), Number(match[2])]);
    const [read = 0] = granules.at(-1) ?? [];
    const [, whole = 0] = granules[0] ?? [];
    expect(read).toBeLessThanOrEqual(1);
    expect(whole).toBeGreaterThanOrEqual(3);
  });

  test.for([
    // 40 spans begin in each millisecond; their ids run against their order of arrival.
    ["many spans: pages of the limit", { spans: 250, textBytes: 1, limit: 100 }, [100, 100, 50]],
    ["large spans: pages of about 4 MB", { spans: 100, textBytes: 60_000, limit: 1000 }, [69, 31]],
    ["spans larger than a page: one by one", { spans: 2, textBytes: 5_000_000, limit: 1000 }, [1, 1]],
    ["as many as a page holds: one page", { spans: 100, textBytes: 1, limit: 100 }, [100]],
  ] as const)("a trace of %s, joined without a gap or a double", async ([, { spans: count, textBytes, limit }, lengths], { expect }) => {
    const projectId = projectIdSchema.parse(`0193c5a0-0000-7000-9000-${String((runs += 1)).padStart(12, "0")}`);
    const traceId = traceIdSchema.parse("44".repeat(16));
    const spans = Array.from({ length: count }, (_, index) =>
      spanFixture({
        projectId,
        traceId,
        spanId: (1_000 - index).toString(16).padStart(16, "0"),
        startedAtMs: 1_795_000_000_000 + Math.floor(index / 40),
        output: { kind: "inline", mediaType: "text/plain", text: "y".repeat(textBytes) },
      }),
    );
    await store(spans);
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const page = await getTrace(env, region, {
        projectId,
        traceId,
        limit,
        cursor: cursor === null ? null : spanCursor.parse(cursor),
      });
      if (page.kind !== "answered") throw new Error(page.reason);
      pages.push(page.value.spans.map(({ spanId }) => spanId));
      cursor = page.value.nextCursor;
    } while (cursor !== null);
    expect(pages.map((page) => page.length)).toEqual(lengths);
    const oldestFirst = spans.toSorted((one, other) => one.startedAtMs - other.startedAtMs || (one.spanId < other.spanId ? -1 : 1));
    expect(pages.flat()).toEqual(oldestFirst.map(({ spanId }) => spanId));
  });

  test("rows that ClickHouse cannot read are refused, all of their insert; what is no fault of theirs is unavailable, by its code", async ({
    expect,
  }) => {
    const good = { ...spanFixture({ traceId: "34".repeat(16) }), batchObject: "raw/bad", receivedAtMs };
    const wrongColumns: Partial<Record<SpanColumn, Column<StoredSpan>>> = {
      project_id: columnOf.text(() => "no uuid"),
      started_at: columnOf.text(() => "no time"),
      simulated: columnOf.text(() => "maybe"),
      http_status: columnOf.text(() => "0.5"),
    };
    for (const [name, column] of Object.entries(wrongColumns)) {
      const columns = { ...spanColumns, [name]: column };
      const refused = await insertBlock(env, region, { table: "spans", columns, token: `bad ${name}`, rows: [good, good] });
      expect([name, refused.kind]).toEqual([name, "refused"]);
    }
    expect(await count("batch_object = 'raw/bad'")).toEqual([{ rows: 0 }]);
    expect(await insertSpans({ CLICKHOUSE_URL_US_EAST: server.url("empty") }, region, "no table", [good])).toMatchObject({
      kind: "unavailable",
      code: "60",
    });
  });

  test("a store that cannot be reached is a value that names it", async ({ expect }) => {
    expect(await countStored({ CLICKHOUSE_URL_US_EAST: "http://a:b@127.0.0.1:9/x" }, region, "raw/x")).toMatchObject({
      kind: "unavailable",
      store: "clickhouse",
    });
    expect(await countStored({}, region, "raw/x")).toEqual({
      kind: "unavailable",
      store: "clickhouse",
      code: "",
      reason: "CLICKHOUSE_URL_US_EAST is not set",
    });
  });
});

describe("the list of traces", () => {
  const projectId = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000077");
  const all = { ...newestFirst, projectId };
  const tokensOf = (inputTokens: number, outputTokens: number) => ({
    inputTokens,
    inputCachedTokens: 1,
    cacheWriteTokens: 2,
    cacheWriteHourTokens: 0,
    inputAudioTokens: 0,
    inputImageTokens: 0,
    outputTokens,
    reasoningTokens: 3,
    outputAudioTokens: 0,
  });
  const costOf = (totalNanoUsd: number) => ({ source: "price-book", priceVersion: "book@1", buckets: tokensOf(0, 0), totalNanoUsd });
  const traceId = "a1".repeat(16);

  test("a row tells of the root, and sums what is known over all spans, large sums exactly", async ({ expect }) => {
    await store([
      spanFixture({
        projectId,
        traceId,
        spanId: "00000000000000a2",
        parentSpanId: "00000000000000a1",
        startedAtMs: 1_795_000_000_000,
        name: "early child",
        usage: tokensOf(10, 5),
        cost: costOf(Number.MAX_SAFE_INTEGER),
        ttftMs: 7,
      }),
      spanFixture({
        projectId,
        traceId,
        spanId: "00000000000000a1",
        startedAtMs: 1_795_000_000_001.5,
        endedAtMs: 1_795_000_003_000,
        name: "root",
        kind: "agent",
        status: "error",
        error: { code: "upstream_cut", message: "m", upstreamStatus: null },
        simulated: true,
        output: { kind: "inline", mediaType: "text/plain", text: "é".repeat(300) },
      }),
      spanFixture({
        projectId,
        traceId,
        spanId: "00000000000000a3",
        parentSpanId: "00000000000000a1",
        startedAtMs: 1_795_000_000_002,
        usage: tokensOf(1, 1),
        cost: costOf(Number.MAX_SAFE_INTEGER),
      }),
      spanFixture({
        projectId,
        traceId,
        spanId: "00000000000000a4",
        parentSpanId: "00000000000000a1",
        startedAtMs: 1_795_000_000_003,
        usage: tokensOf(1, 1),
      }),
    ]);
    const expected: TraceSummary = {
      traceId: traceIdSchema.parse(traceId),
      name: "root",
      kind: "agent",
      startedAtMs: 1_795_000_000_000,
      endedAtMs: 1_795_000_003_000,
      status: "error",
      errorCode: "upstream_cut",
      spanCount: 4,
      provider: "openai",
      modelRequested: "gpt-5",
      modelServed: "gpt-5",
      simulated: true,
      streamed: false,
      inputTokens: 21,
      outputTokens: 16,
      costNanoUsd: "18014398509481982",
      costIncomplete: true,
      ttftMs: null,
      userId: "",
      sessionId: "",
      servingRegion: "us-east",
      inputPreview: "[]",
      outputPreview: "é".repeat(200),
    };
    expect(await listTraces(env, region, all)).toEqual({ kind: "answered", value: { traces: [expected], nextCursor: null } });
  });

  test("a trace of which nothing is known has no totals, not totals of zero", async ({ expect }) => {
    const unknown = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000078");
    await store([spanFixture({ projectId: unknown })]);
    expect(await listTraces(env, region, { ...all, projectId: unknown })).toMatchObject({
      value: { traces: [{ inputTokens: null, outputTokens: null, costNanoUsd: null, costIncomplete: false }] },
    });
  });

  test("pages join without a gap or a double, also where traces begin at the same moment and months apart", async ({ expect }) => {
    const paged = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000079");
    const starts = [0, 0, 0, 1, 1, 60_000, 3_600_000, 86_400_000, 40 * 86_400_000, 200 * 86_400_000];
    const spans = starts.map((agoMs, index) =>
      spanFixture({ projectId: paged, traceId: `${index + 1}`.padStart(32, "0"), startedAtMs: 1_795_000_000_000 - agoMs }),
    );
    await store(spans);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listTraces(env, region, {
        ...all,
        projectId: paged,
        limit: 3,
        after: cursor === null ? null : parsePageEnd(cursor, "startedAt", "descending"),
      });
      if (page.kind !== "answered") throw new Error(page.reason);
      expect(page.value.traces.length).toBeLessThanOrEqual(3);
      seen.push(...page.value.traces.map((trace) => trace.traceId));
      cursor = page.value.nextCursor;
    } while (cursor !== null);
    const newestFirst = spans.toSorted((left, right) => right.startedAtMs - left.startedAtMs || (right.traceId > left.traceId ? 1 : -1));
    expect(seen).toEqual(newestFirst.map((span) => span.traceId));
  });

  test("only traces that began in the range are listed, with all their spans", async ({ expect }) => {
    const ranged = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000080");
    const at = 1_795_000_000_000;
    await store([
      spanFixture({ projectId: ranged, traceId: "01".repeat(16), spanId: "0000000000000001", startedAtMs: at - 5_000 }),
      spanFixture({ projectId: ranged, traceId: "01".repeat(16), spanId: "0000000000000002", startedAtMs: at + 500 }),
      spanFixture({ projectId: ranged, traceId: "02".repeat(16), spanId: "0000000000000003", startedAtMs: at }),
      spanFixture({ projectId: ranged, traceId: "02".repeat(16), spanId: "0000000000000004", startedAtMs: at + 50_000 }),
    ]);
    expect(await listTraces(env, region, { ...all, projectId: ranged, range: { fromMs: at, toMs: at + 1_000 } })).toMatchObject({
      value: { traces: [{ traceId: "02".repeat(16), spanCount: 2 }], nextCursor: null },
    });
  });
});
