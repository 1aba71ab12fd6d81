import { env } from "cloudflare:workers";
import { describe, test } from "vitest";
import { joinBytes } from "#core/bytes.ts";
import { createObject } from "#adapters/r2/create-object.ts";
import type { DeadLetterSummary } from "#core/contracts/api/dead-letters.ts";
import type { Region } from "#core/contracts/region.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import { spanFixture } from "#core/ingest/span.fixture.ts";
import { captureClickhouse, clickhouseUrls } from "./clickhouse.fixture.ts";
import { writeDeadLetter } from "./dead-letter.ts";
import { discardDeadLetter, readDeadLetter, replayDeadLetter } from "./handle-dead-letter.ts";
import { countOpenDeadLetters, listDeadLetters } from "./list-dead-letters.ts";

const wire = captureClickhouse();
const appEnv = { ...env, ...clickhouseUrls };
const nowMs = Date.now();
const today = dayOf(nowMs);
let lastSeq = 0;

const textOf = (spanId: string): string => JSON.stringify(spanFixture({ spanId }));

/** A letter on events of an object of its own; gives its place. */
async function bury(region: Region, texts: readonly string[], atMs = nowMs) {
  lastSeq += 1;
  const key = `raw/${region}/${dayOf(atMs)}/9-1/${lastSeq}`;
  const events = texts.map((text, index) => ({ index, reason: "r", text }));
  await writeDeadLetter(env, { region, key, reason: `${texts.length} events cannot be stored`, events, atMs });
  return { region, day: dayOf(atMs), name: `raw_${region}_${dayOf(atMs)}_9-1_${lastSeq}.events.json` };
}

async function replay(place: { region: Region; day: string; name: string }) {
  const found = await readDeadLetter(env, place);
  if (found === null) throw new Error("there is no such letter");
  return await replayDeadLetter(appEnv, place, found, nowMs);
}

async function lettersOf(region: Region, limit: number): Promise<DeadLetterSummary[][]> {
  const pages: DeadLetterSummary[][] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listDeadLetters>> = await listDeadLetters(env, region, { day: null, limit, cursor });
    pages.push([...page.deadLetters]);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

describe("a dead letter that is replayed", () => {
  test("has its events stored, once, however often that is asked, and is open no longer", async ({ expect }) => {
    const place = await bury("us-east", [textOf("a".repeat(16)), textOf("b".repeat(16))]);
    const first = await replay(place);
    expect(first).toMatchObject({ kind: "replayed", stillDead: null, handling: { outcome: "replayed" } });
    const objectKey = first.kind === "replayed" ? first.handling.objectKey : "";
    expect(objectKey).toMatch(new RegExp(`^raw/us-east/${today}/edge-[0-9a-f-]{36}/0$`));
    expect(await replay(place)).toEqual(first);
    // Twice the same rows under the same token, which ClickHouse takes once.
    expect([...wire.inserts.keys()]).toEqual([objectKey]);
    expect(new Set(wire.inserts.get(objectKey)).size).toBe(1);
    expect(wire.rows.get(objectKey)).toEqual([2, 2]);
    const listed = (await listDeadLetters(env, "us-east", { day: today, limit: 400, cursor: null })).deadLetters;
    expect(listed.find(({ name }) => name === place.name)).toMatchObject({ state: "replayed", kind: "events" });
  });

  test("leaves what still cannot be stored in a letter of its own", async ({ expect }) => {
    const place = await bury("us-east", [textOf("c".repeat(16)), '{"no":"span"}']);
    const replayed = await replay(place);
    const stillDead = replayed.kind === "replayed" ? replayed.stillDead : null;
    expect(stillDead).toMatch(/^raw_us-east_.*_edge-[0-9a-f-]{36}_0\.events\.json$/);
    const rest = await readDeadLetter(env, { ...place, name: stillDead ?? "" });
    expect(rest?.letter.events).toMatchObject([{ index: 1, text: '{"no":"span"}' }]);
    expect(rest?.handling).toBeNull();
  });

  test("stays open while a store is down", async ({ expect }) => {
    const place = await bury("us-east", [textOf("d".repeat(16))]);
    wire.down = true;
    expect(await replay(place)).toMatchObject({ kind: "later" });
    expect((await readDeadLetter(env, place))?.handling).toBeNull();
    wire.down = false;
    expect(await replay(place)).toMatchObject({ kind: "replayed", stillDead: null });
  });

  test("of a whole object has that taken, where it is there by now", async ({ expect }) => {
    const key = `raw/us-east/${today}/9-1/424242`;
    await writeDeadLetter(env, { region: "us-east", key, reason: "there is no such object", events: [], atMs: nowMs });
    const place = { region: "us-east", day: today, name: `raw_us-east_${today}_9-1_424242.object.json` } as const;
    expect(await replay(place)).toEqual({ kind: "refused", reason: "there is no such object" });
    const frames = joinBytes([encodeFrame(textOf("e".repeat(16)))]);
    await createObject(env.BUCKET_US_EAST, key, frames, { mediaType: "application/octet-stream", receivedAtMs: nowMs });
    expect(await replay(place)).toMatchObject({ kind: "replayed", handling: { objectKey: key }, stillDead: null });
    expect([...wire.inserts.keys()]).toEqual([key]);
  });

  test("is refused where nothing of it was kept, or where it names no object", async ({ expect }) => {
    expect(await replay(await bury("us-east", [""]))).toMatchObject({ kind: "refused" });
    await writeDeadLetter(env, { region: "us-east", key: "no key", reason: "this is no object's key", events: [], atMs: nowMs });
    expect(await replay({ region: "us-east", day: today, name: "no_key.object.json" })).toEqual({
      kind: "refused",
      reason: "its message named no object of this region",
    });
    expect(wire.inserts.size).toBe(0);
  });
});

describe("a dead letter that is discarded", () => {
  test("is kept with the reason, and cannot be replayed; written again by a consumer, it stays discarded", async ({ expect }) => {
    const place = await bury("us-east", [textOf("f".repeat(16))]);
    const before = await readDeadLetter(env, place);
    const handling = { outcome: "discarded", reason: "a test's", atMs: nowMs, objectKey: "" } as const;
    expect(await discardDeadLetter(env, place, "a test's", nowMs)).toEqual({ kind: "handled", handling });
    expect(await discardDeadLetter(env, place, "another's", nowMs + 1)).toEqual({ kind: "handled", handling });
    expect(await replay(place)).toEqual({ kind: "otherwise", handling });
    if (before !== null) await writeDeadLetter(env, before.letter);
    expect(await readDeadLetter(env, place)).toEqual({ letter: before?.letter, handling });
    expect(wire.inserts.size).toBe(0);
  });

  test("cannot be once it was replayed", async ({ expect }) => {
    const place = await bury("us-east", [textOf("1".repeat(16))]);
    await replay(place);
    expect(await discardDeadLetter(env, place, "too late", nowMs)).toMatchObject({ kind: "otherwise", handling: { outcome: "replayed" } });
  });
});

test("pages of any size give every letter once, with its state, and all open ones are counted", async ({ expect }) => {
  const dayMs = 86_400_000;
  const places = [];
  for (const daysAgo of [2, 1, 0]) for (const _ of [1, 2, 3]) places.push(await bury("us-west", ["x"], nowMs - daysAgo * dayMs));
  const discarded = new Set([0, 3, 8]);
  for (const [index, place] of places.entries()) if (discarded.has(index)) await discardDeadLetter(env, place, "r", nowMs);
  const all = places.map(({ name, day }, index) => ({ name, day, state: discarded.has(index) ? "discarded" : "open" }));
  for (const limit of [1, 2, 4, 9, 400]) {
    const pages = await lettersOf("us-west", limit);
    expect(pages.flat().map(({ name, day, state }) => ({ name, day, state }))).toEqual(all);
    expect(Math.max(...pages.map((page) => page.length))).toBe(Math.min(limit, 9));
  }
  expect(await countOpenDeadLetters(env, "us-west")).toEqual({ open: 6, isComplete: true, newestAtMs: expect.any(Number) });
  expect((await listDeadLetters(env, "us-west", { day: today, limit: 400, cursor: null })).deadLetters).toHaveLength(3);
});
