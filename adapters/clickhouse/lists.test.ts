import { afterAll, beforeAll, describe, test } from "vitest";
import { searchCondition } from "#core/analytics/search.ts";
import { createSqlParameters } from "#core/analytics/sql-parameters.ts";
import { findField } from "#core/analytics/fields.ts";
import { filterSchema, traceFilterParameterSchema } from "#core/analytics/filter.ts";
import { actorSorts, spanSorts, traceSorts, type PageEnd } from "#core/analytics/page-query.ts";
import { projectIdSchema, type ProjectId } from "#core/contracts/id.ts";
import type { Span } from "#core/contracts/span.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { applyClickhouse } from "#migrations/apply-clickhouse.ts";
import { startClickhouse } from "#migrations/clickhouse.fixture.ts";
import type { Answered, Unavailable } from "../unavailable.ts";
import { clickhouseOf } from "./client.ts";
import { insertSpans } from "./insert-spans.ts";
import { findSession, findUser, listSessions, listUsers } from "./list-actors.ts";
import { listFacets } from "./list-facets.ts";
import { listMetadataKeys } from "./list-metadata-keys.ts";
import { listSpans } from "./list-spans.ts";
import { listTraces } from "./list-traces.ts";
import { queryMetrics } from "./query-metrics.ts";
import { parsePageEnd } from "./page-end.ts";

const region = "us-east";
const at = 1_795_000_000_000;
const hourMs = 3_600_000;
const range = { fromMs: at - 40 * 24 * hourMs, toMs: at + hourMs };
let server: Awaited<ReturnType<typeof startClickhouse>>;
let env: { CLICKHOUSE_URL_US_EAST: string };

beforeAll(async () => {
  server = await startClickhouse(["lists"]);
  env = { CLICKHOUSE_URL_US_EAST: server.url("lists") };
  await applyClickhouse(region, env.CLICKHOUSE_URL_US_EAST);
  await store(various);
  await store(many);
});
afterAll(async () => {
  await server.stop();
});

let objects = 0;
async function store(spans: readonly Span[], receivedAtMs = at + 10_000): Promise<void> {
  const batchObject = `raw/us-east/2026-11-24/0-1/${(objects += 1)}`;
  const stored = await insertSpans(
    env,
    region,
    batchObject,
    spans.map((span) => ({ ...span, batchObject, receivedAtMs })),
  );
  if (stored.kind !== "inserted") throw new Error(stored.reason);
}

function answered<Value>(result: Answered<Value> | Unavailable): Value {
  if (result.kind === "unavailable") throw new Error(result.reason);
  return result.value;
}

const project = (digits: number): ProjectId => projectIdSchema.parse(`0193c5a0-0000-7000-8000-${String(digits).padStart(12, "0")}`);
const hex = (digits: number, length: number) => String(digits).padStart(length, "0");
const usage = (inputTokens: number, outputTokens: number) => ({
  inputTokens,
  inputCachedTokens: 1,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens,
  reasoningTokens: 0,
  outputAudioTokens: 0,
});
const cost = (totalNanoUsd: number) => ({
  source: "price-book",
  priceVersion: "b@1",
  buckets: { ...usage(0, 0), inputCachedTokens: 0 },
  totalNanoUsd,
});
const inline = (text: string) => ({ kind: "inline", mediaType: "application/json", text });

const filtered = project(1);
/** Each is known by the end of its span's id: 1 to 4; 1 and 2 are one trace. */
const various = [
  spanFixture({
    projectId: filtered,
    traceId: hex(1, 32),
    spanId: hex(1, 16),
    startedAtMs: at,
    endedAtMs: at + 500,
    name: "Root step",
    kind: "agent",
    userId: "Ann",
    sessionId: "s1",
    tags: ["red", "blue"],
    metadata: { plan: "pro", seats: 5, trial: true },
    input: inline('{"content":"Où est la\\nbibliothèque?"}'),
  }),
  spanFixture({
    projectId: filtered,
    traceId: hex(1, 32),
    spanId: hex(2, 16),
    parentSpanId: hex(1, 16),
    startedAtMs: at + 100,
    endedAtMs: at + 400,
    status: "error",
    error: { code: "upstream_error", message: "Kaputt gegangen", upstreamStatus: 500 },
    httpStatus: 502,
    usage: usage(10, 20),
    cost: cost(700),
    ttftMs: 30.5,
    toolNames: ["search"],
  }),
  spanFixture({
    projectId: filtered,
    traceId: hex(3, 32),
    spanId: hex(3, 16),
    startedAtMs: at - 30 * 24 * hourMs,
    endedAtMs: at - 30 * 24 * hourMs + 5_000,
    userId: "bob",
    sessionId: "s1",
    tags: ["blue"],
    metadata: { plan: "free", seats: "5", trial: false },
    simulated: true,
    usage: usage(1, 1),
    finishReason: { unified: "stop", raw: "end" },
    output: { kind: "reference", mediaType: "text/plain", sha256: "ab".repeat(32), bytes: 100_000, preview: "A long answer" },
  }),
  spanFixture({
    projectId: filtered,
    traceId: hex(4, 32),
    spanId: hex(4, 16),
    startedAtMs: at - 2 * hourMs,
    endedAtMs: at - 2 * hourMs + 1,
    userId: "bob",
    modelServed: "o'neill\\",
    cost: cost(900),
    ttftMs: 1,
    input: inline('[{"role":"user","content":"Yesterday"},{"role": "assistant","content":"Indeed"},{"role":"user","content":"Tomorrow"}]'),
  }),
];

const page = { projectId: filtered, range, filter: [], sort: "startedAt", order: "descending", limit: 50, after: null } as const;
const lastDigits = (ids: readonly string[]) => ids.map((id) => Number(id.slice(-2))).toSorted((left, right) => left - right);

describe("a filter lets through", () => {
  test.for([
    ["kind", "eq", "agent", [1]],
    ["name", "contains", "ROOT", [1]],
    ["name", "startsWith", "chat", [2, 3, 4]],
    ["status", "neq", "ok", [2]],
    ["errorCode", "exists", true, [2]],
    ["errorMessage", "contains", "kaputt", [2]],
    ["httpStatus", "gte", 500, [2]],
    ["finishReason", "eq", "stop", [3]],
    ["modelServed", "eq", "o'neill\\", [4]],
    ["modelServed", "notIn", ["gpt-5"], [4]],
    ["userId", "in", ["Ann", "bob"], [1, 3, 4]],
    ["userId", "exists", false, [2]],
    ["tags", "contains", "red", [1]],
    ["tags", "in", ["red", "blue"], [1, 3]],
    ["tags", "notIn", ["red"], [2, 3, 4]],
    ["tags", "exists", false, [2, 4]],
    ["toolNames", "contains", "search", [2]],
    ["simulated", "eq", true, [3]],
    ["metadata.plan", "eq", "pro", [1]],
    ["metadata.plan", "startsWith", "f", [3]],
    ["metadata.plan", "neq", "pro", [2, 3, 4]],
    ["metadata.seats", "eq", 5, [1]],
    ["metadata.seats", "eq", "5", [3]],
    ["metadata.seats", "in", [5, "5"], [1, 3]],
    ["metadata.seats", "gt", 4.5, [1]],
    ["metadata.trial", "eq", false, [3]],
    ["metadata.trial", "exists", true, [1, 3]],
    ["costNanoUsd", "gt", 700, [4]],
    ["costNanoUsd", "neq", 700, [4]],
    ["costNanoUsd", "in", [700, 900], [2, 4]],
    ["costNanoUsd", "exists", false, [1, 3]],
    ["durationMs", "lte", 300, [2, 4]],
    ["ttftMs", "lt", 30.5, [4]],
    ["inputTokens", "eq", 11, [2]],
    ["totalTokens", "lt", 31, [3]],
    ["startedAtMs", "gte", at, [1, 2]],
    ["text", "contains", "bibliothèque", [1]],
    ["text", "contains", "LA OÙ", [1]],
    ["text", "contains", "gegangen", [2]],
    ["text", "contains", "long", [3]],
    ["text", "contains", "bibl", []],
    // Of a history what is new in it.
    ["text", "contains", "tomorrow", [4]],
    ["text", "contains", "yesterday", []],
  ] as const)("by %s %s %j the spans %j", async ([field, operator, value, expected], { expect }) => {
    const filter = filterSchema.parse([{ field, operator, value }]);
    const spans = answered(await listSpans(env, region, { ...page, filter })).spans;
    expect(lastDigits(spans.map((span) => span.spanId))).toEqual(expected);
  });

  test("a trace of which one span meets all conditions, wherever in the trace; a whole trace by its totals", async ({ expect }) => {
    const traces = async (...written: readonly unknown[]) => {
      const filter = traceFilterParameterSchema.parse(JSON.stringify(written));
      return lastDigits(answered(await listTraces(env, region, { ...page, filter })).traces.map((trace) => trace.traceId));
    };
    expect(await traces({ field: "status", operator: "eq", value: "error" })).toEqual([1]);
    expect(await traces({ field: "status", operator: "eq", value: "error" }, { field: "kind", operator: "eq", value: "agent" })).toEqual(
      [],
    );
    expect(await traces({ field: "text", operator: "contains", value: "gegangen" })).toEqual([1]);
    expect(await traces({ field: "trace.spanCount", operator: "gt", value: 1 })).toEqual([1]);
    expect(await traces({ field: "trace.costNanoUsd", operator: "gte", value: 700 })).toEqual([1, 4]);
    expect(
      await traces({ field: "trace.durationMs", operator: "lt", value: 5000 }, { field: "userId", operator: "exists", value: true }),
    ).toEqual([1, 4]);
  });
});

const paged = project(2);
const agoMs = [0, 0, 1, 60_000, 8 * hourMs, 30 * 24 * hourMs];
/** Many alike in what they are sorted by, at the same moments and weeks apart. */
const many = Array.from({ length: 23 }, (_, index) =>
  spanFixture({
    projectId: paged,
    traceId: hex(1 + Math.floor(index / 2), 32),
    spanId: hex(index + 1, 16),
    startedAtMs: at - (agoMs[Math.floor(index / 2) % 6] ?? 0) - (index % 2),
    endedAtMs: at + 1000 * (index % 3),
    sessionId: `s${index % 7}`,
    userId: `u, ${index % 5}`,
    usage: index % 4 === 0 ? null : usage(index % 3, 1),
    cost: index % 5 === 0 ? null : cost(index % 2),
  }),
);

describe("pages join without a gap or a double, by", () => {
  type Page = { readonly ids: readonly string[]; readonly nextCursor: string | null };
  const lists = {
    traces: async (request) => {
      const { traces, nextCursor } = answered(await listTraces(env, region, { ...request, sort: sortOf(traceSorts, request.sort) }));
      return { ids: traces.map(({ traceId }) => traceId), nextCursor };
    },
    spans: async (request) => {
      const { spans, nextCursor } = answered(await listSpans(env, region, { ...request, sort: sortOf(spanSorts, request.sort) }));
      return { ids: spans.map(({ traceId, spanId }) => `${traceId}-${spanId}`), nextCursor };
    },
    sessions: async (request) => {
      const { rows, nextCursor } = answered(await listSessions(env, region, { ...request, sort: sortOf(actorSorts, request.sort) }));
      return { ids: rows.map(({ sessionId }) => sessionId), nextCursor };
    },
    users: async (request) => {
      const { rows, nextCursor } = answered(await listUsers(env, region, { ...request, sort: sortOf(actorSorts, request.sort) }));
      return { ids: rows.map(({ userId }) => userId), nextCursor };
    },
  } as const satisfies Record<
    string,
    (
      request: Omit<typeof page, "sort" | "order" | "limit" | "after" | "projectId"> & {
        readonly projectId: ProjectId;
        readonly sort: string;
        readonly order: "ascending" | "descending";
        readonly limit: number;
        readonly after: PageEnd | null;
      },
    ) => Promise<Page>
  >;

  function sortOf<Sort extends string>(table: Readonly<Record<Sort, string>>, name: string): Sort {
    for (const sort in table) if (sort === name) return sort;
    throw new Error(name);
  }

  const cases = [
    ...Object.keys(traceSorts).map((sort) => ["traces", sort, 12] as const),
    ...Object.keys(spanSorts).map((sort) => ["spans", sort, 23] as const),
    ...Object.keys(actorSorts).map((sort) => ["sessions", sort, 7] as const),
    ...Object.keys(actorSorts).map((sort) => ["users", sort, 5] as const),
  ];
  test.for(cases)("%s by %s", async ([list, sort, count], { expect }) => {
    for (const order of ["descending", "ascending"] as const) {
      const request = { projectId: paged, range, filter: [], sort, order } as const;
      const whole = await lists[list]({ ...request, limit: 100, after: null });
      expect(whole).toMatchObject({ nextCursor: null });
      expect(new Set(whole.ids).size).toBe(count);
      const seen: string[] = [];
      let after: PageEnd | null = null;
      for (;;) {
        const { ids, nextCursor }: Page = await lists[list]({ ...request, limit: 3, after });
        expect(ids.length).toBeLessThanOrEqual(3);
        seen.push(...ids);
        if (nextCursor === null) break;
        expect(parsePageEnd(nextCursor, sort, order === "ascending" ? "descending" : "ascending")).toBe(null);
        after = parsePageEnd(nextCursor, sort, order);
      }
      expect(seen).toEqual(whole.ids);
    }
  });
});

describe("sessions and users", () => {
  test("have the totals of their spans, each counted once", async ({ expect }) => {
    await store(various.slice(0, 1), at + 20_000);
    const session = answered(await findSession(env, region, { projectId: filtered, range, id: "s1" }));
    expect(session).toEqual({
      sessionId: "s1",
      firstStartedAtMs: at - 30 * 24 * hourMs,
      lastStartedAtMs: at,
      traces: 2,
      spans: 2,
      requests: 1,
      errors: 0,
      inputTokens: 2,
      outputTokens: 1,
      costNanoUsd: "0",
      costIncomplete: true,
      userIds: ["Ann", "bob"],
    });
    expect(answered(await listSessions(env, region, { ...page, sort: "lastStartedAt" }))).toEqual({ rows: [session], nextCursor: null });
    const users = answered(await listUsers(env, region, { ...page, sort: "costNanoUsd" })).rows;
    expect(users.map(({ userId, costNanoUsd, sessions, requests }) => [userId, costNanoUsd, sessions, requests])).toEqual([
      ["bob", "900", 1, 2],
      ["Ann", "0", 1, 0],
    ]);
    expect(answered(await findUser(env, region, { projectId: filtered, range, id: "nobody" }))).toBe(null);
  });
});

describe("facets", () => {
  const fieldsNamed = (...names: readonly string[]) => names.flatMap((name) => findField(name) ?? []);
  const facets = async (filter: string, limit: number, ...names: readonly string[]) =>
    answered(
      await listFacets(env, region, {
        projectId: filtered,
        range,
        limit,
        fields: fieldsNamed(...names),
        filter: filterSchema.parse(JSON.parse(filter)),
      }),
    );

  test("are the most frequent values of each field, alike the first ones, and how many spans have others", async ({ expect }) => {
    expect(await facets('[{"field":"userId","operator":"exists","value":true}]', 1, "tags", "streamed", "metadata.seats", "kind")).toEqual([
      { field: "tags", values: [{ value: "blue", spans: 2 }], otherSpans: 1 },
      { field: "streamed", values: [{ value: "false", spans: 3 }], otherSpans: 0 },
      { field: "metadata.seats", values: [{ value: "5", spans: 2 }], otherSpans: 1 },
      { field: "kind", values: [{ value: "generation", spans: 2 }], otherSpans: 1 },
    ]);
  });

  test("are counted under the conditions on all other fields", async ({ expect }) => {
    const filter = '[{"field":"userId","operator":"eq","value":"Ann"},{"field":"kind","operator":"eq","value":"generation"}]';
    const userId = {
      field: "userId",
      values: [
        { value: "bob", spans: 2 },
        { value: "", spans: 1 },
      ],
      otherSpans: 0,
    };
    expect(await facets(filter, 9, "userId", "kind", "status", "userId")).toEqual([
      userId,
      { field: "kind", values: [{ value: "agent", spans: 1 }], otherSpans: 0 },
      { field: "status", values: [], otherSpans: 0 },
      userId,
    ]);
  });

  test("are those that metrics by the same field count", async ({ expect }) => {
    const names = ["kind", "status", "provider", "tags", "userId", "httpStatus", "simulated", "metadata.plan", "toolNames", "environment"];
    for (const { field, values, otherSpans } of await facets("[]", 100, ...names)) {
      const groups = await queryMetrics(env, region, {
        projectId: filtered,
        metrics: ["spans"],
        groupBy: fieldsNamed(field),
        groupLimit: 100,
        filter: [],
        range: { ...range, startsAtS: [] },
        previous: null,
        readFrom: "rollups-and-spans",
      });
      const counted = answered(groups).map(({ key, totals }) => [key?.[0] ?? "", Number(totals.spans)] as const);
      expect([field, new Map(values.map(({ value, spans }) => [value, spans])), otherSpans]).toEqual([field, new Map(counted), 0]);
    }
  });
});

test("metadata keys are counted by their type", async ({ expect }) => {
  expect(answered(await listMetadataKeys(env, region, { projectId: filtered, ...range }))).toEqual([
    { key: "plan", type: "text", spans: 2 },
    { key: "trial", type: "boolean", spans: 2 },
    { key: "seats", type: "number", spans: 1 },
    { key: "seats", type: "text", spans: 1 },
  ]);
});

test("words are looked up in the index, where a merge has made it", async ({ expect }) => {
  const client = clickhouseOf(env, region);
  await client.command({ query: "OPTIMIZE TABLE spans FINAL" });
  const filter = filterSchema.parse([{ field: "text", operator: "contains", value: "bibliothèque" }]);
  expect(lastDigits(answered(await listSpans(env, region, { ...page, filter })).spans.map(({ spanId }) => spanId))).toEqual([1]);
  const parameters = createSqlParameters();
  const explained = await client.query({
    query: `EXPLAIN indexes = 1 SELECT count() FROM spans FINAL WHERE ${searchCondition("bibliothèque", parameters)}`,
    query_params: { ...parameters.values },
    format: "TabSeparated",
  });
  expect(await explained.text()).toContain("Name: spans_search");
});
