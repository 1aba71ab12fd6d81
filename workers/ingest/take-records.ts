import { appendFrames, type Appended } from "#adapters/recorder/append-frames.ts";
import { encodeScore } from "#adapters/recorder/encode-score.ts";
import { encodeSpan } from "#adapters/recorder/encode-span.ts";
import { packFrames } from "#adapters/recorder/packets.ts";
import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import { regions, type Region } from "#core/contracts/region.ts";
import type { Score } from "#core/contracts/score.ts";
import type { Span } from "#core/contracts/span.ts";
import { groupFrames } from "#core/ingest/frame.ts";
import { shardOfTrace } from "#core/ingest/shard.ts";

/** What a request brought, in the form in which it is stored. */
export interface Records {
  readonly spans: readonly Span[];
  readonly scores: readonly Score[];
}

/** One append is not much larger, as at the gateway: the buffer commits it whole, and a caller waits for that. */
export const appendBytesMax = 1024 * 1024;

/**
 * Brings records to the buffers of their project's region; resolves to `null` when all are durable. After a failure
 * some may be, and the whole request may be sent again: spans and scores of the same ids are one.
 */
export async function takeRecords(env: RecorderEnv, homeRegion: Region, { spans, scores }: Records): Promise<Failure | null> {
  const framesByShard = new Map<number, Uint8Array[]>();
  const add = ({ traceId }: Span | Score, frame: Uint8Array): void => {
    const shard = shardOfTrace(traceId, regions[homeRegion].bufferShards);
    const frames = framesByShard.get(shard) ?? [];
    frames.push(frame);
    framesByShard.set(shard, frames);
  };
  for (const span of spans) add(span, await encodeSpan(env, span));
  for (const score of scores) add(score, encodeScore(score));
  const appends = Array.from(framesByShard, ([shard, frames]) =>
    groupFrames(frames, appendBytesMax).map((group) =>
      appendFrames(env, homeRegion, shard, { id: crypto.randomUUID(), frames: packFrames(group), events: group.length }),
    ),
  );
  return faultOf(await Promise.all(appends.flat()));
}

/** What a client is told where not all of its appends are durable; `null`: they are. */
export function faultOf(replies: readonly Appended[]): Failure | null {
  for (const reply of replies) {
    if (reply.kind === "overloaded") return failure("overloaded", "The event buffer is full. Try again shortly.");
    if (reply.kind === "unreachable") return failure("dependency_unavailable", "The events could not be stored. Try again shortly.");
  }
  return null;
}
