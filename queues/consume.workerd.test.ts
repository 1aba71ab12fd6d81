import { joinBytes } from "#core/bytes.ts";
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, test, vi } from "vitest";
import { replacing } from "#adapters/recorder/replacing.fixture.ts";
import { createObject } from "#adapters/r2/create-object.ts";
import { writeEdgeObject } from "#adapters/r2/edge-object.ts";
import { usageBuckets } from "#core/contracts/usage.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import { scoreFixture } from "#core/ingest/score.fixture.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { captureClickhouse, clickhouseUrls } from "./clickhouse.fixture.ts";
import { RecentObjects } from "./recent-objects.ts";
import { consumeBatch, type ConsumerEnv } from "./consume.ts";
import { sweep } from "./sweep.ts";

const wire = captureClickhouse();
const appEnv = { ...env, ...clickhouseUrls };
const bucket = env.BUCKET_US_EAST;
const minuteMs = 60_000;
const until = { timeout: 15_000, interval: 20 };

function frame(changes: Readonly<Record<string, unknown>> = {}): Uint8Array {
  return encodeFrame(JSON.stringify(spanFixture(changes)));
}

let lastSeq = 0;

/** An object as a buffer of another shard would have sealed it. */
async function putObject(frames: Uint8Array, receivedAtMs = Date.now()): Promise<string> {
  lastSeq += 1;
  const key = `raw/us-east/${dayOf(receivedAtMs)}/7-1/${lastSeq}`;
  await createObject(bucket, key, frames, { mediaType: "application/octet-stream", receivedAtMs });
  return key;
}

/** Runs one batch, as in an isolate that has seen none of it; gives what became of each message: acknowledged, or to be brought again. */
async function consume(
  keys: readonly unknown[],
  queue = "evalforge-events-us-east",
  consumerEnv: ConsumerEnv = appEnv,
  recent = new RecentObjects(),
): Promise<{ acknowledged: string[]; retried: string[] }> {
  const messages = keys.map((body, index) => ({ id: `m${index}`, timestamp: Date.now(), attempts: 1, body }));
  const batch = createMessageBatch(queue, messages);
  const context = createExecutionContext();
  await consumeBatch(batch, consumerEnv, recent);
  const result = await getQueueResult(batch, context);
  return { acknowledged: result.explicitAcks.toSorted(), retried: result.retryMessages.map(({ msgId }) => msgId).toSorted() };
}

async function deadLetters(part: string): Promise<unknown[]> {
  const { objects } = await bucket.list({ prefix: "dead/us-east/" });
  const mine = objects.filter(({ key }) => key.includes(part));
  return await Promise.all(mine.map(async ({ key }) => await (await bucket.get(key))?.json()));
}

function rowCount(token: string): number[] {
  return wire.rows.get(token) ?? [];
}

describe("an object", () => {
  test("is one insert under its key, and its buffer is told", async ({ expect }) => {
    const buffer = env.EVENT_BUFFER.getByName("us-west:0");
    const spanId = "1111111111111111";
    await buffer.append("a", frame({ spanId, homeRegion: "us-west" }));
    const key = await vi.waitFor(async () => {
      const [object] = (await env.BUCKET_US_WEST.list({ prefix: "raw/" })).objects;
      expect(object?.key).toMatch(/^raw\/us-west\//);
      expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 1, unsealedBytes: 0 });
      return object?.key ?? "";
    }, until);
    expect(await consume([key], "evalforge-events-us-west")).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(rowCount(key)).toEqual([1]);
    expect(wire.inserts.get(key)?.[0]).toContain(spanId);
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 0, dead: 0 });
  });

  test("brought twice is inserted under the same token with the same rows, byte for byte", async ({ expect }) => {
    const key = await putObject(joinBytes([frame(), frame({ spanId: "2222222222222222" })]));
    for (const _ of [1, 2, 3]) await consume([key]);
    const bodies = wire.inserts.get(key) ?? [];
    expect(rowCount(key)).toEqual([2, 2, 2]);
    expect(new Set(bodies).size).toBe(1);
    expect([...wire.inserts.keys()]).toEqual([key]);
  });

  test("is read while the store takes the one before it, but not before that one has gone out", async ({ expect }) => {
    const keys = [await putObject(frame()), await putObject(frame({ spanId: "2222222222222222" }))];
    const steps: string[] = [];
    const get = async (key: string) => {
      steps.push(`read ${keys.indexOf(key)}`);
      return await bucket.get(key);
    };
    vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      const at = keys.indexOf(new URL(request.url).searchParams.get("insert_deduplication_token") ?? "");
      // Long enough for the next one to be read, were that not to wait.
      await new Promise((resolve) => setTimeout(resolve, 50));
      steps.push(`taken ${at}`);
      await request.arrayBuffer();
      if (at === 0) await vi.waitFor(() => expect(steps).toContain("read 1"), until);
      steps.push(`stored ${at}`);
      return new Response("");
    });
    const reading = { ...appEnv, BUCKET_US_EAST: replacing(bucket, { get }) };
    expect(await consume(keys, "evalforge-events-us-east", reading)).toEqual({ acknowledged: ["m0", "m1"], retried: [] });
    expect(steps).toEqual(["read 0", "taken 0", "read 1", "stored 0", "taken 1", "stored 1"]);
  });

  test("brought again to an isolate that is at it, or has stored it, makes no work; one that was not stored is begun anew", async ({
    expect,
  }) => {
    const key = await putObject(frame());
    const recent = new RecentObjects();
    const bring = async () => await consume([key, key], "evalforge-events-us-east", appEnv, recent);
    wire.down = true;
    expect(await bring()).toEqual({ acknowledged: ["m1"], retried: ["m0"] });
    wire.down = false;
    expect(await bring()).toEqual({ acknowledged: ["m0", "m1"], retried: [] });
    expect(await bring()).toEqual({ acknowledged: ["m0", "m1"], retried: [] });
    expect(rowCount(key)).toEqual([1]);
  });

  test("is simply inserted again under its token, for as long as that is remembered", async ({ expect }) => {
    const key = await putObject(frame(), Date.now() - 22 * 60 * minuteMs);
    wire.stored.set(key, 1);
    expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    expect([rowCount(key), wire.counts]).toEqual([[1], 0]);
  });

  test("older than 23 hours is inserted again only where some of its spans are missing", async ({ expect }) => {
    const frames = joinBytes([frame(), frame(), frame({ spanId: "5".repeat(16) })]);
    const [whole, partly, missing] = [
      await putObject(frames, Date.now() - 24 * 60 * minuteMs),
      await putObject(frames, Date.now() - 24 * 60 * minuteMs),
      await putObject(frames, Date.now() - 24 * 60 * minuteMs),
    ];
    // Two of its three events are the same span.
    wire.stored.set(whole, 2);
    wire.stored.set(partly, 1);
    expect(await consume([whole, partly, missing])).toEqual({ acknowledged: ["m0", "m1", "m2"], retried: [] });
    expect([whole, partly, missing].map(rowCount)).toEqual([[], [3], [3]]);
    expect(wire.counts).toBe(3);
  });

  test("that comes again when its spans have expired brings none of them back, and no word of younger ones", async ({ expect }) => {
    const dayMs = 24 * 60 * minuteMs;
    const retention = { payloadDays: 1, spanDays: 7 };
    wire.retentions = [[spanFixture().projectId, { retention }]];
    const late = { startedAtMs: Date.now() - 2 * dayMs, endedAtMs: Date.now() - 2 * dayMs, spanId: "6".repeat(16) };
    const input = { kind: "inline", mediaType: "text/plain", text: "words ".repeat(20_000) };
    const gone = { startedAtMs: Date.now() - 8 * dayMs, endedAtMs: Date.now() - 8 * dayMs, spanId: "7".repeat(16), input };
    const key = await putObject(joinBytes([frame({ ...late, input }), frame(gone)]), Date.now() - 26 * 60 * minuteMs);
    const payloads = async () => (await bucket.list({ prefix: "payloads/" })).objects.length;
    const before = await payloads();
    expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    const [body = ""] = wire.inserts.get(key) ?? [];
    expect([rowCount(key), body.includes("6".repeat(16)), body.includes("words"), await payloads()]).toEqual([[1], true, false, before]);
  });

  test("with a bad event loses that one alone, to a dead letter with its reason", async ({ expect }) => {
    const key = await putObject(
      joinBytes([
        frame(),
        encodeFrame("{"),
        encodeFrame('{"schemaVersion":1}'),
        frame({ homeRegion: "eu-west" }),
        frame({ spanId: "3333333333333333" }),
      ]),
    );
    expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(rowCount(key)).toEqual([2]);
    expect(await deadLetters(key.replaceAll("/", "_"))).toMatchObject([
      {
        key,
        events: [
          { index: 1, reason: "not-json", text: "{" },
          { index: 2, reason: "organizationId: Invalid input: expected string, received undefined", text: '{"schemaVersion":1}' },
          // Its text may lie in its own region only.
          { index: 3, reason: "homeRegion: is eu-west, the object is of us-east", text: "" },
        ],
      },
    ]);
  });

  test("with a payload over 64 KB has it in the bucket, and a reference in the row", async ({ expect }) => {
    const text = "y".repeat(65_537);
    const key = await putObject(frame({ output: { kind: "inline", mediaType: "text/plain", text } }));
    await consume([key]);
    const sha256 = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
    expect(wire.inserts.get(key)?.[0]).toContain(sha256);
    expect(wire.inserts.get(key)?.[0]).not.toContain(text);
    expect(await (await bucket.get(`payloads/${spanFixture().projectId}/${sha256}`))?.text()).toBe(text);
  });
});

describe("scores of an object", () => {
  const score = scoreFixture();

  test("are an insert of their own, under a token that follows from the object's key, the same at each try", async ({ expect }) => {
    const key = await putObject(joinBytes([encodeFrame(JSON.stringify(score)), frame()]));
    for (const _ of [1, 2]) expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    expect([rowCount(key), rowCount(`${key}#scores`)]).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(new Set(wire.inserts.get(`${key}#scores`)).size).toBe(1);
    expect([...wire.inserts.keys()].toSorted()).toEqual([key, `${key}#scores`]);
  });

  test("that cannot be stored are dead alone; the other score and the span go on", async ({ expect }) => {
    wire.refuses = { text: "poison", code: 26, name: "CANNOT_PARSE_QUOTED_STRING" };
    const key = await putObject(
      joinBytes([
        encodeFrame(JSON.stringify(score)),
        encodeFrame(JSON.stringify({ ...score, comment: "poison" })),
        encodeFrame(JSON.stringify({ ...score, traceId: "x" })),
        encodeFrame(JSON.stringify({ ...score, homeRegion: "eu-west" })),
        frame(),
      ]),
    );
    expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    expect([rowCount(key), rowCount(`${key}#scores`), rowCount(`${key}#scores#0`)]).toEqual([[1], [], [1]]);
    expect(await deadLetters(key.replaceAll("/", "_"))).toMatchObject([
      {
        events: [
          { index: 2, reason: "traceId: must be 32 hexadecimal digits, not all zero" },
          { index: 3, reason: "homeRegion: is eu-west, the object is of us-east", text: "" },
          { index: 1, text: JSON.stringify({ ...score, comment: "poison" }) },
        ],
      },
    ]);
  });

  test("of a newer meaning hold their object up until the consumer is as new", async ({ expect }) => {
    const key = await putObject(joinBytes([frame(), encodeFrame(JSON.stringify({ ...score, schemaVersion: 3 }))]));
    expect(await consume([key])).toEqual({ acknowledged: [], retried: ["m0"] });
    expect([...wire.inserts.keys()]).toEqual([]);
  });

  test("older than 23 hours are inserted again only where some are missing", async ({ expect }) => {
    const frames = encodeFrame(JSON.stringify(score));
    const [whole, missing] = [
      await putObject(frames, Date.now() - 24 * 60 * minuteMs),
      await putObject(frames, Date.now() - 24 * 60 * minuteMs),
    ];
    wire.stored.set(whole, 1);
    await consume([whole, missing]);
    expect([rowCount(`${whole}#scores`), rowCount(`${missing}#scores`)]).toEqual([[], [1]]);
  });
});

describe("spans of newer code, while a deploy is under way", () => {
  test("are stored without the fields that this code does not know, wherever those stand", async ({ expect }) => {
    const known = {
      usage: Object.fromEntries(usageBuckets.map((bucket) => [bucket, 1])),
      cost: {
        source: "override",
        priceVersion: "1",
        buckets: Object.fromEntries(usageBuckets.map((bucket) => [bucket, 2])),
        totalNanoUsd: 2,
      },
      error: { code: "upstream_cut", message: "m", upstreamStatus: null },
      finishReason: { unified: "stop", raw: "stop" },
      upstreamRequest: { url: "https://provider.test", changedFields: {} },
    };
    const newer = {
      ...spanFixture(known),
      later: 1,
      usage: { ...known.usage, laterTokens: 1 },
      cost: { ...known.cost, later: 1, buckets: { ...known.cost.buckets, laterTokens: 1 } },
      error: { ...known.error, later: 1 },
      finishReason: { ...known.finishReason, later: 1 },
      upstreamRequest: { ...known.upstreamRequest, later: 1 },
      input: { kind: "inline", mediaType: "text/plain", text: "a", later: 1 },
    };
    const [plain, extended] = [
      await putObject(frame({ ...known, input: { kind: "inline", mediaType: "text/plain", text: "a" } })),
      await putObject(encodeFrame(JSON.stringify(newer))),
    ];
    expect(await consume([plain, extended])).toEqual({ acknowledged: ["m0", "m1"], retried: [] });
    // The last columns tell of the object.
    const spanOf = (key: string) => wire.inserts.get(key)?.[0]?.split("batch_object")[0];
    expect(spanOf(extended)).toContain("upstream_cut");
    expect(spanOf(extended)).toBe(spanOf(plain));
    expect(await deadLetters(extended.replaceAll("/", "_"))).toEqual([]);
  });

  test("with another meaning wait for newer code, with their whole object, from both queues", async ({ expect }) => {
    const key = await putObject(joinBytes([frame(), encodeFrame(JSON.stringify({ ...spanFixture(), schemaVersion: 3 }))]));
    expect(await consume([key])).toEqual({ acknowledged: [], retried: ["m0"] });
    expect(await consume([key], "evalforge-dead-us-east")).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(await deadLetters(key.replaceAll("/", "_"))).toEqual([]);
    expect(rowCount(key)).toEqual([]);
  });
});

describe("what cannot be stored", () => {
  test("waits while ClickHouse is down: the queue brings it again, the last queue leaves it to the buffer, nothing is dead", async ({
    expect,
  }) => {
    wire.down = true;
    const key = await putObject(frame(), Date.now() - 20 * minuteMs);
    expect(await consume([key])).toEqual({ acknowledged: [], retried: ["m0"] });
    expect(await consume([key], "evalforge-dead-us-east")).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(await deadLetters(key.replaceAll("/", "_"))).toEqual([]);
    wire.down = false;
    expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(rowCount(key)).toEqual([1]);
  });

  test("waits while R2 is down, from both queues, and is stored when it is back", async ({ expect }) => {
    const key = await putObject(frame());
    const down = { ...appEnv, BUCKET_US_EAST: replacing(bucket, { get: () => Promise.reject(new Error("R2 is down")) }) };
    expect(await consume([key], "evalforge-events-us-east", down)).toEqual({ acknowledged: [], retried: ["m0"] });
    expect(await consume([key], "evalforge-dead-us-east", down)).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(await deadLetters(key.replaceAll("/", "_"))).toEqual([]);
    expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(rowCount(key)).toEqual([1]);
  });

  test("is never acknowledged to its buffer while ClickHouse is down, from neither queue", async ({ expect }) => {
    const buffer = env.EVENT_BUFFER.getByName("us-east:0");
    await buffer.append("a", frame());
    const key = await vi.waitFor(async () => {
      const object = (await bucket.list({ prefix: "raw/us-east/" })).objects.find((each) => each.key.includes("/0-"));
      expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 1, unsealedBytes: 0 });
      return object?.key ?? "";
    }, until);
    wire.down = true;
    await consume([key]);
    await consume([key], "evalforge-dead-us-east");
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 1, dead: 0 });
    wire.down = false;
    await consume([key]);
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 0, dead: 0 });
  });

  test.for([
    [252, "TOO_MANY_PARTS"],
    [241, "MEMORY_LIMIT_EXCEEDED"],
    [243, "NOT_ENOUGH_SPACE"],
    [242, "TABLE_IS_READ_ONLY"],
    [159, "TIMEOUT_EXCEEDED"],
    [60, "UNKNOWN_TABLE"],
  ] as const)("waits for as long as ClickHouse answers %d %s, however old it is: nothing is dead", async ([code, name], { expect }) => {
    wire.refuses = { text: "", code, name };
    const key = await putObject(frame(), Date.now() - 20 * 60 * minuteMs);
    expect(await consume([key])).toEqual({ acknowledged: [], retried: ["m0"] });
    expect(await consume([key], "evalforge-dead-us-east")).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(await deadLetters(key.replaceAll("/", "_"))).toEqual([]);
    wire.refuses = null;
    expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    expect(rowCount(key)).toEqual([1]);
  });

  test("an event that ClickHouse refuses for what it holds is dead alone; the others are stored under tokens that repeat", async ({
    expect,
  }) => {
    const spanIds = ["1", "2", "3", "4", "5"].map((digit) => digit.repeat(16));
    const key = await putObject(joinBytes([encodeFrame("{"), ...spanIds.map((spanId) => frame({ spanId }))]));
    wire.refuses = { text: "4".repeat(16), code: 27, name: "CANNOT_PARSE_INPUT_ASSERTION_FAILED" };
    expect(await consume([key])).toEqual({ acknowledged: ["m0"], retried: [] });
    const tokens = [`${key}#0`, `${key}#1#1`];
    expect([...wire.inserts.keys()]).toEqual(tokens);
    expect(tokens.map((token) => spanIds.filter((spanId) => wire.inserts.get(token)?.[0]?.includes(spanId)))).toEqual([
      spanIds.slice(0, 3),
      spanIds.slice(4),
    ]);
    const letters = await deadLetters(key.replaceAll("/", "_"));
    expect(letters).toMatchObject([
      {
        key,
        reason: "2 events cannot be stored",
        events: [
          { index: 0, reason: "not-json", text: "{" },
          { index: 4, text: JSON.stringify(spanFixture({ spanId: "4".repeat(16) })) },
        ],
      },
    ]);
    await consume([key]);
    expect([...wire.inserts.keys()]).toEqual(tokens);
    expect(tokens.map((token) => new Set(wire.inserts.get(token)).size)).toEqual([1, 1]);
    expect(await deadLetters(key.replaceAll("/", "_"))).toEqual(letters);
  });

  test("nothing of an event is logged, whatever a store says of it", async ({ expect }) => {
    const logged = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level).mockImplementation(() => undefined));
    const secret = { input: { kind: "inline", mediaType: "text/plain", text: "the words of a person" } };
    const waiting = await putObject(frame(secret));
    wire.refuses = { text: "the words", code: 241, name: "MEMORY_LIMIT_EXCEEDED" };
    await consume([waiting]);
    wire.refuses = { text: "the words", code: 27, name: "CANNOT_PARSE_INPUT_ASSERTION_FAILED" };
    await consume([waiting]);
    const lines = logged.flatMap(({ mock }) => mock.calls.map((parts) => parts.map(String).join(" ")));
    vi.restoreAllMocks();
    expect(lines).toEqual([
      JSON.stringify({ level: "warn", event: "object_not_stored", objectKey: waiting, outcome: "later", reason: "clickhouse: code 241" }),
      expect.stringMatching(/^\{"level":"error","event":"dead_letter_written","objectKey":"dead\/us-east\/[\w./-]+","count":1\}$/),
    ]);
  });

  test("an object that is not there, a key that is none: dead from the last queue, and no message beside them waits", async ({
    expect,
  }) => {
    const good = await putObject(frame());
    const keys = ["raw/us-east/2026-11-24/7-1/999999", "no key", { a: 1 }, good];
    expect(await consume(keys)).toEqual({ acknowledged: ["m3"], retried: ["m0", "m1", "m2"] });
    expect(await consume(keys.slice(0, 3), "evalforge-dead-us-east")).toEqual({ acknowledged: ["m0", "m1", "m2"], retried: [] });
    expect(await deadLetters("7-1_999999")).toMatchObject([{ reason: "there is no such object" }]);
    expect(await deadLetters("no_key")).toMatchObject([{ reason: "this is no object's key", key: "no key" }]);
    expect(rowCount(good)).toEqual([1]);
  });

  test("a dead object is told to its buffer as dead, and is not brought again", async ({ expect }) => {
    const buffer = env.EVENT_BUFFER.getByName("eu-west:0");
    await buffer.append("a", frame({ homeRegion: "eu-west" }));
    const key = await vi.waitFor(async () => {
      const [object] = (await env.BUCKET_EU_WEST.list({ prefix: "raw/" })).objects;
      expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 1, unsealedBytes: 0 });
      return object?.key ?? "";
    }, until);
    await env.BUCKET_EU_WEST.delete(key);
    await consume([key], "evalforge-events-eu-west");
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 1, dead: 0 });
    await consume([key], "evalforge-dead-eu-west");
    expect(await buffer.status()).toMatchObject({ sealedUnacknowledged: 0, dead: 1 });
  });

  test.for([
    ["does not reach its buffer", () => Promise.reject(new Error("away"))],
    ["is never answered", () => new Promise<never>(() => {})],
  ] as const)("an acknowledgement that %s costs nothing but another delivery", async ([, acknowledge], { expect }) => {
    const key = await putObject(frame());
    const unreachable = replacing(env.EVENT_BUFFER, { get: () => ({ acknowledge }) });
    const batch = createMessageBatch("evalforge-events-us-east", [{ id: "m0", timestamp: Date.now(), attempts: 1, body: key }]);
    const context = createExecutionContext();
    await consumeBatch(batch, { ...appEnv, EVENT_BUFFER: unreachable }, new RecentObjects());
    expect((await getQueueResult(batch, context)).explicitAcks).toEqual(["m0"]);
    await consume([key]);
    expect(new Set(wire.inserts.get(key)).size).toBe(1);
  });
});

describe("sweep", () => {
  test("takes what edges wrote round a buffer, once, and leaves what must wait", async ({ expect }) => {
    const id = crypto.randomUUID();
    const createdAtMs = Date.now();
    const key = `raw/us-east/${dayOf(createdAtMs)}/edge-${id}/0`;
    await writeEdgeObject(env, { region: "us-east", id, frames: frame({ spanId: "4444444444444444" }), createdAtMs });
    wire.down = true;
    const others = [
      { region: "us-west", done: 0, dead: 0, waiting: 0 },
      { region: "eu-west", done: 0, dead: 0, waiting: 0 },
    ];
    expect(await sweep(appEnv, Date.now())).toEqual([{ region: "us-east", done: 0, dead: 0, waiting: 1 }, ...others]);
    wire.down = false;
    expect(await sweep(appEnv, Date.now())).toEqual([{ region: "us-east", done: 1, dead: 0, waiting: 0 }, ...others]);
    expect(rowCount(key)).toEqual([1]);
    expect(await sweep(appEnv, Date.now())).toEqual([{ region: "us-east", done: 0, dead: 0, waiting: 0 }, ...others]);
    expect(rowCount(key)).toEqual([1]);
    expect(await bucket.head(key)).not.toBeNull();
  });

  test("takes more than one page of them, past those that must wait, though no buffer answers", async ({ expect }) => {
    const createdAtMs = Date.now();
    const spanIds = Array.from({ length: 205 }, (_, index) => (index + 1).toString(16).padStart(16, "0"));
    const write = async (spanId: string) =>
      await writeEdgeObject(env, {
        region: "us-west",
        id: crypto.randomUUID(),
        frames: frame({ spanId, homeRegion: "us-west" }),
        createdAtMs,
      });
    await Promise.all(spanIds.map(write));
    const [waiting = ""] = spanIds;
    wire.refuses = { text: waiting, code: 252, name: "TOO_MANY_PARTS" };
    const silent = replacing(env.EVENT_BUFFER, { get: () => ({ status: () => new Promise<never>(() => {}) }) });
    const swept = await sweep({ ...appEnv, EVENT_BUFFER: silent }, Date.now());
    expect(swept.find(({ region }) => region === "us-west")).toEqual({ region: "us-west", done: 204, dead: 0, waiting: 1 });
    expect(wire.inserts.size).toBe(204);
    expect((await env.BUCKET_US_WEST.list({ prefix: "waiting/" })).objects).toHaveLength(1);
  });

  test("stops at the end of its time, whatever a region waits for", async ({ expect }) => {
    const id = crypto.randomUUID();
    await writeEdgeObject(env, { region: "us-east", id, frames: frame(), createdAtMs: Date.now() });
    const silent = replacing(bucket, { get: () => new Promise<never>(() => {}) });
    // A sweep that began 49 s ago.
    const swept = await sweep({ ...appEnv, BUCKET_US_EAST: silent }, Date.now() - 49_000);
    expect(swept[0]).toEqual({ region: "us-east", done: 0, dead: 0, waiting: 1 });
    expect((await sweep(appEnv, Date.now()))[0]).toEqual({ region: "us-east", done: 1, dead: 0, waiting: 0 });
  });
});
