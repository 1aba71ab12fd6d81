import type { ClickhouseEnvironment } from "#adapters/clickhouse/client.ts";
import { hasObject, insertSpans } from "#adapters/clickhouse/insert-spans.ts";
import { toSpanRow } from "#adapters/clickhouse/span-row.ts";
import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import { movePayloads } from "#adapters/r2/payloads.ts";
import type { Region } from "#core/contracts/region.ts";
import type { Span } from "#core/contracts/span.ts";
import { payloadLimits } from "#core/ingest/payload-place.ts";
import { writeDeadLetter } from "./dead-letter.ts";
import { readSpans } from "./read-spans.ts";

export type StoreEnv = Buckets & ClickhouseEnvironment;

/**
 * What became of an object. `later`: a store is down, the object waits. `refused`: it will not go through
 * however often it is tried.
 */
export type Stored =
  | { readonly kind: "done" }
  | { readonly kind: "later"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

/** Older objects are looked up first: nothing surely remembers their insert. */
const lookUpAfterMs = 30 * 60_000;
/** An object that ClickHouse does not take for so long, while it answers questions, will never be taken. */
const refusedAfterMs = 15 * 60_000;

/**
 * Brings one `raw/` object into its region's ClickHouse: reads it, moves large payloads to the bucket, makes one
 * insert of all its spans. May be repeated at any time, and by several at once: the object's key is the insert's
 * token, and the rows follow from the object alone.
 */
export async function storeObject(env: StoreEnv, region: Region, key: string, nowMs: number): Promise<Stored> {
  try {
    const object = await bucketOf(env, region).get(key);
    if (object === null) return { kind: "refused", reason: "there is no such object" };
    const receivedAtMs = Number(object.customMetadata?.["receivedAtMs"] ?? object.uploaded.getTime());
    if (receivedAtMs + lookUpAfterMs < nowMs) {
      const found = await hasObject(env, region, key);
      if (found.kind === "unavailable") return { kind: "later", reason: found.reason };
      if (found.kind === "present") return { kind: "done" };
    }
    return await storeFrames(env, { region, key, receivedAtMs }, new Uint8Array(await object.arrayBuffer()), nowMs);
  } catch (error) {
    return { kind: "later", reason: error instanceof Error ? error.message : String(error) };
  }
}

interface Source {
  readonly region: Region;
  readonly key: string;
  readonly receivedAtMs: number;
}

async function storeFrames(env: StoreEnv, source: Source, frames: Uint8Array, nowMs: number): Promise<Stored> {
  const { region, key, receivedAtMs } = source;
  const { spans, bad } = readSpans(frames, region, receivedAtMs);
  if (bad.length > 0)
    await writeDeadLetter(env, { region, key, reason: `${bad.length} events cannot be read`, events: bad, atMs: receivedAtMs });
  if (spans.length === 0) return { kind: "done" };
  const moved: Span[] = [];
  for (const span of spans) moved.push(await movePayloads(env, span, payloadLimits.inlineBytesMax));
  const rows = moved.map((span) => toSpanRow({ ...span, batchObject: key, receivedAtMs }));
  const inserted = await insertSpans(env, region, key, rows);
  if (inserted.kind === "inserted") return { kind: "done" };
  if (receivedAtMs + refusedAfterMs > nowMs) return { kind: "later", reason: inserted.reason };
  // A server that answers a question but has not taken this insert in all the time refuses it.
  const found = await hasObject(env, region, key);
  if (found.kind === "present") return { kind: "done" };
  return { kind: found.kind === "absent" ? "refused" : "later", reason: inserted.reason };
}
