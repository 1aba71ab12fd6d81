import { toHex } from "#adapters/bytes.ts";
import { appendFrames } from "#adapters/recorder/append-frames.ts";
import { encodeSpan } from "#adapters/recorder/encode-span.ts";
import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import { spanIdSchema, traceIdSchema } from "#core/contracts/id.ts";
import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { regions, type Region } from "#core/contracts/region.ts";
import { toSpan, type ClientEvent } from "#core/ingest/event.ts";
import { groupFrames } from "#core/ingest/frame.ts";
import { shardOfTrace } from "#core/ingest/shard.ts";
import { priceSpan } from "./price-span.ts";

/** Whose events these are, and where they came in. */
export interface Sender {
  readonly snapshot: KeySnapshot;
  readonly servingRegion: Region;
  readonly client: string;
}

/** One append is not much larger, as at the gateway: the buffer commits it whole, and a caller waits for that. */
const appendBytesMax = 1024 * 1024;

function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/**
 * Brings events to the buffers of their project's region; resolves to `null` when all are durable. After a failure
 * some may be, and the whole list may be sent again: spans of the same ids are one.
 */
export async function takeEvents(env: RecorderEnv, events: readonly ClientEvent[], sender: Sender): Promise<Failure | null> {
  const { snapshot, servingRegion, client } = sender;
  const { organizationId, projectId, keyId, homeRegion } = snapshot;
  const origin = { organizationId, projectId, keyId, homeRegion, servingRegion, client };
  const nowMs = Date.now();
  const framesByShard = new Map<number, Uint8Array[]>();
  for (const event of events) {
    const newIds = { traceId: traceIdSchema.parse(randomHex(16)), spanId: spanIdSchema.parse(randomHex(8)) };
    const span = priceSpan(toSpan(event, origin, newIds), snapshot, nowMs);
    const shard = shardOfTrace(span.traceId, regions[homeRegion].bufferShards);
    const frames = framesByShard.get(shard) ?? [];
    frames.push(await encodeSpan(env, span));
    framesByShard.set(shard, frames);
  }
  const appends = Array.from(framesByShard, ([shard, frames]) =>
    groupFrames(frames, appendBytesMax).map((group) => appendFrames(env, homeRegion, shard, group)),
  );
  const replies = await Promise.all(appends.flat());
  for (const reply of replies) {
    if (reply.kind === "overloaded") return failure("overloaded", "The event buffer is full. Try again shortly.");
    if (reply.kind === "unreachable") return failure("dependency_unavailable", "The events could not be stored. Try again shortly.");
  }
  return null;
}
