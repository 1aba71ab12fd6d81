import type { Buckets } from "#adapters/r2/buckets.ts";
import { writeEdgeObject } from "#adapters/r2/edge-object.ts";
import type { AppendReply } from "#core/ingest/buffer.ts";
import { bufferStub, type BufferBinding } from "./buffer-stub.ts";
import { within } from "../within.ts";
import { closeBatch, type Batch, type Lane } from "./lane.ts";
import { packFrames } from "./packets.ts";

export type RecorderEnv = BufferBinding & Buckets;

/** An append without an answer for so long is taken for lost, and anyone may repeat it. */
const staleMs = 2_000;
/** A buffer that could not be reached for so long is gone round. */
const goRoundAfterMs = 5_000;
const giveUpAfterMs = 60_000;
const backoffMs = { first: 50, max: 2_000 };

/** One try to bring a batch to its buffer, or round it. The outcome stands in the batch; never throws. */
export async function sendBatch(env: RecorderEnv, lane: Lane, batch: Batch): Promise<void> {
  batch.dueAtMs = Date.now() + staleMs;
  let pauseMs = Math.min(backoffMs.max, backoffMs.first * 2 ** batch.failures);
  try {
    const appending = bufferStub(env, lane.region, lane.shard).append(batch.appendId, packFrames(batch.frames), batch.spans);
    const reply = await within<AppendReply>(appending, staleMs);
    if (reply.kind === "stored") return closeBatch(lane, batch, "stored");
    pauseMs = reply.retryAfterMs;
    batch.reason = "the buffer is full";
  } catch (error) {
    batch.reason = `the buffer cannot be reached: ${error instanceof Error ? error.message : String(error)}`;
  }
  batch.failures += 1;
  if (Date.now() - batch.createdAtMs >= goRoundAfterMs && (await goRound(env, lane, batch))) return;
  if (Date.now() - batch.createdAtMs >= giveUpAfterMs) return closeBatch(lane, batch, "lost");
  batch.dueAtMs = Date.now() + pauseMs;
}

async function goRound(env: RecorderEnv, lane: Lane, batch: Batch): Promise<boolean> {
  try {
    const { appendId: id, createdAtMs } = batch;
    await within(writeEdgeObject(env, { region: lane.region, id, frames: packFrames(batch.frames), createdAtMs }), staleMs);
    closeBatch(lane, batch, "stored");
    return true;
  } catch (error) {
    batch.reason += `; nor can the bucket: ${error instanceof Error ? error.message : String(error)}`;
    return false;
  }
}
