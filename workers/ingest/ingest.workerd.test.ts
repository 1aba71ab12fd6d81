import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, test, vi } from "vitest";
import * as z from "zod";
import { gzip } from "#adapters/gzip.ts";
import { envWhere } from "#adapters/recorder/recorder.fixture.ts";
import { errors } from "#core/contracts/error.ts";
import { keySnapshotSchema } from "#core/contracts/key-snapshot.ts";
import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import { unpackFrames, type UnpackedFrame } from "#adapters/recorder/packets.ts";
import { replacing } from "#adapters/recorder/replacing.fixture.ts";
import { bucketThat, namesIn, newBuffer, objectKeys, rebind, until } from "#durable-objects/buffer.fixture.ts";
import app from "./main.ts";
import { parseBatch, readItems } from "#core/ingest/event-batch.ts";
import { eventRecords } from "./event-records.ts";
import { events } from "./post-events.ts";
import { readBody } from "./read-body.ts";
import type { Sender } from "./sender.ts";
import { takeRecords } from "./take-records.ts";

const snapshot = keySnapshotSchema.parse({
  keyId: "0123456789abcdef",
  secretHash: "",
  organizationId: "0193c5a0-0000-7000-8000-000000000001",
  projectId: "0193c5a0-0000-7000-8000-000000000002",
  homeRegion: "us-west",
  record: "normal",
  revoked: false,
  credentials: {},
  priceOverrides: { "acme/large": { priceVersion: "own-1", ratesNanoUsdPerThousand: { inputTokens: 2000, outputTokens: 4000 } } },
});
const sender: Sender = { snapshot, servingRegion: "us-east", client: "test" };

const nowMs = Date.now();

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request("http://edge/v1/events", { method: "POST", body, headers });

function readAll(items: readonly unknown[]) {
  const sent = parseBatch(JSON.stringify({ events: items }));
  if (sent.kind === "failure") throw new Error(sent.message);
  return readItems(sent, nowMs);
}

/** Takes items on behalf of a sender, as a request that holds them. */
async function take(takingEnv: RecorderEnv, items: readonly unknown[], by: Sender = sender) {
  const batch = readAll(items);
  return await takeRecords(takingEnv, by.snapshot.homeRegion, await eventRecords(batch.items, by, nowMs));
}

describe("events", () => {
  test("are durable in the buffer of the project's region when they are accepted, priced by the organisation's own rates", async ({
    expect,
  }) => {
    const events = [
      { name: "call", startedAtMs: nowMs, provider: "acme", modelRequested: "large", usage: { inputTokens: 10, outputTokens: 3 } },
      { name: "unknown price", startedAtMs: nowMs, provider: "acme", modelRequested: "small", usage: { inputTokens: 10 } },
    ];
    expect(await take(env, events)).toBeNull();
    expect(await env.EVENT_BUFFER.getByName("us-west:0").status()).toMatchObject({ stored: 2 });
    const spans = await vi.waitFor(
      async () => {
        const [object] = (await env.BUCKET_US_WEST.list({ prefix: "raw/us-west/" })).objects;
        const body = await env.BUCKET_US_WEST.get(object?.key ?? "");
        const frames = await Array.fromAsync(unpackFrames(new Uint8Array((await body?.arrayBuffer()) ?? [])));
        expect(frames).toHaveLength(2);
        return frames.map((frame) => (frame.kind === "event" ? frame.value : frame));
      },
      { timeout: 10_000 },
    );
    expect(spans).toMatchObject([
      { name: "call", homeRegion: "us-west", servingRegion: "us-east", keyId: "0123456789abcdef", ingestProtocol: "events" },
      { name: "unknown price", cost: null },
    ]);
    expect(spans[0]).toMatchObject({ cost: { source: "override", priceVersion: "own-1", totalNanoUsd: 32 } });
  });

  test("are taken while R2 is down, wait in their buffer, and are all in the bucket once it is back", async ({ expect }) => {
    const stub = () => env.EVENT_BUFFER.getByName("us-east:0");
    const buffer = { ...newBuffer().buffer, stub };
    const atHome: Sender = { ...sender, snapshot: { ...snapshot, homeRegion: "us-east" } };
    let tries = 0;
    const down = bucketThat(() => {
      tries += 1;
      return Promise.reject(new Error("R2 is down"));
    });
    await rebind(buffer, { BUCKET_US_EAST: down });
    const spanIds = ["a1", "a2", "a3"].map((digits) => digits.padStart(16, "0"));
    for (const spanId of spanIds) expect(await take(env, [{ name: "a", startedAtMs: nowMs, spanId }], atHome)).toBeNull();
    await until(() => expect(tries).toBeGreaterThan(1));
    expect(await stub().status()).toMatchObject({ stored: 3, unsealedEvents: 3, dead: 0 });
    await rebind(buffer, {});
    await until(async () => {
      const keys = await objectKeys(0);
      const spans = (await Promise.all(keys.map(namesIn))).flat();
      expect(
        z
          .array(z.object({ spanId: z.string() }))
          .parse(spans)
          .map(({ spanId }) => spanId),
      ).toEqual(spanIds);
    });
    expect(await stub().status()).toMatchObject({ stored: 3, unsealedEvents: 0, dead: 0 });
  });

  test("a full buffer is answered as busy, and nothing is said to be accepted", async ({ expect }) => {
    const full = envWhere(() => Promise.resolve({ kind: "overloaded", retryAfterMs: 1000 }));
    expect(await take(full, [{ name: "a", startedAtMs: nowMs }])).toMatchObject({
      kind: "failure",
      code: "overloaded",
    });
  });

  test("of a large request go to the buffer in appends of about 1 MB, each event once", async ({ expect }) => {
    const appends: unknown[][] = [];
    const noting = envWhere(({ spanIds, real }) => {
      appends.push(spanIds);
      return real();
    });
    const spanIds = Array.from({ length: 25 }, (_, index) => (index + 1).toString(16).padStart(16, "0"));
    const events = spanIds.map((spanId) => ({ name: "a", startedAtMs: nowMs, spanId, input: "x".repeat(100_000) }));
    expect(await take(noting, events)).toBeNull();
    expect(appends.map((ids) => ids.length)).toEqual([10, 10, 5]);
    expect(appends.flat()).toEqual(spanIds);
  });

  test("a score without an id is the same however often it is sent, and another one where anything is said otherwise", async ({
    expect,
  }) => {
    const score = { type: "score", traceId: "a".repeat(32), name: "helpful", value: 1 };
    const idsOf = async (...items: readonly unknown[]) => {
      const batch = readAll(items);
      return (await eventRecords(batch.items, sender, nowMs)).scores.map(({ scoreId }) => scoreId);
    };
    const [first, ...others] = await idsOf(
      score,
      { ...score, value: 0 },
      { ...score, value: true },
      { ...score, comment: "b" },
      { ...score, atMs: nowMs },
    );
    expect(await idsOf(score)).toEqual([first]);
    expect(new Set([first, ...others]).size).toBe(5);
  });
});

describe("a batch of right spans", () => {
  const body = (...events: readonly unknown[]): Uint8Array => new TextEncoder().encode(JSON.stringify({ events }));
  const span = { name: "a", startedAtMs: nowMs };

  /** What reaches the buffer of a request, as it stands in its packet. */
  async function framesOf(request: Request, by: Sender): Promise<UnpackedFrame[]> {
    const seen: Uint8Array[] = [];
    const stub = { append: async (_id: string, frames: Uint8Array) => (seen.push(frames), await Promise.resolve({ kind: "stored" })) };
    const namespace = replacing(env.EVENT_BUFFER, { get: () => stub });
    const answer = await events.take(request, { ...env, EVENT_BUFFER: namespace }, by);
    if (!(answer instanceof Response) || answer.status !== 202) throw new Error(JSON.stringify(answer));
    return seen.flatMap((frames) => [...unpackFrames(frames)]);
  }

  const kinds = async (request: Request, by: Sender = sender) => (await framesOf(request, by)).map(({ kind }) => kind);
  const gzipped = { "content-encoding": "gzip" };

  test("goes to the buffer as it came, packed or not; where an item is wrong, or no span, the others go as spans", async ({ expect }) => {
    const bytes = body(span, span);
    for (const request of [post(bytes), post(gzip(bytes), gzipped)]) {
      expect(await framesOf(request, sender)).toMatchObject([
        { kind: "batch", header: { spans: 2, homeRegion: "us-west", priceOverrides: snapshot.priceOverrides }, body: bytes },
      ]);
    }
    expect(await kinds(post(body(span, { ...span, name: "" })))).toEqual(["event"]);
    expect(await kinds(post(body(span, { type: "event", name: "b", atMs: nowMs })))).toEqual(["event", "event"]);
  });

  test("of a project that keeps payloads back or masks them is never stored as it came", async ({ expect }) => {
    const policies = [{ payloads: "off" as const }, { masking: [{ kind: "detector" as const, detector: "email" as const }] }];
    for (const policy of policies) {
      expect(await kinds(post(body(span)), { ...sender, snapshot: { ...snapshot, ...policy } })).toEqual(["event"]);
    }
  });

  test("whose gzip lies about its size, or has a payload too large for the buffer, is packed anew", async ({ expect }) => {
    const bytes = body(span);
    const members = new Uint8Array([...gzip(bytes.subarray(0, 10)), ...gzip(bytes.subarray(10))]);
    const [frame] = await framesOf(post(members, gzipped), sender);
    expect(frame).toMatchObject({ kind: "batch", body: bytes });
    expect(await kinds(post(body({ ...span, input: "x".repeat(600_000) })))).toEqual(["event"]);
  });
});

describe("a body", () => {
  const streamOf = (bytes: number) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let sent = 0; sent < bytes; sent += 65_536) controller.enqueue(new Uint8Array(65_536).fill(32));
        controller.close();
      },
    });

  const read = async (request: Request) => {
    const body = await readBody(request, "the limits");
    return body.kind === "body" ? new TextDecoder().decode(body.bytes) : body;
  };

  test("is read as it is, or unpacked", async ({ expect }) => {
    expect(await read(post('{"a":"é"}'))).toBe('{"a":"é"}');
    expect(await read(post(""))).toBe("");
    expect(await read(post(gzip(new TextEncoder().encode("é".repeat(100_000))), { "content-encoding": "GZIP" }))).toBe("é".repeat(100_000));
  });

  test("over 5 MB is refused with the limits, whether its length is told or not", async ({ expect }) => {
    const tooLarge = { code: "request_too_large", message: "the limits" };
    expect(await read(post("x".repeat(5 * 1024 * 1024 + 1)))).toMatchObject(tooLarge);
    expect(await read(post(streamOf(6 * 1024 * 1024)))).toMatchObject(tooLarge);
  });

  test("that unpacks to far more than it is stops at the limit", async ({ expect }) => {
    const packed = new Uint8Array(await new Response(streamOf(64 * 1024 * 1024).pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
    expect(await read(post(packed, { "content-encoding": "gzip" }))).toMatchObject({ code: "request_too_large" });
  });

  test("in another encoding, or not whole in its own, is refused", async ({ expect }) => {
    expect(await read(post("{}", { "content-encoding": "br" }))).toMatchObject({
      code: "unsupported_media_type",
      param: "content-encoding",
    });
    expect(await read(post("{}", { "content-encoding": "gzip" }))).toMatchObject({ code: "invalid_field" });
    const cut = gzip(new TextEncoder().encode("a".repeat(100))).subarray(0, 20);
    expect(await read(post(cut, { "content-encoding": "gzip" }))).toMatchObject({ code: "invalid_field" });
  });
});

describe("the Worker", () => {
  const call = async (path: string, init: RequestInit = {}) =>
    await app.fetch(new Request(`http://edge${path}`, init), env, createExecutionContext());

  test("answers without a key, with a wrong one and on wrong addresses in the shape of the error table", async ({ expect }) => {
    const answers = await Promise.all([
      call("/v1/events", { method: "POST", body: "{}" }),
      call("/v1/events", { method: "POST", body: "{}", headers: { authorization: "Bearer wrong" } }),
      // Google's clients put it there.
      call("/v1/events", { method: "POST", body: "{}", headers: { "x-goog-api-key": "wrong" } }),
      call("/v1/events"),
      call("/elsewhere"),
      call("/health"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 405, 404, 200]);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toMatchObject([
      { error: { code: "missing_api_key" } },
      { error: { code: "invalid_api_key" } },
      { error: { code: "invalid_api_key" } },
      { error: { code: "method_not_allowed" } },
      { error: { code: "not_found" } },
      { status: "ok" },
    ]);
  });

  test("takes traces on every path that clients have built in, and answers them in OTLP's shape", async ({ expect }) => {
    for (const path of ["/v1/traces", "/otel/v1/traces", "/api/public/otel/v1/traces", "/v1/logs", "/otel/v1/metrics"]) {
      const answer = await call(path, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
      expect([path, answer.status, await answer.json()]).toEqual([path, 401, { code: 16, message: errors.missing_api_key.publicText }]);
    }
    const bytes = await call("/v1/traces", { method: "POST", body: "", headers: { "content-type": "application/x-protobuf" } });
    expect([bytes.status, bytes.headers.get("content-type")]).toEqual([401, "application/x-protobuf"]);
    expect((await call("/v1/traces")).status).toBe(405);
  });

  test("serves the schema of a batch to everyone", async ({ expect }) => {
    const answer = await call("/v1/events/schema");
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { title: "POST /v1/events", properties: { events: { type: "array" } } },
    ]);
  });
});
