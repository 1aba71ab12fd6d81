import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, test, vi } from "vitest";
import { waitingPrefix } from "#adapters/r2/edge-object.ts";
import { readPayload } from "#adapters/r2/payloads.ts";
import type { Region } from "#core/contracts/region.ts";
import { spanSchema, type Span } from "#core/contracts/span.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { recorderState } from "./lane.ts";
import { unpackFrames } from "./packets.ts";
import { record } from "./record.ts";
import { replacing } from "./replacing.fixture.ts";
import { envWhere, newSpanId, type Append } from "./recorder.fixture.ts";

const until = { timeout: 15_000, interval: 20 };

/** The spans of all of a region's objects. */
async function storedSpans(region: Region, suffix: "US_EAST" | "EU_WEST"): Promise<Span[]> {
  const bucket = env[`BUCKET_${suffix}`];
  const spans: Span[] = [];
  for (const { key } of (await bucket.list({ prefix: `raw/${region}/` })).objects) {
    const object = await bucket.get(key);
    for (const frame of unpackFrames(new Uint8Array((await object?.arrayBuffer()) ?? []))) {
      if (frame.kind === "event") spans.push(spanSchema.parse(frame.value));
    }
  }
  return spans;
}

describe("record", () => {
  test("a durable record resolves only after its append is stored", async ({ expect }) => {
    const gate = Promise.withResolvers<void>();
    const appends: Append[] = [];
    let outcome: unknown = "none yet";
    const spanId = newSpanId();
    const slow = envWhere(async (call) => {
      appends.push(call);
      await gate.promise;
      return await call.real();
    });
    const recording = record(slow, spanFixture({ spanId }), "durable").then((value) => (outcome = value));
    await vi.waitFor(() => expect(appends).toHaveLength(1), until);
    expect(outcome).toBe("none yet");
    expect((await env.EVENT_BUFFER.getByName("us-east:0").status()).stored).toBe(0);
    gate.resolve();
    expect(await recording).toEqual({ kind: "stored" });
    expect((await env.EVENT_BUFFER.getByName("us-east:0").status()).stored).toBe(1);
  });

  test("spans of requests that come together travel in few appends, each once, and every request gets its answer", async ({ expect }) => {
    const spanIds = Array.from({ length: 100 }, newSpanId);
    const answers = await Promise.all(
      spanIds.map(async (spanId, index) => {
        const body = JSON.stringify(spanFixture({ spanId, homeRegion: "eu-west" }));
        const mode = index % 2 === 0 ? "durable" : "normal";
        const response = await exports.default.fetch(`http://edge/record?mode=${mode}`, { method: "POST", body });
        return await response.json();
      }),
    );
    expect(answers).toEqual(spanIds.map(() => ({ kind: "stored" })));
    await vi.waitFor(async () => {
      const stored = (await storedSpans("eu-west", "EU_WEST")).map((span) => span.spanId);
      expect(stored.toSorted()).toEqual(spanIds.toSorted());
    }, until);
    const groups = await runInDurableObject(env.EVENT_BUFFER.getByName("eu-west:0"), (_, state) =>
      state.storage.sql.exec<{ ids: string }>("SELECT append_ids AS ids FROM object").toArray(),
    );
    expect(groups.flatMap(({ ids }) => ids.split("\n")).length).toBeLessThanOrEqual(20);
  });

  test("spans that come soon after others gather for longer, so that they share an append", async ({ expect }) => {
    const quick = envWhere(async () => await Promise.resolve({ kind: "stored" }));
    await record(quick, spanFixture({ spanId: newSpanId() }), "normal");
    const fromMs = Date.now();
    expect(await record(quick, spanFixture({ spanId: newSpanId() }), "normal")).toEqual({ kind: "stored" });
    expect(Date.now() - fromMs).toBeGreaterThanOrEqual(25);
  });

  test("no span waits for a request that never comes, also where the clock stands still", async ({ expect }) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      for (let wave = 0; wave < 3; wave += 1) {
        const recordings = Array.from({ length: 5 }, async () => await record(env, spanFixture({ spanId: newSpanId() }), "normal"));
        const kinds = (await Promise.all(recordings)).map(({ kind }) => kind);
        expect(kinds).toEqual(["stored", "stored", "carried", "carried", "carried"]);
        expect(recorderState().heldBytes).toBe(0);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  test("spans of requests that ended before they were sent are brought by the next one", async ({ expect }) => {
    const before = (await env.EVENT_BUFFER.getByName("us-west:0").status()).stored;
    const spanIds = Array.from({ length: 4 }, newSpanId);
    for (const [index, spanId] of spanIds.entries()) {
      const body = JSON.stringify(spanFixture({ spanId, homeRegion: "us-west" }));
      const mode = index < 3 ? "abandoned" : "normal";
      await exports.default.fetch(`http://edge/record?mode=${mode}`, { method: "POST", body });
    }
    await vi.waitFor(async () => {
      expect((await env.EVENT_BUFFER.getByName("us-west:0").status()).stored - before).toBe(spanIds.length);
    }, until);
    // The buffer has them a moment before the recorder hears so.
    await vi.waitFor(() => expect(recorderState()).toEqual({ spansLost: 0, heldBytes: 0 }), until);
  });

  test("while a buffer fails, spans gather: few objects go round it", async ({ expect }) => {
    const appendIds = new Set<string>();
    const down = envWhere(({ appendId }) => {
      appendIds.add(appendId);
      return Promise.reject(new Error("region is down"));
    });
    const recordings = [];
    for (let count = 0; count < 100; count += 1) {
      recordings.push(record(down, spanFixture({ spanId: newSpanId(), homeRegion: "eu-west" }), "normal"));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await Promise.all(recordings);
    await vi.waitFor(() => expect(recorderState()).toEqual({ spansLost: 0, heldBytes: 0 }), until);
    expect(appendIds.size).toBeLessThanOrEqual(8);
  });

  test("an append without an answer is repeated under the same id, and stored once", async ({ expect }) => {
    const spanId = newSpanId();
    const ids: string[] = [];
    const lossy = envWhere(async ({ appendId, real }) => {
      ids.push(appendId);
      const reply = await real();
      if (ids.length === 1) return await new Promise(() => {});
      return reply;
    });
    expect(await record(lossy, spanFixture({ spanId }), "durable")).toEqual({ kind: "stored" });
    expect(ids).toEqual([ids[0], ids[0]]);
    await vi.waitFor(async () => {
      const stored = await storedSpans("us-east", "US_EAST");
      expect(stored.filter((span) => span.spanId === spanId)).toHaveLength(1);
    }, until);
  });

  test("a full buffer is asked again after its pause", async ({ expect }) => {
    let calls = 0;
    const full = envWhere(async ({ real }) => {
      calls += 1;
      return calls < 3 ? { kind: "overloaded", retryAfterMs: 50 } : await real();
    });
    expect(await record(full, spanFixture({ spanId: newSpanId() }), "durable")).toEqual({ kind: "stored" });
    expect(calls).toBe(3);
  });

  test("a buffer that cannot be reached is gone round: the span is in the region's bucket, marked for the sweep", async ({ expect }) => {
    const spanId = newSpanId();
    const down = envWhere(() => Promise.reject(new Error("region is down")));
    expect(await record(down, spanFixture({ spanId }), "durable")).toEqual({ kind: "stored" });
    const marks = (await env.BUCKET_US_EAST.list({ prefix: waitingPrefix })).objects.map(({ key }) => key);
    expect(marks).toEqual([expect.stringMatching(/^waiting\/raw\/us-east\/\d{4}-\d\d-\d\d\/edge-[0-9a-f-]{36}\/0$/)]);
    const object = await env.BUCKET_US_EAST.get((marks[0] ?? "").slice(waitingPrefix.length));
    const frames = await Array.fromAsync(unpackFrames(new Uint8Array((await object?.arrayBuffer()) ?? [])));
    expect(frames).toEqual([{ kind: "event", index: 0, value: spanFixture({ spanId }) }]);
    expect(recorderState()).toEqual({ spansLost: 0, heldBytes: 0 });
  });
});

describe("payloads larger than 512 KB", () => {
  const large = "é".repeat(300_000);
  const input = { kind: "inline", mediaType: "text/plain", text: large };

  test("are in the bucket before the span is, by their hash, and the span refers to them", async ({ expect }) => {
    const spanId = newSpanId();
    expect(await record(env, spanFixture({ spanId, input }), "durable")).toEqual({ kind: "stored" });
    const span = await vi.waitFor(async () => {
      const found = (await storedSpans("us-east", "US_EAST")).find((each) => each.spanId === spanId);
      if (found === undefined) throw new Error("the span is not there yet");
      return found;
    }, until);
    const sha256 = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(large))), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
    expect(span.input).toEqual({ kind: "reference", mediaType: "text/plain", sha256, bytes: 600_000, preview: "é".repeat(200) });
    if (span.input.kind !== "reference") throw new Error("the input is not referred to");
    expect(await readPayload(env, "us-east", span.projectId, span.input.sha256)).toEqual({ mediaType: "text/plain", text: large });
  });

  test("are left out, and the span says so, where the bucket does not take them", async ({ expect }) => {
    const spanId = newSpanId();
    const put = (): Promise<never> => Promise.reject(new Error("bucket is down"));
    const bucket = replacing(env.BUCKET_US_EAST, { put });
    expect(await record({ ...env, BUCKET_US_EAST: bucket }, spanFixture({ spanId, input }), "durable")).toEqual({ kind: "stored" });
    await vi.waitFor(async () => {
      const found = (await storedSpans("us-east", "US_EAST")).find((each) => each.spanId === spanId);
      expect(found).toEqual(spanFixture({ spanId, input: { kind: "omitted", reason: "store-unavailable" } }));
    }, until);
  });
});
