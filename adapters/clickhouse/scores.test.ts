import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import { traceIdSchema, type TraceId } from "#core/contracts/id.ts";
import type { Score } from "#core/contracts/score.ts";
import { scoreFixture } from "#core/ingest/score.fixture.ts";
import { applyClickhouse } from "#migrations/apply-clickhouse.ts";
import { startClickhouse } from "#migrations/clickhouse.fixture.ts";
import { clickhouseOf } from "./client.ts";
import { countScores, insertScores } from "./insert-scores.ts";
import { listScores } from "./list-scores.ts";
import { scoreCursor } from "./page-cursor.ts";

const region = "us-east";
let server: Awaited<ReturnType<typeof startClickhouse>>;
let env: { CLICKHOUSE_URL_US_EAST: string };

beforeAll(async () => {
  server = await startClickhouse(["scores"]);
  env = { CLICKHOUSE_URL_US_EAST: server.url("scores") };
  await applyClickhouse(region, env.CLICKHOUSE_URL_US_EAST);
});

afterAll(async () => {
  await server.stop();
});

const { projectId } = scoreFixture();
const receivedAtMs = 1_795_000_002_000;
let objects = 0;

/** Writes scores as one object that was received so much later; gives its key. */
async function store(
  scores: readonly Score[],
  { objectKey = `raw/us-east/2026-11-24/0-1/${(objects += 1)}`, laterMs = 0 } = {},
): Promise<string> {
  const rows = scores.map((score) => ({ ...score, batchObject: objectKey, receivedAtMs: receivedAtMs + laterMs }));
  const result = await insertScores(env, region, `${objectKey}#scores`, rows);
  if (result.kind !== "inserted") throw new Error(result.reason);
  return objectKey;
}

async function scoresOf(traceId: TraceId, limit = 1000, cursor: string | null = null) {
  const read = await listScores(env, region, { projectId, traceId, limit, cursor: cursor === null ? null : scoreCursor.parse(cursor) });
  if (read.kind !== "answered") throw new Error(read.reason);
  return read.value;
}

const hex = (digits: number) =>
  fc.bigInt({ min: 1n, max: 16n ** BigInt(digits) - 1n }).map((value) => value.toString(16).padStart(digits, "0"));
const text = fc.string({ unit: "binary", maxLength: 40 });
const jsonObject = z.record(z.string(), z.unknown());
const anyScore = fc
  .record({
    traceId: hex(32),
    spanId: fc.option(hex(16), { nil: null }),
    sessionId: text,
    name: text,
    type: fc.constantFrom("number", "label", "boolean"),
    value: fc.option(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
      { nil: null },
    ),
    label: text,
    comment: text,
    source: fc.constantFrom("human", "llm", "code", "user"),
    evaluatorId: text,
    evaluatorVersion: text,
    metadata: fc.dictionary(text, fc.oneof(text, fc.boolean(), fc.integer()), { maxKeys: 3, noNullPrototype: true }),
    keyId: fc.option(hex(16), { nil: null }),
    client: text,
  })
  .map((changes) => jsonObject.parse(JSON.parse(JSON.stringify(changes).replaceAll("__proto__", "proto"))))
  .map(scoreFixture);

describe("scores in ClickHouse", () => {
  test("any score is read again exactly as it was written", async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyScore, { minLength: 1, maxLength: 8, selector: ({ traceId }) => traceId }), async (scores) => {
        const batchObject = await store(scores);
        for (const { record: _, ...score } of scores) {
          expect(await scoresOf(score.traceId)).toEqual({ scores: [{ ...score, batchObject, receivedAtMs }], nextCursor: null });
        }
      }),
      { numRuns: 12 },
    );
  });

  test("an object that is written again, at once or later, adds no row, and is counted as it is", async ({ expect }) => {
    const traceId = traceIdSchema.parse("b".repeat(32));
    const scores = [1, 2, 3].map((last) => scoreFixture({ traceId, scoreId: `0193c5a0-0000-8000-8000-00000000000${last}` }));
    const objectKey = await store(scores);
    await Promise.all([store(scores, { objectKey }), store(scores, { objectKey })]);
    const rows = await clickhouseOf(env, region).query({
      query: `SELECT toUInt32(count()) AS rows FROM scores WHERE batch_object = '${objectKey}'`,
      format: "JSONEachRow",
    });
    expect(await rows.json()).toEqual([{ rows: 3 }]);
    expect(await countScores(env, region, objectKey)).toEqual({ kind: "answered", value: 3 });
  });

  test("one that is sent again is replaced by the one received last, though it was judged in another month", async ({ expect }) => {
    const traceId = traceIdSchema.parse("c".repeat(32));
    await store([scoreFixture({ traceId, value: 0.25, atMs: Date.UTC(2026, 9, 31) })]);
    await store([scoreFixture({ traceId, value: 0.75, atMs: Date.UTC(2026, 10, 1) })], { laterMs: 5 });
    expect((await scoresOf(traceId)).scores.map(({ value, atMs }) => [value, atMs])).toEqual([[0.75, Date.UTC(2026, 10, 1)]]);
  });

  test("are paged in the order in which they were judged, each once", async ({ expect }) => {
    const traceId = traceIdSchema.parse("d".repeat(32));
    const ids = [4, 1, 3, 2].map((last) => `0193c5a0-0000-8000-8000-00000000000${last}`);
    // The first two at the same moment.
    const times = [1_795_000_000_000.001, 1_795_000_000_000.001, 1_795_000_000_000.002, 1_795_000_000_000.003];
    await store(ids.map((scoreId, index) => scoreFixture({ traceId, scoreId, atMs: times[index] })));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof scoresOf>> = await scoresOf(traceId, 1, cursor);
      seen.push(...page.scores.map(({ scoreId }) => scoreId.slice(-1)));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(["1", "4", "3", "2"]);
  });
});
