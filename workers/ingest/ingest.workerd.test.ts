import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, test, vi } from "vitest";
import * as z from "zod";
import { envWhere } from "#adapters/recorder/recorder.fixture.ts";
import { keySnapshotSchema } from "#core/contracts/key-snapshot.ts";
import { unpackFrames } from "#adapters/recorder/packets.ts";
import { bucketThat, namesIn, newBuffer, objectKeys, rebind, until } from "#durable-objects/buffer.fixture.ts";
import app from "./main.ts";
import { readEvents } from "./read-events.ts";
import { readJson } from "./read-json.ts";
import { takeEvents, type Sender } from "./take-events.ts";

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

function eventsOf(...events: unknown[]) {
  const read = readEvents({ events }, nowMs);
  if (read.kind === "failure") throw new Error(read.message);
  return read.events;
}

describe("events", () => {
  test("are durable in the buffer of the project's region when they are accepted, priced by the organisation's own rates", async ({
    expect,
  }) => {
    const events = eventsOf(
      { name: "call", startedAtMs: nowMs, provider: "acme", modelRequested: "large", usage: { inputTokens: 10, outputTokens: 3 } },
      { name: "unknown price", startedAtMs: nowMs, provider: "acme", modelRequested: "small", usage: { inputTokens: 10 } },
    );
    expect(await takeEvents(env, events, sender)).toBeNull();
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
    for (const spanId of spanIds) expect(await takeEvents(env, eventsOf({ name: "a", startedAtMs: nowMs, spanId }), atHome)).toBeNull();
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
    expect(await takeEvents(full, eventsOf({ name: "a", startedAtMs: nowMs }), sender)).toMatchObject({
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
    expect(await takeEvents(noting, eventsOf(...events), sender)).toBeNull();
    expect(appends.map((ids) => ids.length)).toEqual([10, 10, 5]);
    expect(appends.flat()).toEqual(spanIds);
  });

  test("each event stands for itself: the wrong ones are named by index and field", ({ expect }) => {
    const read = readEvents(
      {
        events: [
          { name: "a", startedAtMs: nowMs },
          { name: "b" },
          7,
          { name: "c", startedAtMs: nowMs, extra: true },
          { name: "d", startedAtMs: 5 },
        ],
      },
      nowMs,
    );
    if (read.kind === "failure") throw new Error(read.message);
    expect(read.events.map(({ name }) => name)).toEqual(["a"]);
    expect(read.rejected).toEqual([
      { index: 1, message: "`startedAtMs`: Invalid input: expected number, received undefined" },
      { index: 2, message: "Invalid input: expected object, received number" },
      { index: 3, message: 'Unrecognized key: "extra"' },
      { index: 4, message: "`startedAtMs`: must not be more than 400 days ago" },
    ]);
  });

  test.for([
    [{}, "events"],
    [{ events: [] }, "events"],
    [{ events: "a" }, "events"],
    [{ events: Array.from({ length: 1001 }, () => ({})) }, "events"],
  ] as const)("a list that is none is refused: %j", ([body, param], { expect }) => {
    expect(readEvents(body, nowMs)).toMatchObject({ kind: "failure", code: "invalid_field", param });
  });
});

describe("a body", () => {
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    new Request("http://edge/v1/events", { method: "POST", body, headers });
  const streamOf = (bytes: number) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let sent = 0; sent < bytes; sent += 65_536) controller.enqueue(new Uint8Array(65_536).fill(32));
        controller.close();
      },
    });

  test("is read as JSON", async ({ expect }) => {
    expect(await readJson(post('{"a":"é"}'))).toEqual({ kind: "json", value: { a: "é" } });
  });

  test("over 5 MB is refused, whether its length is told or not", async ({ expect }) => {
    expect(await readJson(post("x".repeat(5 * 1024 * 1024 + 1)))).toMatchObject({ code: "request_too_large" });
    expect(await readJson(post(streamOf(6 * 1024 * 1024)))).toMatchObject({ code: "request_too_large" });
  });

  test("that is no JSON, no UTF-8 or encoded is refused", async ({ expect }) => {
    expect(await readJson(post("{"))).toMatchObject({ code: "invalid_json" });
    expect(await readJson(post(new Uint8Array([0x22, 0xff, 0x22])))).toMatchObject({ code: "invalid_json" });
    expect(await readJson(post("{}", { "content-encoding": "gzip" }))).toMatchObject({ code: "invalid_header", param: "content-encoding" });
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
});
