import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, test, vi } from "vitest";
import { clickhouseOf } from "#adapters/clickhouse/client.ts";
import { replacing } from "#adapters/recorder/replacing.fixture.ts";
import { insertScores } from "#adapters/clickhouse/insert-scores.ts";
import { insertSpans } from "#adapters/clickhouse/insert-spans.ts";
import { spanFromRow, spanRowSchema, spanSelection } from "#adapters/clickhouse/span-from-row.ts";
import { projectIdSchema } from "#core/contracts/id.ts";
import type { Span } from "#core/contracts/span.ts";
import { scoreFixture } from "#core/ingest/score.fixture.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import { expiryOf, keepOf } from "#core/operations/retention.ts";
import { startStores } from "#migrations/stores.fixture.ts";
import { enforceRetention, retentionMarkerKey } from "./retention.ts";

vi.spyOn(console, "info").mockReturnValue(undefined);
vi.spyOn(console, "warn").mockReturnValue(undefined);

const dayMs = 86_400_000;
const region = "us-east";
const { organizationId } = spanFixture();
const projectOf = (digit: string) => projectIdSchema.parse(`0193c5a0-0000-7000-8000-${digit.repeat(12)}`);
/** Two that keep some things for some time, one that keeps all, one whose home is another region. */
const [short, long, forEver, elsewhere] = [projectOf("a"), projectOf("b"), projectOf("c"), projectOf("d")];
const retentions = new Map([
  [short, { payloadDays: 2, spanDays: 10 }],
  [long, { payloadDays: null, spanDays: 20 }],
  [elsewhere, { payloadDays: 1, spanDays: 1 }],
]);
const nowMs = Date.now();
const agoMs = (days: number): number => nowMs - days * dayMs;

let stores: Awaited<ReturnType<typeof startRegion>>;
/** What the region's buffer says is not stored yet. */
let oldestUnacknowledgedAtMs: number | null = null;

async function startRegion() {
  const started = await startStores();
  await started.query(`INSERT INTO organizations (id, name) VALUES ('${organizationId}', 'o')`);
  for (const id of [short, long, forEver, elsewhere]) {
    const policy = JSON.stringify(retentions.has(id) ? { retention: retentions.get(id) } : {});
    const home = id === elsewhere ? "us-west" : region;
    await started.query(
      `INSERT INTO projects (id, organization_id, name, home_region, policy) VALUES ('${id}', '${organizationId}', 'p', '${home}', '${policy}')`,
    );
  }
  const status = () => ({
    epoch: 1,
    unsealedBytes: 0,
    unsealedEvents: 0,
    sealedUnacknowledged: oldestUnacknowledgedAtMs === null ? 0 : 1,
    oldestUnacknowledgedAtMs,
    stored: 0,
    dead: 0,
  });
  // The buffer alone is a stand-in: it runs in workerd only, and is asked for nothing but its status.
  const buffers = { idFromName: (name: string) => name, get: () => ({ status: () => Promise.resolve(status()) }) };
  return { ...started, env: { ...started.env, EVENT_BUFFER: buffers, JURISDICTIONS: "off" as const } };
}

beforeAll(async () => {
  stores = await startRegion();
});
afterAll(async () => {
  await stores.stop();
});
beforeEach(async () => {
  oldestUnacknowledgedAtMs = null;
  const client = clickhouseOf(stores.env, region);
  for (const table of ["spans", "trace_times"]) await client.command({ query: `TRUNCATE TABLE ${table}` });
  const { objects } = await stores.bucket.list();
  await stores.bucket.delete(objects.map(({ key }) => key));
});

let lastSpan = 0;

function spanOf(projectId: string, startedAtMs: number, changes: Readonly<Record<string, unknown>> = {}): Span {
  lastSpan += 1;
  const id = lastSpan.toString(16);
  return spanFixture({
    projectId,
    traceId: id.padStart(32, "0"),
    spanId: id.padStart(16, "0"),
    startedAtMs,
    endedAtMs: startedAtMs + 1_000,
    parameters: { instructions: "words" },
    error: { code: "upstream_error", message: "words", upstreamStatus: 500 },
    input: { kind: "inline", mediaType: "text/plain", text: "words" },
    output: { kind: "omitted", reason: "too-large" },
    upstreamRequest: { url: "https://provider.test", changedFields: { system: "words" } },
    ...changes,
  });
}

async function store(spans: readonly Span[]): Promise<void> {
  lastSpan += 1;
  const rows = spans.map((span) => ({ ...span, batchObject: "raw/us-east/2026-11-24/0-1/1", receivedAtMs: nowMs }));
  const inserted = await insertSpans(stores.env, region, `token ${lastSpan}`, rows);
  if (inserted.kind !== "inserted") throw new Error(inserted.reason);
}

/** Every span as the API reads it, by its id. */
async function storedSpans(): Promise<Span[]> {
  const result = await clickhouseOf(stores.env, region).query({
    query: `SELECT ${spanSelection} FROM spans FINAL ORDER BY span_id`,
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return (await result.json()).map((row) => {
    const { batchObject: _batchObject, receivedAtMs: _receivedAtMs, ...span } = spanFromRow(spanRowSchema.parse(row));
    return span;
  });
}

/** Runs the cron, minute by minute, until the day's run has ended. */
async function runDay(atMs = nowMs, env = stores.env): Promise<void> {
  await vi.waitFor(
    async () => {
      await enforceRetention(env, atMs);
      const marker = (await (await stores.bucket.get(retentionMarkerKey(region)))?.text()) ?? "";
      if (!marker.includes(`"day":"${dayOf(atMs)}","step":"done"`)) throw new Error("the run has not ended");
    },
    { timeout: 30_000, interval: 50 },
  );
}

const keysOf = async (prefix: string) => (await stores.bucket.list({ prefix })).objects.map(({ key }) => key);

test("exactly the rows whose time is over go, and of younger ones what was said; twice is once, and others keep theirs", async ({
  expect,
}) => {
  const onTheMicrosecond = (ms: number) => Math.floor(ms * 1000) / 1000;
  const spans = [short, long, forEver, elsewhere].flatMap((projectId) =>
    [0, 2, 10, 20].flatMap((days) => [
      spanOf(projectId, onTheMicrosecond(agoMs(days))),
      spanOf(projectId, onTheMicrosecond(agoMs(days)) - 0.001),
      spanOf(projectId, agoMs(days) - 3_600_000),
    ]),
  );
  await store(spans);
  const kept = spans.flatMap((span) => {
    const retention = span.projectId === elsewhere ? undefined : retentions.get(span.projectId);
    const keep = retention === undefined ? span : keepOf(span, expiryOf({ projectId: span.projectId, retention }, nowMs));
    return keep === null ? [] : [keep];
  });
  expect([spans.length, kept.length, kept.filter((span) => JSON.stringify(span).includes("words")).length]).toEqual([48, 41, 38]);
  for (const _ of [1, 2]) {
    await runDay();
    expect(await storedSpans()).toEqual(kept);
    await stores.bucket.delete(retentionMarkerKey(region));
  }
  const index = await clickhouseOf(stores.env, region).query({
    query: "SELECT count() FROM trace_times FINAL",
    format: "JSONCompactEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  expect(await index.json()).toEqual([[kept.length]]);
});

test("scores go as spans do, and figures when all of their bucket is over", async ({ expect }) => {
  const scores = [short, forEver].flatMap((projectId, index) =>
    [0, 2, 10].flatMap((days, place) =>
      [0, 1].map((older) =>
        scoreFixture({
          projectId,
          scoreId: `0193c5a0-0000-8000-8000-00000000${index}${place}${older}0`,
          atMs: agoMs(days) - older,
          comment: "words",
        }),
      ),
    ),
  );
  const rows = scores.map((score) => ({ ...score, batchObject: "raw/us-east/2026-11-24/0-1/2", receivedAtMs: nowMs }));
  expect(await insertScores(stores.env, region, "scores", rows)).toEqual({ kind: "inserted" });
  const hour = 3_600;
  const bucketOf = (hours: number) => Math.floor(agoMs(10) / 1000 / hour + hours) * hour;
  for (const [project, hours] of [
    [short, -1],
    [short, 0],
    [forEver, -1],
  ] as const)
    await clickhouseOf(stores.env, region).command({
      query: `INSERT INTO rollups (project_id, level, is_marker, bucket) VALUES ('${project}', ${hour}, false, ${bucketOf(hours)})`,
    });
  await runDay();
  const read = async (query: string) =>
    await (await clickhouseOf(stores.env, region).query({ query, format: "JSONCompactEachRow" })).json();
  expect(await read("SELECT project_id, comment FROM scores FINAL ORDER BY project_id, judged_at DESC")).toEqual([
    [short, "words"],
    [short, "words"],
    [short, "words"],
    [short, ""],
    [short, ""],
    ...Array.from({ length: 6 }, () => [forEver, "words"]),
  ]);
  expect(await read("SELECT project_id, toUnixTimestamp(bucket) FROM rollups ORDER BY project_id, bucket")).toEqual([
    [short, bucketOf(0)],
    [forEver, bucketOf(-1)],
  ]);
});

test("a payload goes when its time is over and no span refers to it any more", async ({ expect }) => {
  // A bucket cannot be told when something was written, so the run is three days ahead.
  const thenMs = nowMs + 3 * dayMs;
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const reference = (text: string) => ({ kind: "reference", mediaType: "text/plain", sha256: hash(text), bytes: 1, preview: "p" });
  await store([
    spanOf(short, nowMs, { input: reference("old alone") }),
    spanOf(short, nowMs, { output: reference("old and young") }),
    spanOf(short, thenMs, { output: reference("old and young") }),
    spanOf(long, nowMs, { input: reference("kept longer") }),
  ]);
  const keep = [
    `payloads/${short}/${hash("old and young")}`,
    `payloads/${long}/${hash("kept longer")}`,
    `payloads/${forEver}/${hash("old alone")}`,
    `payloads/${elsewhere}/${hash("old alone")}`,
  ];
  const go = [`payloads/${short}/${hash("old alone")}`, `payloads/${short}/${hash("never referred to")}`];
  for (const key of [...keep, ...go]) await stores.bucket.put(key, "x");
  await runDay(thenMs - 2 * dayMs);
  expect(await keysOf("payloads/")).toHaveLength(keep.length + go.length);
  await runDay(thenMs);
  expect(await keysOf("payloads/")).toEqual(keep.toSorted());
});

test("objects of several projects go by the strictest one's days, by when their events were accepted, page after page", async ({
  expect,
}) => {
  const put = async (folder: string, days: number, name: string) => {
    const key = `${folder}/us-east/${dayOf(agoMs(days))}/${name}`;
    await stores.bucket.put(key, "", { customMetadata: { receivedAtMs: String(Math.floor(agoMs(days))) } });
    return key;
  };
  const keep = [];
  for (const folder of ["raw", "dead", "lost"]) {
    await Promise.all(Array.from({ length: 10 }, async (_, count) => await put(folder, 3, `0-1/${count}`)));
    await put(folder, 2.0001, "0-1/over");
    keep.push(await put(folder, 1.9999, "0-1/not-over"), await put(folder, 0, "0-1/young"));
  }
  // A bucket may give fewer than it is asked for.
  const list = async (options: object) => await stores.bucket.list({ ...options, limit: 4 });
  await runDay(nowMs, { ...stores.env, BUCKET_US_EAST: replacing(stores.bucket, { list }) });
  const left = (await Promise.all(["dead/", "lost/", "raw/"].map(keysOf))).flat();
  expect(left).toEqual(keep.toSorted());
});

test("nothing of the bucket goes while the region is behind, or nobody knows whether it is", async ({ expect }) => {
  const key = `raw/us-east/${dayOf(agoMs(5))}/0-1/1`;
  await stores.bucket.put(key, "", { customMetadata: { receivedAtMs: String(Math.floor(agoMs(5))) } });
  oldestUnacknowledgedAtMs = nowMs - 2 * 3_600_000;
  for (const _ of [1, 2, 3, 4]) await enforceRetention(stores.env, nowMs);
  expect(await keysOf("raw/")).toEqual([key]);
  oldestUnacknowledgedAtMs = null;
  await runDay();
  expect(await keysOf("raw/")).toEqual([]);
});

test("a run that was cut goes on where it was, also on a later day; the next begins after it", async ({ expect }) => {
  await store([spanOf(short, agoMs(11))]);
  // No time for a second step.
  await enforceRetention(stores.env, nowMs, 0);
  expect(await keysOf("retention/")).toEqual([]);
  await enforceRetention(
    { ...stores.env, DATABASE_URL: "postgres://nobody:x@127.0.0.1:9/none", NEON_FETCH_ENDPOINT: "http://127.0.0.1:9" },
    nowMs,
  );
  expect(await storedSpans()).toHaveLength(1);
  await runDay();
  expect(await storedSpans()).toEqual([]);
  await store([spanOf(short, agoMs(10.5))]);
  await enforceRetention(stores.env, nowMs);
  expect(await storedSpans()).toHaveLength(1);
  await runDay(nowMs + dayMs);
  expect(await storedSpans()).toEqual([]);
});
