import { describe, test } from "vitest";
import { gzip } from "#adapters/gzip.ts";
import { batchFrames } from "#adapters/recorder/packets.ts";
import { joinBytes } from "#core/bytes.ts";
import { batchContract, batchHeaderSchema, derivedIds, type BatchHeader } from "#core/ingest/batch.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { unpackedBytes } from "#core/ingest/packet.ts";
import { readSpans } from "./read-spans.ts";

const startedAtMs = 1_795_000_000_000;
const call = { name: "call", startedAtMs, provider: "openai", modelRequested: "gpt-4o", usage: { inputTokens: 100, outputTokens: 50 } };
const named = { name: "named", traceId: "a".repeat(32), spanId: "b".repeat(16), startedAtMs };

function headerOf(changes: Partial<Record<keyof BatchHeader, unknown>> = {}): BatchHeader {
  return batchHeaderSchema.parse({
    schemaVersion: 3,
    contract: batchContract,
    batchId: "0193c5a0-0000-4000-8000-000000000009",
    spans: 2,
    receivedAtMs: startedAtMs + 5_000,
    organizationId: "0193c5a0-0000-7000-8000-000000000001",
    projectId: "0193c5a0-0000-7000-8000-000000000002",
    keyId: "0123456789abcdef",
    homeRegion: "us-east",
    servingRegion: "us-west",
    client: "test",
    priceOverrides: {},
    ...changes,
  });
}

const bodyOf = (...events: readonly unknown[]): Uint8Array => gzip(new TextEncoder().encode(JSON.stringify({ events })));

describe("a batch", () => {
  test("between spans is read in its place: with the sender's ids or ids of its own, priced as at the time it came in", async ({
    expect,
  }) => {
    const header = headerOf();
    const [before, after] = [spanFixture({ name: "before" }), spanFixture({ name: "after" })];
    const frames = joinBytes([
      encodeFrame(JSON.stringify(before)),
      batchFrames(header, bodyOf(call, named)),
      encodeFrame(JSON.stringify(after)),
    ]);
    const read = await readSpans(frames, "us-east");
    if (read.kind !== "read") throw new Error(read.kind);
    expect(read.bad).toEqual([]);
    expect(read.spans.map(({ index, span }) => [index, span.name])).toEqual([
      [0, "before"],
      [1, "call"],
      [2, "named"],
      [3, "after"],
    ]);
    expect(read.spans[1]?.span).toMatchObject({
      ...derivedIds(header.batchId, 0),
      projectId: header.projectId,
      keyId: header.keyId,
      servingRegion: "us-west",
      schemaVersion: 1,
      cost: { source: "price-book", totalNanoUsd: 100 * 2_500 + 50 * 10_000 },
    });
    expect(read.spans[2]?.span).toMatchObject(named);
    expect(await readSpans(frames, "us-east")).toEqual(read);
  });

  test("costs what the organisation's own rates say", async ({ expect }) => {
    const rates = { priceVersion: "own", ratesNanoUsdPerThousand: { inputTokens: 1_000, outputTokens: 2_000 } };
    const header = headerOf({ spans: 1, priceOverrides: { "openai/gpt-4o": rates } });
    expect(await readSpans(batchFrames(header, bodyOf(call)), "us-east")).toMatchObject({
      spans: [{ span: { cost: { source: "override", priceVersion: "own", totalNanoUsd: 200 } } }],
    });
  });

  test("of another home region is not stored here, nor quoted", async ({ expect }) => {
    const frames = batchFrames(headerOf({ homeRegion: "eu-west" }), bodyOf(call, named));
    const reason = "homeRegion: is eu-west, the object is of us-east";
    expect(await readSpans(frames, "us-east")).toEqual({
      kind: "read",
      spans: [],
      scores: [],
      bad: [0, 1].map((index) => ({ index, reason, text: "" })),
    });
  });

  test("loses a wrong item alone; one that newer code took in makes its object wait", async ({ expect }) => {
    const body = bodyOf(call, { ...named, colour: "red" });
    expect(await readSpans(batchFrames(headerOf(), body), "us-east")).toMatchObject({
      spans: [{ index: 0 }],
      bad: [{ index: 1, reason: "it is no span", text: JSON.stringify({ ...named, colour: "red" }) }],
    });
    expect(await readSpans(batchFrames(headerOf({ contract: batchContract + 1 }), body), "us-east")).toEqual({
      kind: "newer",
      schemaVersion: 3,
    });
    const later = encodeFrame(JSON.stringify({ ...headerOf(), schemaVersion: 4 }));
    expect(await readSpans(later, "us-east")).toEqual({ kind: "newer", schemaVersion: 4 });
  });

  test("that is damaged is as many bad events as it says, and the others go on", async ({ expect }) => {
    const damaged = bodyOf(call, named).subarray(0, 30);
    const frames = joinBytes([batchFrames(headerOf(), damaged), encodeFrame(JSON.stringify(spanFixture()))]);
    const reason = "its batch cannot be read";
    expect(await readSpans(frames, "us-east")).toMatchObject({
      spans: [{ index: 2 }],
      bad: [
        { index: 0, reason },
        { index: 1, reason },
      ],
    });
  });

  test("counts in the buffer as it is unpacked", ({ expect }) => {
    const text = JSON.stringify({ events: [call, named] });
    const header = headerOf();
    expect(unpackedBytes(batchFrames(header, bodyOf(call, named)))).toBe(text.length + 4 + JSON.stringify(header).length);
  });
});
