import { writeEdgeObject } from "#adapters/r2/edge-object.ts";
import type { RecordMode } from "#core/contracts/api/keys.ts";
import { regions, type Region } from "#core/contracts/region.ts";
import type { Span } from "#core/contracts/span.ts";
import { bufferLimits } from "#core/ingest/buffer.ts";
import { formatBufferName, shardOfTrace } from "#core/ingest/shard.ts";
import { encodeSpan } from "./encode-span.ts";
import { addEntry, newLane, takePending, type Entry, type Lane } from "./lane.ts";
import { sendBatch, type RecorderEnv } from "./send-batch.ts";

export type RecordOutcome = { readonly kind: "stored" } | { readonly kind: "lost"; readonly reason: string };

/**
 * Spans of one isolate travel together when they come within this time. While an append is under way more are coming
 * than appends are cheap, so that calls which do not wait for their record share fewer of them.
 */
const windowMs = { idle: 5, busy: 25 };
/** Followers look this often whether their batch has arrived: a client waits for a durable record, nobody for another. */
const pollMs = { durable: 4, normal: 100 } satisfies Record<RecordMode, number>;
const pollMsMax = 100;
/** What an isolate holds back at most for one buffer, of its 128 MB. */
const heldBytesMax = 32 * 1024 * 1024;

const lanes = new Map<string, Lane>();
const counts = { stored: 0, lost: 0 };

/** What this isolate's recorder has done: spans stored, spans lost, bytes it still holds. */
export function recorderCounts(): { readonly stored: number; readonly lost: number; readonly heldBytes: number } {
  return { ...counts, heldBytes: [...lanes.values()].reduce((sum, { heldBytes }) => sum + heldBytes, 0) };
}

function laneOf(region: Region, shard: number): Lane {
  const name = formatBufferName(region, shard);
  const lane = lanes.get(name) ?? newLane(region, shard);
  lanes.set(name, lane);
  return lane;
}

/** A timer of the calling request. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Brings a span to the buffer of its home region, together with what else the isolate has; resolves when it is
 * durable there (or, round an unreachable buffer, in the region's bucket). `lost`, after a minute of tries, is
 * logged and counted. Under `normal` give the promise to `waitUntil`; under `durable` await it. Never throws.
 */
export async function record(env: RecorderEnv, span: Span, mode: RecordMode = "normal"): Promise<RecordOutcome> {
  let outcome: RecordOutcome;
  try {
    const frame = await encodeSpan(env, span);
    const lane = laneOf(span.homeRegion, shardOfTrace(span.traceId, regions[span.homeRegion].bufferShards));
    outcome = await bring(env, lane, frame, mode);
  } catch (error) {
    outcome = { kind: "lost", reason: error instanceof Error ? error.message : String(error) };
  }
  counts[outcome.kind] += 1;
  if (outcome.kind === "lost") console.error(`span ${span.spanId} of trace ${span.traceId} lost: ${outcome.reason}`);
  return outcome;
}

async function bring(env: RecorderEnv, lane: Lane, frame: Uint8Array, mode: RecordMode): Promise<RecordOutcome> {
  if (frame.length > bufferLimits.appendBytesMax) {
    await writeEdgeObject(env, { region: lane.region, id: crypto.randomUUID(), frames: frame, createdAtMs: Date.now() });
    return { kind: "stored" };
  }
  if (lane.heldBytes + frame.length > heldBytesMax) return { kind: "lost", reason: "the isolate holds too many spans already" };
  const entry = addEntry(lane, frame);
  let waitMs = firstWaitMs(lane, mode);
  for (;;) {
    // Only timers of this request are awaited, never a promise of another one: workerd would hang there.
    await pause(waitMs);
    const outcome = outcomeOf(entry);
    if (outcome !== null) return outcome;
    await sendWhatIsDue(env, lane, entry);
    const sent = outcomeOf(entry);
    if (sent !== null) return sent;
    waitMs = Math.min(pollMsMax, Math.max(pollMs[mode], waitMs * 1.3));
  }
}

/** Who finds no timer running leads, and takes all along; who finds one comes to look when that should be done. */
function firstWaitMs(lane: Lane, mode: RecordMode): number {
  const nowMs = Date.now();
  const isLed = lane.leaderDueAtMs >= nowMs && (mode === "normal" || lane.leaderDueAtMs <= nowMs + windowMs.idle);
  if (isLed) return lane.leaderDueAtMs - nowMs + pollMs[mode];
  const waitMs = mode === "normal" && lane.batches.size > 0 ? windowMs.busy : windowMs.idle;
  lane.leaderDueAtMs = nowMs + waitMs;
  return waitMs;
}

async function sendWhatIsDue(env: RecorderEnv, lane: Lane, { batch }: Entry): Promise<void> {
  if (batch === null) {
    lane.leaderDueAtMs = 0;
    takePending(lane, Date.now(), () => crypto.randomUUID());
  }
  // Batches of requests that died on the way are carried on too.
  const due = [...lane.batches].filter(({ dueAtMs }) => dueAtMs <= Date.now());
  await Promise.all(due.map((each) => sendBatch(env, lane, each)));
}

function outcomeOf({ batch }: Entry): RecordOutcome | null {
  if (batch === null || batch.state === "waiting") return null;
  return batch.state === "stored" ? { kind: "stored" } : { kind: "lost", reason: batch.reason };
}
