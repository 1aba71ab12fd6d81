import { bufferStub } from "#adapters/recorder/buffer-stub.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { waitingPrefix } from "#adapters/r2/edge-object.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { shardsOf } from "#core/ingest/shard.ts";
import type { ConsumerEnv } from "./consume.ts";
import { writeDeadLetter } from "./dead-letter.ts";
import { storeObject } from "./store-object.ts";

/** Edge objects taken in one sweep of a region; the rest waits a minute. */
const objectsMax = 200;

export interface Swept {
  readonly region: Region;
  readonly done: number;
  readonly dead: number;
  /** Left for the next sweep. */
  readonly waiting: number;
}

/**
 * Once a minute, for every region: takes the objects that edges wrote round an unreachable buffer, and asks each
 * buffer for its status, which wakes one that lost its alarm. Never throws for one region's sake.
 */
export async function sweep(env: ConsumerEnv, nowMs: number): Promise<Swept[]> {
  return await Promise.all(
    regionSchema.options.map(async (region) => {
      await wakeBuffers(env, region);
      try {
        return await sweepRegion(env, region, nowMs);
      } catch (error) {
        console.warn(`region ${region} not swept:`, error);
        return { region, done: 0, dead: 0, waiting: 0 };
      }
    }),
  );
}

async function sweepRegion(env: ConsumerEnv, region: Region, nowMs: number): Promise<Swept> {
  const bucket = bucketOf(env, region);
  const marks = await bucket.list({ prefix: waitingPrefix, limit: objectsMax });
  const counts = { done: 0, dead: 0, waiting: 0 };
  for (const mark of marks.objects) {
    const key = mark.key.slice(waitingPrefix.length);
    const stored = await storeObject(env, region, key, nowMs);
    if (stored.kind === "later") {
      console.warn(`object ${key}: later: ${stored.reason}`);
      counts.waiting += 1;
      continue;
    }
    if (stored.kind === "refused")
      await writeDeadLetter(env, { region, key, reason: stored.reason, events: [], atMs: mark.uploaded.getTime() });
    // The mark goes last: after a crash the object is only looked at once more.
    await bucket.delete(mark.key);
    counts[stored.kind === "done" ? "done" : "dead"] += 1;
  }
  return { region, ...counts };
}

async function wakeBuffers(env: ConsumerEnv, region: Region): Promise<void> {
  await Promise.all(
    shardsOf(region).map(async (shard) => {
      try {
        await bufferStub(env, region, shard).status();
      } catch (error) {
        console.warn(`buffer ${region}:${shard} not reached:`, error);
      }
    }),
  );
}
