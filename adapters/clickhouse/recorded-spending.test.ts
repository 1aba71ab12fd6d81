import { afterAll, beforeAll, test } from "vitest";
import { projectIdSchema } from "#core/contracts/id.ts";
import { limitIdSchema } from "#core/contracts/limits.ts";
import type { Region } from "#core/contracts/region.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { holdIdOf } from "#core/limits/hold-id.ts";
import { applyClickhouse } from "#migrations/apply-clickhouse.ts";
import { startClickhouse } from "#migrations/clickhouse.fixture.ts";
import { insertSpans } from "./insert-spans.ts";
import { readRecordedSpending } from "./recorded-spending.ts";

const at = 1_795_000_000_000;
const projectId = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000001");
const limitId = limitIdSchema.parse("0193c5a0-0000-7000-8000-0000000000a1");
const otherLimitId = limitIdSchema.parse("0193c5a0-0000-7000-8000-0000000000a2");
let server: Awaited<ReturnType<typeof startClickhouse>>;
let env: { CLICKHOUSE_URL_US_EAST: string };

beforeAll(async () => {
  server = await startClickhouse(["recorded"]);
  env = { CLICKHOUSE_URL_US_EAST: server.url("recorded") };
  await applyClickhouse("us-east", env.CLICKHOUSE_URL_US_EAST);
});
afterAll(async () => {
  await server.stop();
});

const hold = (settled: number, isPresumed = false, limit = limitId, window = "day-1") =>
  holdIdOf({ receipt: { book: `${limit}/${window}/somebody`, epoch: 1, seq: 1 }, isPocketed: true, settled, isPresumed });

let spans = 0;
function call(servingRegion: Region, totalNanoUsd: number | null, holdIds: string[]) {
  spans += 1;
  const zero = {
    inputTokens: 0,
    inputCachedTokens: 0,
    cacheWriteTokens: 0,
    cacheWriteHourTokens: 0,
    inputAudioTokens: 0,
    inputImageTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    outputAudioTokens: 0,
  };
  const cost = totalNanoUsd === null ? null : { source: "price-book", priceVersion: "b@1", buckets: zero, totalNanoUsd };
  const id = String(spans);
  return spanFixture({
    projectId,
    servingRegion,
    cost,
    holdIds,
    traceId: id.padStart(32, "0"),
    spanId: id.padStart(16, "0"),
    startedAtMs: at,
    endedAtMs: at + 1,
  });
}

test("what is recorded of a budget in a window is told by region, with the calls whose holds were settled at something else", async ({
  expect,
}) => {
  const stored = [
    call("us-east", 100, [hold(100), hold(100, false, otherLimitId)]),
    // An attempt that was cut, and the one that was answered.
    call("us-east", 30, [hold(500, true), hold(30)]),
    call("eu-west", null, [hold(7, true)]),
    // Of another window, of another limit, of none, and of an older gateway that did not say what it settled at.
    call("eu-west", 9, [hold(9, false, limitId, "day-2")]),
    call("eu-west", 9, [hold(9, false, otherLimitId)]),
    call("eu-west", 9, []),
    call("eu-west", 9, [`${limitId}:1:1`]),
  ];
  const batchObject = "raw/us-east/2026-11-24/0-1/1";
  const rows = stored.map((span) => ({ ...span, batchObject, receivedAtMs: at }));
  expect(await insertSpans(env, "us-east", batchObject, rows)).toMatchObject({ kind: "inserted" });
  const request = { projectIds: [projectId], limitId, windowId: "day-1", sinceMs: at, untilMs: at + 1 };
  const { sums, differing } = await readRecordedSpending(env, "us-east", request, 10);
  expect(sums.toSorted((left, right) => (left.region < right.region ? -1 : 1))).toEqual([
    { region: "eu-west", calls: 1, cost: 0, known: 0, presumed: 7, presumedBeyondCost: 7 },
    { region: "us-east", calls: 2, cost: 130, known: 130, presumed: 500, presumedBeyondCost: 500 },
  ]);
  expect(differing.map(({ spanId, ...rest }) => ({ span: Number(spanId), ...rest }))).toMatchObject([
    { span: 2, region: "us-east", costNanoUsd: 30, settledNanoUsd: 530, isPresumed: true },
    { span: 3, region: "eu-west", costNanoUsd: null, settledNanoUsd: 7, isPresumed: true },
  ]);
  expect(await readRecordedSpending(env, "us-east", { ...request, untilMs: at }, 10)).toEqual({ sums: [], differing: [] });
});
