import type { Region } from "#core/contracts/region.ts";
import { formatBufferName } from "#core/ingest/shard.ts";
import { log } from "../log.ts";
import { noteLost } from "./lost-spans.ts";

/** One append is not much larger; a single frame may be. */
const batchBytesMax = 1024 * 1024;

/** Frames that travel as one append. Plain data: every request of the isolate may carry it on. */
export interface Batch {
  /** The same for every try, so that the buffer takes it once. */
  readonly appendId: string;
  readonly createdAtMs: number;
  /** One a span, in the order they came. */
  readonly frames: Uint8Array[];
  bytes: number;
  spans: number;
  /** From when on anyone may send it (again): set ahead by who sends, so that only one does. Infinite while it gathers. */
  dueAtMs: number;
  failures: number;
  state: "waiting" | "stored" | "lost";
  reason: string;
}

/** Requests that will see to what gathers: one leads, and one more looks after it. */
export interface Watch {
  /** When the leader's timer fires. */
  readonly dueAtMs: number;
  hasGuard: boolean;
}

/** What the isolate has not yet brought to one buffer. */
export interface Lane {
  readonly region: Region;
  readonly shard: number;
  readonly batches: Set<Batch>;
  /** The batch that still takes frames. */
  gathering: Batch | null;
  /** `null`: nobody sees to what gathers. */
  watch: Watch | null;
  /** When a batch last stopped gathering, epoch milliseconds; 0: none has. */
  closedAtMs: number;
}

const lanes = new Map<string, Lane>();
let heldBytes = 0;
let spansLost = 0;

/** What this isolate's recorder holds for all buffers, and how many spans it has lost. */
export function recorderState(): { readonly heldBytes: number; readonly spansLost: number } {
  return { heldBytes, spansLost };
}

export function laneOf(region: Region, shard: number): Lane {
  const name = formatBufferName(region, shard);
  const lane = lanes.get(name) ?? { region, shard, batches: new Set<Batch>(), gathering: null, watch: null, closedAtMs: 0 };
  lanes.set(name, lane);
  return lane;
}

/** Adds a frame to the batch that gathers, or to a new one where it would become too large; gives that batch. */
export function addFrame(lane: Lane, frame: Uint8Array, nowMs: number): Batch {
  if (lane.gathering !== null && lane.gathering.bytes + frame.length > batchBytesMax) closeGathering(lane, nowMs);
  const batch = lane.gathering ?? newBatch(nowMs);
  lane.gathering = batch;
  lane.batches.add(batch);
  batch.frames.push(frame);
  batch.bytes += frame.length;
  batch.spans += 1;
  heldBytes += frame.length;
  return batch;
}

/** What gathered is due now; the next request watches over what comes after. */
export function endWatch(lane: Lane, nowMs: number): void {
  lane.watch = null;
  closeGathering(lane, nowMs);
}

function closeGathering(lane: Lane, nowMs: number): void {
  if (lane.gathering === null) return;
  lane.gathering.dueAtMs = nowMs;
  lane.gathering = null;
  lane.closedAtMs = nowMs;
}

/** The end of a batch, whichever: the lane lets go of it. */
export function closeBatch(lane: Lane, batch: Batch, state: "stored" | "lost"): void {
  if (batch.state !== "waiting") return;
  batch.state = state;
  lane.batches.delete(batch);
  heldBytes -= batch.bytes;
  if (state === "lost") countLost(lane.region, batch.spans);
}

export function countLost(region: Region, spans: number): void {
  spansLost += spans;
  noteLost(region, spans, Date.now());
  log("spans_lost", { region, count: spans });
}

function newBatch(createdAtMs: number): Batch {
  return {
    appendId: crypto.randomUUID(),
    createdAtMs,
    frames: [],
    bytes: 0,
    spans: 0,
    dueAtMs: Number.POSITIVE_INFINITY,
    failures: 0,
    state: "waiting",
    reason: "",
  };
}
