import { writeEdgeObject } from "#adapters/r2/edge-object.ts";
import type { Region } from "#core/contracts/region.ts";
import type { AppendReply } from "#core/ingest/buffer.ts";
import { log } from "../log.ts";
import { bufferStub } from "./buffer-stub.ts";
import type { RecorderEnv } from "./send-batch.ts";
import { within } from "../within.ts";

export type Appended = AppendReply | { readonly kind: "unreachable"; readonly reason: string };

const tries = 3;
const answerWithinMs = 2_000;
const pauseMs = 100;

/**
 * Appends frames, packed or not, of so many events to one buffer on behalf of a caller who waits, and who is told when the buffer is
 * full. A buffer that does not answer is asked again under the same id, a UUID, then gone round; `unreachable`: the bucket is down too.
 */
export async function appendFrames(
  env: RecorderEnv,
  region: Region,
  shard: number,
  { id, frames, events }: { readonly id: string; readonly frames: Uint8Array; readonly events: number },
): Promise<Appended> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      return await within<AppendReply>(bufferStub(env, region, shard).append(id, frames, events), answerWithinMs);
    } catch (error) {
      log("append_failed", { region, shard, attempt, error });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  try {
    await within(writeEdgeObject(env, { region, id, frames, createdAtMs: Date.now() }), answerWithinMs);
    return { kind: "stored" };
  } catch (error) {
    return { kind: "unreachable", reason: error instanceof Error ? error.message : String(error) };
  }
}
