import { writeEdgeObject } from "#adapters/r2/edge-object.ts";
import type { RecordMode } from "#core/contracts/api/keys.ts";
import type { StoragePolicy } from "#core/contracts/policy.ts";
import { regions } from "#core/contracts/region.ts";
import type { Span } from "#core/contracts/span.ts";
import { bufferLimits } from "#core/ingest/buffer.ts";
import { shardOfTrace } from "#core/ingest/shard.ts";
import { encodeSpan } from "./encode-span.ts";
import { addFrame, countLost, endWatch, laneOf, recorderState, type Batch, type Lane, type Watch } from "./lane.ts";
import { packFrames } from "./packets.ts";
import { sendBatch, type RecorderEnv } from "./send-batch.ts";
import { within } from "../within.ts";

/** `carried`: other requests of this isolate bring it. */
export type RecordOutcome = { readonly kind: "stored" } | { readonly kind: "carried" } | { readonly kind: "lost"; readonly reason: string };

/**
 * Spans of one isolate travel together when they come within this time. An append costs more than a call does, so calls
 * that come one after the other and do not wait for their record share fewer of them; while a buffer fails they gather
 * for long, since each batch may become an object of its own.
 */
const windowMs = {
  durable: { idle: 5, busy: 5, failing: 250 },
  normal: { idle: 5, busy: 100, failing: 1_000 },
} as const satisfies Record<RecordMode, Readonly<Record<"idle" | "busy" | "failing", number>>>;
/** So long after a batch the next one is taken to be part of a run of calls. */
const busyForMs = 250;
/** Who does not lead looks so long after the leader whether the batch has arrived. */
const pollMs = { durable: 4, normal: 100 } satisfies Record<RecordMode, number>;
const pollMsMax = 100;
/** What an isolate holds back at most, of its 128 MB. */
const heldBytesMax = 32 * 1024 * 1024;
const bucketWithinMs = 5_000;

/**
 * Brings a span to the buffer of its home region, together with what else the isolate has. Under `durable` it resolves
 * when the span is durable there (or, round an unreachable buffer, in the region's bucket), or `lost` after a minute
 * of tries. Under `normal` two requests see to each batch and the others are `carried`: give the promise to
 * `waitUntil`. Losses are logged and counted. Never throws.
 */
export async function record(env: RecorderEnv, span: Span, mode: RecordMode, policy: StoragePolicy): Promise<RecordOutcome> {
  const lane = laneOf(span.homeRegion, shardOfTrace(span.traceId, regions[span.homeRegion].bufferShards));
  try {
    return await bring(env, lane, await encodeSpan(env, span, policy), mode);
  } catch (error) {
    return lost(lane, error instanceof Error ? error.message : String(error));
  }
}

function lost({ region }: Lane, reason: string): RecordOutcome {
  countLost(region, 1);
  return { kind: "lost", reason };
}

async function bring(env: RecorderEnv, lane: Lane, frame: Uint8Array, mode: RecordMode): Promise<RecordOutcome> {
  if (frame.length > bufferLimits.appendBytesMax) {
    const object = { region: lane.region, id: crypto.randomUUID(), frames: packFrames([frame]), createdAtMs: Date.now() };
    await within(writeEdgeObject(env, object), bucketWithinMs);
    return { kind: "stored" };
  }
  if (recorderState().heldBytes + frame.length > heldBytesMax) return lost(lane, "the isolate holds too many spans already");
  const batch = addFrame(lane, frame, Date.now());
  const joined = joinWatch(lane, mode, Date.now());
  if (joined === null) return { kind: "carried" };
  let { waitMs } = joined;
  for (;;) {
    // Only timers of this request are awaited, never a promise of another one: workerd would hang there.
    await pause(waitMs);
    if (lane.watch === joined.watch || lane.gathering === batch) endWatch(lane, Date.now());
    const outcome = outcomeOf(batch) ?? (await sendWhatIsDue(env, lane, batch, mode));
    if (outcome !== null) return outcome;
    waitMs = Math.min(pollMsMax, Math.max(pollMs[mode], waitMs * 1.3));
  }
}

/** Who finds nobody watching leads, and sends all; the next one guards it. `null`: nothing is left to do for this one. */
function joinWatch(lane: Lane, mode: RecordMode, nowMs: number): { readonly watch: Watch; readonly waitMs: number } | null {
  const ownWindowMs = windowMs[mode][pressureOf(lane, nowMs)];
  const { watch } = lane;
  // A leader that is overdue has died; one that comes later than this call can wait is none for it.
  if (watch === null || watch.dueAtMs < nowMs || watch.dueAtMs > nowMs + ownWindowMs) {
    const own: Watch = { dueAtMs: nowMs + ownWindowMs, hasGuard: false };
    lane.watch = own;
    return { watch: own, waitMs: ownWindowMs };
  }
  if (mode === "normal" && watch.hasGuard) return null;
  watch.hasGuard = true;
  return { watch, waitMs: watch.dueAtMs - nowMs + pollMs[mode] };
}

function pressureOf({ batches, closedAtMs }: Lane, nowMs: number): "idle" | "busy" | "failing" {
  for (const { failures } of batches) if (failures > 0) return "failing";
  return nowMs - closedAtMs < busyForMs ? "busy" : "idle";
}

/** A timer of the calling request. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Sends the request's own batch and those of requests that died on the way. A durable call waits for its own alone. */
async function sendWhatIsDue(env: RecorderEnv, lane: Lane, own: Batch, mode: RecordMode): Promise<RecordOutcome | null> {
  const nowMs = Date.now();
  const due = [...lane.batches].filter(({ dueAtMs }) => dueAtMs <= nowMs);
  const sending = due.map((batch) => sendBatch(env, lane, batch));
  const ownSending = sending[due.indexOf(own)];
  await (mode === "durable" && ownSending !== undefined ? ownSending : Promise.all(sending));
  return outcomeOf(own);
}

function outcomeOf({ state, reason }: Batch): RecordOutcome | null {
  if (state === "waiting") return null;
  return state === "stored" ? { kind: "stored" } : { kind: "lost", reason };
}
