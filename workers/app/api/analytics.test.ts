import { afterAll, beforeAll, describe, test } from "vitest";
import { insertSpans } from "#adapters/clickhouse/insert-spans.ts";
import { projectIdSchema } from "#core/contracts/id.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { applyClickhouse } from "#migrations/apply-clickhouse.ts";
import { applyPostgres } from "#migrations/apply-postgres.ts";
import { startClickhouse } from "#migrations/clickhouse.fixture.ts";
import { startPostgres } from "#migrations/postgres.fixture.ts";
import { seedFirstProject } from "#migrations/seed.ts";
import { app } from "../http.ts";

const adminKey = "ef_admin_0123456789abcdef";
const at = 1_795_000_000_000;
const hourMs = 3_600_000;
const hour = at - (at % hourMs);
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let clickhouse: Awaited<ReturnType<typeof startClickhouse>>;
let projectId: string;

beforeAll(async () => {
  postgres = await startPostgres();
  clickhouse = await startClickhouse(["analytics"]);
  await applyPostgres(postgres.databaseUrl);
  ({ projectId } = await seedFirstProject({ databaseUrl: postgres.databaseUrl }));
  const environment = { CLICKHOUSE_URL_US_EAST: clickhouse.url("analytics") };
  await applyClickhouse("us-east", environment.CLICKHOUSE_URL_US_EAST);
  const spans = [0, 1, 2].map((index) =>
    spanFixture({
      projectId: projectIdSchema.parse(projectId),
      traceId: String(index + 1).padStart(32, "0"),
      spanId: String(index + 1).padStart(16, "0"),
      startedAtMs: hour + index * 1000,
      endedAtMs: hour + index * 1000 + 100,
      status: index === 0 ? "error" : "ok",
      error: index === 0 ? { code: "upstream_error", message: "m", upstreamStatus: null } : null,
      sessionId: "a/b ?é",
      userId: "ann",
      modelServed: `m${index}`,
    }),
  );
  await insertSpans(
    environment,
    "us-east",
    "raw/1",
    spans.map((span) => ({ ...span, batchObject: "raw/1", receivedAtMs: at })),
  );
});
afterAll(async () => {
  await clickhouse?.stop();
  await postgres?.stop();
});

async function ask(path: string, query: Readonly<Record<string, string | number>> = {}) {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const response = await app.request(
    `/api/projects/${projectId}/${path}?${search.toString()}`,
    { headers: { authorization: `Bearer ${adminKey}` } },
    { ...postgres.env, ADMIN_KEY: adminKey, CLICKHOUSE_URL_US_EAST: clickhouse.url("analytics") },
  );
  return { status: response.status, body: await response.json() };
}
const range = { fromMs: hour - 2 * hourMs, toMs: hour + hourMs };

describe("metrics", () => {
  test("have a value for each point and group, and for the period before, where there was nothing", async ({ expect }) => {
    const asked = {
      metrics: "requests,errorRate,costNanoUsd",
      groupBy: "modelServed",
      groupLimit: 1,
      interval: "hour",
      compare: "previous",
    };
    const points = [hour - 2 * hourMs, hour - hourMs, hour];
    const nothing = {
      totals: { requests: 0, errorRate: null, costNanoUsd: "0" },
      series: { requests: [0, 0, 0], errorRate: [null, null, null], costNanoUsd: ["0", "0", "0"] },
    };
    expect(await ask("metrics", { ...range, ...asked })).toEqual({
      status: 200,
      body: {
        ...range,
        interval: "hour",
        points,
        previous: { fromMs: hour - 5 * hourMs, toMs: hour - 2 * hourMs, points: points.map((point) => point - 3 * hourMs) },
        groups: [
          {
            key: ["m0"],
            totals: { requests: 1, errorRate: 1, costNanoUsd: "0" },
            series: { requests: [0, 0, 1], errorRate: [null, null, 1], costNanoUsd: ["0", "0", "0"] },
            previous: nothing,
          },
          {
            key: null,
            totals: { requests: 2, errorRate: 0, costNanoUsd: "0" },
            series: { requests: [0, 0, 2], errorRate: [null, null, 0], costNanoUsd: ["0", "0", "0"] },
            previous: nothing,
          },
        ],
      },
    });
  });

  test("of a range without spans are points of nothing, and no groups", async ({ expect }) => {
    const empty = { fromMs: 0, toMs: 2 * hourMs, metrics: "requests,latencyP95Ms", interval: "hour" };
    expect(await ask("metrics", empty)).toMatchObject({
      status: 200,
      body: {
        groups: [{ key: [], totals: { requests: 0, latencyP95Ms: null }, series: { requests: [0, 0], latencyP95Ms: [null, null] } }],
      },
    });
    expect(await ask("metrics", { ...empty, groupBy: "status" })).toMatchObject({ status: 200, body: { groups: [] } });
    expect(await ask("metrics", { ...empty, fromMs: 5, toMs: 5 })).toMatchObject({
      status: 200,
      body: { points: [], groups: [{ totals: { requests: 0 } }] },
    });
  });

  test.for([
    [{}, "metrics"],
    [{ metrics: "requests,nothing" }, "metrics.1"],
    [{ metrics: "requests", groupBy: "kind,costNanoUsd" }, "groupBy.1"],
    [{ metrics: "requests", groupBy: "kind,status,name" }, "groupBy"],
    [{ metrics: "requests", interval: "minute" }, "interval"],
    [{ metrics: "requests", timeZone: "Mars/Base" }, "timeZone"],
    [{ metrics: "requests", toMs: 1, fromMs: 2 }, "fromMs"],
    [{ metrics: "requests", filter: '[{"field":"status","operator":"eq","value":"bad"}]' }, "filter.0.value"],
  ] as const)("asked as %j are refused by the name of %s", async ([query, param], { expect }) => {
    const week = { fromMs: hour - 7 * 24 * hourMs, toMs: hour };
    expect(await ask("metrics", { ...week, ...query })).toMatchObject({ status: 400, body: { error: { code: "invalid_field", param } } });
  });
});

test("facets are counted under the conditions on the other fields", async ({ expect }) => {
  const filter = '[{"field":"status","operator":"eq","value":"ok"},{"field":"modelServed","operator":"eq","value":"m1"}]';
  expect(await ask("facets", { ...range, fields: "status,modelServed", filter, limit: 1 })).toEqual({
    status: 200,
    body: {
      facets: [
        { field: "status", values: [{ value: "ok", spans: 1 }], otherSpans: 0 },
        { field: "modelServed", values: [{ value: "m1", spans: 1 }], otherSpans: 1 },
      ],
    },
  });
});

test("a session has its traces in the order in which they began, page after page", async ({ expect }) => {
  const traceIds = async (query: Readonly<Record<string, string | number>>) => {
    const { body } = await ask(`sessions/${encodeURIComponent("a/b ?é")}`, query);
    return body;
  };
  const first = await traceIds({ limit: 2, toMs: range.toMs });
  expect(first).toMatchObject({
    session: { sessionId: "a/b ?é", traces: 3, spans: 3, userIds: ["ann"] },
    traces: [{ traceId: "1".padStart(32, "0") }, { traceId: "2".padStart(32, "0") }],
  });
  const cursor: unknown = Reflect.get(Object(first), "nextCursor");
  expect(await traceIds({ limit: 2, toMs: range.toMs, cursor: String(cursor) })).toMatchObject({
    traces: [{ traceId: "3".padStart(32, "0") }],
    nextCursor: null,
  });
  expect(await ask("users/ann", { toMs: range.toMs, limit: 1 })).toMatchObject({
    status: 200,
    body: { user: { userId: "ann", sessions: 1 }, traces: [{ traceId: "3".padStart(32, "0") }] },
  });
  expect(await ask("users/nobody")).toMatchObject({ status: 404, body: { error: { param: "userId" } } });
  expect(await ask("sessions/none")).toMatchObject({ status: 404, body: { error: { param: "sessionId" } } });
});
