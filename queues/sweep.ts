import { log } from "#adapters/log.ts";
import { bufferStub } from "#adapters/recorder/buffer-stub.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { waitingPrefix } from "#adapters/r2/edge-object.ts";
import { within } from "#adapters/within.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { shardsOf } from "#core/ingest/shard.ts";
import type { ConsumerEnv } from "./consume.ts";
import { writeDeadLetter } from "./dead-letter.ts";
import { storeObject } from "./store-object.ts";

/** A sweep has ended when the next one begins, a minute after it began. */
const sweepMs = 50_000;
/** Objects of a region in memory at once. */
const atOnce = 2;
const marksAtOnce = 200;
const bufferAnswersWithinMs = 5_000;

export interface Swept {
  readonly region: Region;
  readonly done: number;
  readonly dead: number;
  /** Left for the next sweep. */
  readonly waiting: number;
}

/**
 * Once a minute, for every region: takes the objects that edges wrote round an unreachable buffer, as many as it
 * comes to in its time, and beside that asks each buffer for its status, which wakes one that lost its alarm.
 * Never throws, and waits for nothing longer than its time.
 */
export async function sweep(env: ConsumerEnv, nowMs: number): Promise<Swept[]> {
  const [swept] = await Promise.all([
    Promise.all(regionSchema.options.map(async (region) => await sweepRegion(env, region, nowMs))),
    Promise.all(regionSchema.options.map(async (region) => await wakeBuffers(env, region))),
  ]);
  return swept;
}

async function sweepRegion(env: ConsumerEnv, region: Region, nowMs: number): Promise<Swept> {
  const endAtMs = nowMs + sweepMs;
  const counts = { done: 0, dead: 0, waiting: 0 };
  const marks = listMarks(bucketOf(env, region), endAtMs);
  const work = async (): Promise<void> => {
    // The workers share one iterator, so each mark is taken once.
    for await (const mark of marks) {
      const taking = within(takeMarked(env, region, mark, nowMs), endAtMs - Date.now());
      const outcome = await taking.catch((error: unknown) => {
        log("object_not_stored", { objectKey: mark.key, error });
        return "waiting" as const;
      });
      counts[outcome] += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } catch (error) {
    log("sweep_broke_off", { region, error });
  }
  return { region, ...counts };
}

/** Stores the object that a mark stands for. Throws what the bucket throws. */
async function takeMarked(env: ConsumerEnv, region: Region, mark: R2Object, nowMs: number): Promise<"done" | "dead" | "waiting"> {
  const key = mark.key.slice(waitingPrefix.length);
  const stored = await storeObject(env, region, key, nowMs);
  if (stored.kind === "later") {
    log("object_not_stored", { objectKey: key, outcome: stored.kind, reason: stored.reason });
    return "waiting";
  }
  if (stored.kind === "refused")
    await writeDeadLetter(env, { region, key, reason: stored.reason, events: [], atMs: mark.uploaded.getTime() });
  // The mark goes last: after a crash the object is only looked at once more.
  await bucketOf(env, region).delete(mark.key);
  return stored.kind === "done" ? "done" : "dead";
}

/** The marks of a region, page after page, until the time is over. One that stays is not met again. */
async function* listMarks(bucket: R2Bucket, endAtMs: number): AsyncGenerator<R2Object, void> {
  let cursor: string | undefined;
  do {
    const options = { prefix: waitingPrefix, limit: marksAtOnce, ...(cursor === undefined ? {} : { cursor }) };
    const page = await within(bucket.list(options), endAtMs - Date.now());
    for (const mark of page.objects) {
      if (Date.now() >= endAtMs) return;
      yield mark;
    }
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}

async function wakeBuffers(env: ConsumerEnv, region: Region): Promise<void> {
  await Promise.all(
    shardsOf(region).map(async (shard) => {
      try {
        await within(bufferStub(env, region, shard).status(), bufferAnswersWithinMs);
      } catch (error) {
        log("buffer_unreachable", { region, shard, error });
      }
    }),
  );
}
