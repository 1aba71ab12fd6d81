import { afterAll, beforeAll, beforeEach, describe, test, vi } from "vitest";
import * as z from "zod";
import { clickhouseOf } from "#adapters/clickhouse/client.ts";
import { replacing } from "#adapters/recorder/replacing.fixture.ts";
import { createObject } from "#adapters/r2/create-object.ts";
import { joinBytes } from "#core/bytes.ts";
import type { Replay } from "#core/contracts/api/replay.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import { scoreFixture } from "#core/ingest/score.fixture.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { startStores } from "#migrations/stores.fixture.ts";
import { abandonReplay, advanceReplay, beginReplay, readReplay } from "./replay.ts";
import { storeObject } from "./store-object.ts";

vi.spyOn(console, "error").mockReturnValue(undefined);

vi.setConfig({ testTimeout: 120_000 });

const region = "us-east";
const dayMs = 86_400_000;
const nowMs = Date.now();
const today = dayOf(nowMs);
const projectId = "0193c5a0-0000-7000-8000-00000000000a";
let stores: Awaited<ReturnType<typeof startStores>>;

beforeAll(async () => {
  stores = await startStores();
  const { organizationId } = spanFixture();
  await stores.query(`INSERT INTO organizations (id, name) VALUES ('${organizationId}', 'o')`);
  const policy = JSON.stringify({ retention: { payloadDays: 20, spanDays: 40 } });
  await stores.query(
    `INSERT INTO projects (id, organization_id, name, home_region, policy) VALUES ('${projectId}', '${organizationId}', 'p', '${region}', '${policy}')`,
  );
});
afterAll(async () => {
  await stores.stop();
});
beforeEach(async () => {
  const { objects } = await stores.bucket.list();
  await stores.bucket.delete(objects.map(({ key }) => key));
  for (const table of ["spans", "scores", "trace_times"]) await command(`TRUNCATE TABLE ${table}`);
});

async function command(query: string): Promise<void> {
  await clickhouseOf(stores.env, region).command({ query, clickhouse_settings: { mutations_sync: "1" } });
}

async function rows(query: string): Promise<unknown[]> {
  const result = await clickhouseOf(stores.env, region).query({ query, format: "JSONEachRow" });
  return z.array(z.unknown()).parse(await result.json());
}

/** Everything that can be asked of the spans, to the last digit, but when they came into their table. */
const allSpans = async () => await rows("SELECT * EXCEPT (inserted_at) FROM spans FINAL ORDER BY trace_id, span_id");
const allScores = async () => await rows("SELECT * FROM scores FINAL ORDER BY trace_id, score_id");
const allTraces = async () => await rows("SELECT * FROM trace_times FINAL ORDER BY trace_id");

let lastObject = 0;

/** A raw object of a day, with spans that began so many days before it came. */
async function putObject(daysAgo: number, beganDaysBefore: readonly number[], changes: Readonly<Record<string, unknown>> = {}) {
  lastObject += 1;
  const receivedAtMs = nowMs - daysAgo * dayMs;
  const key = `raw/${region}/${dayOf(receivedAtMs)}/0-1/${lastObject}`;
  const frames = beganDaysBefore.map((days, index) => {
    const startedAtMs = Math.floor(receivedAtMs - days * dayMs);
    const id = `${lastObject}${String(index).padStart(3, "0")}`;
    const cost = { source: "override", priceVersion: "1", buckets: buckets(lastObject), totalNanoUsd: lastObject * 1_000_003 + index };
    const ids = { traceId: id.padStart(32, "0"), spanId: id.padStart(16, "0") };
    return encodeFrame(JSON.stringify(spanFixture({ projectId, ...ids, startedAtMs, endedAtMs: startedAtMs + 7, cost, ...changes })));
  });
  const scoreId = `0193c5a0-0000-8000-8000-${String(lastObject).padStart(12, "0")}`;
  frames.push(encodeFrame(JSON.stringify(scoreFixture({ projectId, scoreId, atMs: Math.floor(receivedAtMs), value: lastObject / 7 }))));
  await createObject(stores.bucket, key, joinBytes(frames), { mediaType: "application/octet-stream", receivedAtMs });
  return key;
}

function buckets(costNanoUsd: number): Record<string, number> {
  const names = ["inputTokens", "inputCachedTokens", "cacheWriteTokens", "cacheWriteHourTokens", "inputAudioTokens", "inputImageTokens"];
  return Object.fromEntries([...names, "outputTokens", "reasoningTokens", "outputAudioTokens"].map((name) => [name, costNanoUsd]));
}

async function consume(key: string): Promise<void> {
  const stored = await storeObject(stores.env, region, key, nowMs);
  if (stored.kind !== "done") throw new Error(`${key}: ${stored.kind}`);
}

/** Lets a replay go on until `isThere`, by its own clock; `meanwhile` runs after every part. */
async function runUntil(step: Replay["step"], meanwhile: (replay: Replay) => Promise<void> = async () => {}): Promise<Replay> {
  // A bucket may give fewer than it is asked for.
  const list = async (options: object) => await stores.bucket.list({ ...options, limit: 4 });
  const env = { ...stores.env, BUCKET_US_EAST: replacing(stores.bucket, { list }) };
  for (let part = 0; part < 50; part += 1) {
    const replay = await readReplay(env, region);
    if (replay === null || replay.step === step || replay.step === "refused") return replay ?? Promise.reject(new Error("none"));
    // Each part a minute later, so that inserts into the former tables have ended.
    const advanced = await advanceReplay(env, replay, Date.now() + part * 60_000);
    if (advanced.kind === "later") throw new Error(advanced.reason);
    await meanwhile(advanced.replay);
  }
  throw new Error("the replay does not end");
}

async function begin(fromDay: string, toDay: string): Promise<Replay> {
  // Of each of the tests' replays the tables have names of their own.
  lastObject += 1;
  const begun = await beginReplay(stores.env, region, { fromDay, toDay }, nowMs + lastObject * 1_000);
  if (begun.kind !== "begun") throw new Error(begun.kind);
  return begun.replay;
}

async function replay(fromDay: string, toDay: string): Promise<Replay> {
  await begin(fromDay, toDay);
  return await runUntil("done");
}

describe("a replay", () => {
  test("restores rows that are gone and rows that were changed, to the last digit, over months and pages of objects", async ({
    expect,
  }) => {
    for (let count = 0; count < 9; count += 1) await consume(await putObject(count % 3, [0, 0.01, 35]));
    const before = [await allSpans(), await allScores(), await allTraces()];
    const [{ now }] = z.tuple([z.object({ now: z.string() })]).parse(await rows("SELECT now64(6) AS now"));
    await command("ALTER TABLE spans DELETE WHERE cityHash64(span_id) % 3 = 0");
    await command("ALTER TABLE spans UPDATE cost_nano_usd = cost_nano_usd + 1, input_text = 'x' WHERE cityHash64(span_id) % 3 = 1");
    await command("TRUNCATE TABLE trace_times");
    await command("ALTER TABLE scores DELETE WHERE value < 0.5");
    await command("ALTER TABLE scores UPDATE value = value + 0.1 WHERE value > 0.8");
    expect((await allSpans()).length).toBeLessThan(27);
    const done = await replay(dayOf(nowMs - 2 * dayMs), today);
    expect([await allSpans(), await allScores(), await allTraces()]).toEqual(before);
    // Whoever makes figures of what has come in makes them anew.
    expect(await rows(`SELECT span_id FROM spans FINAL WHERE inserted_at < '${now}'`)).toEqual([]);
    expect(done).toMatchObject({ step: "done", objects: 9, after: { spans: 27 } });
    expect(await rows("SELECT name FROM system.databases WHERE name LIKE '%replay%'")).toEqual([]);
    expect(await rows("SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%replay%'")).toEqual([]);
  });

  test("leaves alone what objects outside its days brought, and what came from nowhere", async ({ expect }) => {
    await consume(await putObject(5, [0, 30]));
    await consume(await putObject(1, [0]));
    await command("ALTER TABLE spans UPDATE cost_nano_usd = 5 WHERE true");
    const [, , yesterdays] = await allSpans();
    await command(
      "INSERT INTO spans (project_id, trace_id, span_id, started_at, batch_object) VALUES (generateUUIDv4(), 'f', 'f', now(), '')",
    );
    const before = await allSpans();
    expect((await replay(dayOf(nowMs - dayMs), dayOf(nowMs - dayMs))).objects).toBe(1);
    const after = await allSpans();
    expect(after).toHaveLength(4);
    expect(after.filter((row) => !before.some((other) => JSON.stringify(other) === JSON.stringify(row)))).toHaveLength(1);
    expect(after).not.toContainEqual(yesterdays);
  });

  test("loses nothing that consumers store while it runs, whichever table they meet", async ({ expect }) => {
    const first = await putObject(0, [0]);
    await consume(first);
    await begin(today, today);
    const steps: string[] = [];
    await runUntil("done", async ({ step }) => {
      steps.push(step);
      await consume(await putObject(0, [0]));
      await consume(await putObject(3, [0]));
      await consume(first);
      // A consumer that had looked up the table before it changed its place.
      const [former] = z
        .array(z.object({ name: z.string() }))
        .parse(
          await rows("SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'spans_replay_%' ORDER BY name"),
        );
      if (step === "settle" && former !== undefined && !steps.slice(0, -1).includes("settle")) {
        await command(
          `INSERT INTO ${former.name} (project_id, trace_id, span_id, started_at, batch_object) VALUES (generateUUIDv4(), 'late', 'late', now(), 'raw/late')`,
        );
      }
    });
    expect(new Set(steps)).toEqual(new Set(["verify", "copy", "swap", "settle", "drop", "done"]));
    const ids = (await rows("SELECT batch_object FROM spans FINAL ORDER BY batch_object")).map((row) => JSON.stringify(row));
    const { objects } = await stores.bucket.list({ prefix: "raw/" });
    expect(ids).toEqual([...objects.map(({ key }) => key), "raw/late"].toSorted().map((key) => JSON.stringify({ batch_object: key })));
  });

  test("that was cut at any point goes on from there, and a repeated part changes nothing", async ({ expect }) => {
    for (let count = 0; count < 3; count += 1) await consume(await putObject(0, [0, 35]));
    const before = await allSpans();
    await command("ALTER TABLE spans UPDATE cost_nano_usd = 5 WHERE true");
    await begin(today, today);
    // Each part runs twice from the same marker, as after a crash before the marker was written.
    for (let part = 0; part < 50; part += 1) {
      const marker = await readReplay(stores.env, region);
      if (marker === null || marker.step === "done") break;
      for (const _ of [1, 2]) await advanceReplay(stores.env, marker, Date.now() + part * 60_000);
    }
    expect((await readReplay(stores.env, region))?.step).toBe("done");
    expect(await allSpans()).toEqual(before);
  });

  test("is refused where rows that are stored would be missing, and changes nothing then", async ({ expect }) => {
    const key = await putObject(0, [0]);
    await consume(key);
    await command(
      `INSERT INTO spans (project_id, trace_id, span_id, started_at, batch_object) VALUES (generateUUIDv4(), 'f', 'f', now(), '${key}')`,
    );
    const before = await allSpans();
    await begin(today, today);
    expect(await runUntil("done")).toMatchObject({
      step: "refused",
      reason: "1 rows of spans that are stored now are not among what was replayed",
    });
    expect(await beginReplay(stores.env, region, { fromDay: today, toDay: today }, nowMs)).toMatchObject({ kind: "busy" });
    const refused = await readReplay(stores.env, region);
    expect(refused === null ? null : await abandonReplay(stores.env, refused)).toMatchObject({ step: "abandoned" });
    expect(await allSpans()).toEqual(before);
    expect(await rows("SELECT name FROM system.databases WHERE name LIKE '%replay%'")).toEqual([]);
  });

  test("brings nothing back that has expired", async ({ expect }) => {
    await consume(await putObject(2, [0]));
    const expired = await putObject(2, [41, 30]);
    await begin(dayOf(nowMs - 2 * dayMs), today);
    await runUntil("done");
    expect(await rows(`SELECT input_kind, input_omitted_reason FROM spans FINAL WHERE batch_object = '${expired}'`)).toEqual([
      { input_kind: "omitted", input_omitted_reason: "expired" },
    ]);
    expect(await allSpans()).toHaveLength(2);
  });
});
