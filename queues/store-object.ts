import type { ClickhouseEnvironment } from "#adapters/clickhouse/client.ts";
import { countStored, insertSpans } from "#adapters/clickhouse/insert-spans.ts";
import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import type { PostgresEnvironment } from "#adapters/postgres/database.ts";
import { movePayloads } from "#adapters/r2/payloads.ts";
import { attempt, type Unavailable } from "#adapters/unavailable.ts";
import { freeBytes } from "#core/bytes.ts";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { Region } from "#core/contracts/region.ts";
import { isLargerThan, payloadLimits } from "#core/ingest/payload-place.ts";
import { breathe } from "./breathe.ts";
import { writeDeadLetter } from "./dead-letter.ts";
import { withoutExpired } from "./expired.ts";
import { insertRows, type EventRow } from "./insert-rows.ts";
import { readSpans, type BadEvent, type ReadSpan } from "./read-spans.ts";
import { storeScores } from "./store-scores.ts";

export type StoreEnv = Buckets & ClickhouseEnvironment & PostgresEnvironment;

/**
 * What became of an object. `later`: a store is down, or refuses it for no fault of its rows, or this code is too old
 * for it; the object waits, for as long as that takes. `refused`: there is nothing to store. A `reason` is for logs: it quotes no event.
 */
export type Stored =
  | { readonly kind: "done" }
  | { readonly kind: "later"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

const { inlineBytesMax } = payloadLimits;
/** What has arrived of older objects is counted first: their tokens are remembered for a day, less a margin. */
const countAfterMs = 23 * 3_600_000;

/** What an object holds, ready for the store; or what became of it, where it holds nothing to insert. */
export type Prepared =
  | {
      readonly kind: "prepared";
      readonly source: Source;
      readonly spans: readonly ReadSpan[];
      readonly rows: readonly EventRow<StoredSpan>[];
      readonly bad: readonly BadEvent[];
    }
  | Stored;

/**
 * Brings one `raw/` object into its region's ClickHouse: reads it, moves large payloads to the bucket, makes one
 * insert of all its scores and one of all its spans. May be repeated at any time, and by several at once: the object's key is the insert's
 * token, and the rows follow from the object alone. Events that cannot be stored become dead letters, each for
 * itself. Never throws.
 */
export async function storeObject(env: StoreEnv, region: Region, key: string, nowMs: number): Promise<Stored> {
  return await insertPrepared(env, await prepareObject(env, region, key, nowMs));
}

/** The first part of `storeObject`, which works in this isolate: all but the insert of the spans. Never throws. */
export async function prepareObject(env: StoreEnv, region: Region, key: string, nowMs: number): Promise<Prepared> {
  return await unlessAtFault(async () => {
    const read = await attempt("r2", async () => await readObject(bucketOf(env, region), key));
    if (read.kind === "unavailable") return later(read);
    if (read.value === null) return { kind: "refused", reason: "there is no such object" };
    const { frames, receivedAtMs } = read.value;
    return await prepareFrames(env, { region, key, receivedAtMs }, frames, nowMs);
  });
}

/** The second part of `storeObject`, which waits for the store; `onSent` as that of `insertSpans`. Never throws. */
export async function insertPrepared(env: StoreEnv, prepared: Prepared, onSent?: () => void): Promise<Stored> {
  if (prepared.kind !== "prepared") return prepared;
  const { source, spans, rows, bad } = prepared;
  return await unlessAtFault(async () => {
    const inserted = await insertRows(async (...insert) => await insertSpans(env, source.region, ...insert, onSent), source.key, rows);
    if (inserted.kind === "unavailable") return later(inserted);
    const texts = new Map(inserted.refused.length === 0 ? [] : spans.map(({ index, span }) => [index, JSON.stringify(span)]));
    const refused = inserted.refused.map(({ index, reason }) => ({ index, reason, text: texts.get(index) ?? "" }));
    return await buryEvents(env, source, [...bad, ...refused]);
  });
}

async function unlessAtFault<Outcome>(work: () => Promise<Outcome | Stored>): Promise<Outcome | Stored> {
  try {
    return await work();
  } catch (error) {
    // A fault of ours. What it says may quote an event.
    return { kind: "later", reason: `unexpected ${error instanceof Error ? error.name : typeof error}` };
  }
}

/** What ClickHouse says may quote a row, so only its code is told; what the bucket says knows no more than keys. */
function later({ store, code, reason }: Unavailable): Stored {
  if (store !== "clickhouse") return { kind: "later", reason: `${store}: ${reason}` };
  return { kind: "later", reason: `${store}: ${code === "" ? "no answer" : `code ${code}`}` };
}

async function readObject(bucket: R2Bucket, key: string): Promise<{ frames: Uint8Array<ArrayBuffer>; receivedAtMs: number } | null> {
  const object = await bucket.get(key);
  if (object === null) return null;
  const receivedAtMs = Number(object.customMetadata?.["receivedAtMs"] ?? object.uploaded.getTime());
  return { frames: new Uint8Array(await object.arrayBuffer()), receivedAtMs };
}

/** An object: where it is stored, and since when. */
export interface Source {
  readonly region: Region;
  readonly key: string;
  readonly receivedAtMs: number;
}

async function prepareFrames(env: StoreEnv, source: Source, frames: Uint8Array<ArrayBuffer>, nowMs: number): Promise<Prepared> {
  const { region, key, receivedAtMs } = source;
  const read = await readSpans(frames, region);
  freeBytes(frames);
  if (read.kind === "newer") return { kind: "later", reason: `a record of schema version ${read.schemaVersion} needs newer code` };
  const isLate = receivedAtMs + countAfterMs < nowMs;
  const kept = isLate ? await withoutExpired(env, region, read, nowMs) : ({ kind: "answered", value: read } as const);
  if (kept.kind === "unavailable") return later(kept);
  const { spans } = kept.value;
  const scores = await storeScores(env, source, kept.value.scores, nowMs - countAfterMs);
  if (scores.kind === "unavailable") return later(scores);
  const bad = [...read.bad, ...scores.refused];
  if (isLate) {
    const stored = await countStored(env, region, key);
    if (stored.kind === "unavailable") return later(stored);
    if (stored.value >= countSpans(spans)) return await buryEvents(env, source, bad);
  }
  const rows = await attempt("r2", async () => await rowsOf(env, source, spans));
  if (rows.kind === "unavailable") return later(rows);
  return { kind: "prepared", source, spans, rows: rows.value, bad };
}

/** The rows of spans, their large payloads moved to the bucket. Throws what the bucket throws. */
async function rowsOf(env: StoreEnv, { key, receivedAtMs }: Source, spans: readonly ReadSpan[]): Promise<EventRow<StoredSpan>[]> {
  const rows: EventRow<StoredSpan>[] = [];
  for (const { index, span } of spans) {
    await breathe(rows.length);
    const isLarge = isLargerThan(span.input, inlineBytesMax) || isLargerThan(span.output, inlineBytesMax);
    const moved = isLarge ? await movePayloads(env, span, inlineBytesMax) : span;
    rows.push({ index, row: { ...moved, batchObject: key, receivedAtMs } });
  }
  return rows;
}

/** A span that an object carries twice is one row. */
function countSpans(spans: readonly ReadSpan[]): number {
  return new Set(spans.map(({ span: { projectId, traceId, spanId } }) => `${projectId} ${traceId} ${spanId}`)).size;
}

/** Writes the events of an object that cannot be stored as one letter, the same at each try. */
async function buryEvents(env: StoreEnv, { region, key, receivedAtMs }: Source, events: readonly BadEvent[]): Promise<Stored> {
  if (events.length === 0) return { kind: "done" };
  const letter = { region, key, reason: `${events.length} events cannot be stored`, events, atMs: receivedAtMs };
  const written = await attempt("r2", async () => await writeDeadLetter(env, letter));
  return written.kind === "unavailable" ? later(written) : { kind: "done" };
}
