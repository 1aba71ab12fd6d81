import { hasClickhouse } from "#adapters/clickhouse/client.ts";
import { newestReceivedAtMs } from "#adapters/clickhouse/newest-received.ts";
import { log } from "#adapters/log.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { waitingPrefix } from "#adapters/r2/edge-object.ts";
import { countLostSpans } from "#adapters/r2/lost-report.ts";
import { bufferStub } from "#adapters/recorder/buffer-stub.ts";
import { within } from "#adapters/within.ts";
import type { IngestionFacts } from "#core/contracts/api/ingestion.ts";
import type { Region } from "#core/contracts/region.ts";
import type { BufferStatus } from "#core/ingest/buffer.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import { shardsOf } from "#core/ingest/shard.ts";
import type { ConsumerEnv } from "./consume.ts";
import { countOpenDeadLetters } from "./list-dead-letters.ts";

/** Every store is asked at once, and given so long. */
export const answerWithinMs = 2_000;
const marksAtOnce = 1_000;
const dayMs = 86_400_000;

/** What the stores of a region say of its ingestion, within `answerWithinMs`; what does not answer is said so. Never throws. */
export async function readIngestion(env: ConsumerEnv, region: Region, nowMs: number): Promise<IngestionFacts> {
  const [buffers, waiting, deadLetters, lost, clickhouse] = await Promise.all([
    Promise.all(shardsOf(region).map(async (shard) => ({ shard, status: await readBuffer(env, region, shard, nowMs) }))),
    orNull("r2", region, readWaiting(env, region, nowMs)),
    orNull("r2", region, countOpenDeadLetters(env, region)),
    orNull("r2", region, countLostSpans(env, region, [dayOf(nowMs - dayMs), dayOf(nowMs)])),
    readClickhouse(env, region, nowMs),
  ]);
  return { region, buffers, waiting, deadLetters, lost, clickhouse };
}

async function orNull<Value>(store: string, region: Region, reading: Promise<Value>): Promise<Value | null> {
  try {
    return await within(reading, answerWithinMs);
  } catch (error) {
    log("dependency_down", { store, region, error });
    return null;
  }
}

type BufferFacts = NonNullable<IngestionFacts["buffers"][number]["status"]>;

async function readBuffer(env: ConsumerEnv, region: Region, shard: number, nowMs: number): Promise<BufferFacts | null> {
  const status = await orNull<BufferStatus>("buffer", region, bufferStub(env, region, shard).status());
  if (status === null) return null;
  return {
    acceptedEvents: status.stored,
    unsealedEvents: status.unsealedEvents,
    unsealedBytes: status.unsealedBytes,
    unacknowledgedObjects: status.sealedUnacknowledged,
    oldestUnacknowledgedAgeMs: status.oldestUnacknowledgedAtMs === null ? null : ageMs(status.oldestUnacknowledgedAtMs, nowMs),
    deadObjects: status.dead,
  };
}

/** Marks are listed by day, so the oldest is among the first. */
async function readWaiting(env: ConsumerEnv, region: Region, nowMs: number): Promise<NonNullable<IngestionFacts["waiting"]>> {
  const { objects, truncated } = await bucketOf(env, region).list({ prefix: waitingPrefix, limit: marksAtOnce });
  const uploaded = objects.map((mark) => mark.uploaded.getTime());
  return {
    objects: objects.length,
    isComplete: !truncated,
    oldestAgeMs: uploaded.length === 0 ? null : ageMs(Math.min(...uploaded), nowMs),
  };
}

async function readClickhouse(env: ConsumerEnv, region: Region, nowMs: number): Promise<IngestionFacts["clickhouse"]> {
  if (!hasClickhouse(env, region)) return { status: "not_configured" };
  try {
    return { status: "up", newestReceivedAtMs: await newestReceivedAtMs(env, region, { nowMs, limitMs: answerWithinMs }) };
  } catch (error) {
    log("dependency_down", { store: "clickhouse", region, error });
    return { status: "down" };
  }
}

/** Clocks of buffers may be ahead of ours. */
function ageMs(atMs: number, nowMs: number): number {
  return Math.max(0, nowMs - atMs);
}
