import type { Region } from "#core/contracts/region.ts";
import { joinFrames } from "#core/ingest/frame.ts";

/** One append is not much larger; a single frame may be. */
const batchBytesMax = 1024 * 1024;

/** Frames that travel as one append. Plain data: every request of the isolate may carry it on. */
export interface Batch {
  /** The same for every try, so that the buffer takes it once. */
  readonly appendId: string;
  readonly createdAtMs: number;
  readonly frames: Uint8Array;
  readonly spans: number;
  /** From when on anyone may send it (again): set ahead by who sends, so that only one does. */
  dueAtMs: number;
  failures: number;
  state: "waiting" | "stored" | "lost";
  reason: string;
}

/** One span on its way. `batch` is set when some request took it along. */
export interface Entry {
  readonly frame: Uint8Array;
  batch: Batch | null;
}

/** What the isolate has not yet brought to one buffer. */
export interface Lane {
  readonly region: Region;
  readonly shard: number;
  pending: Entry[];
  readonly batches: Set<Batch>;
  /** When the timer fires that will take what is pending. */
  leaderDueAtMs: number;
  heldBytes: number;
}

export function newLane(region: Region, shard: number): Lane {
  return { region, shard, pending: [], batches: new Set(), leaderDueAtMs: 0, heldBytes: 0 };
}

export function addEntry(lane: Lane, frame: Uint8Array): Entry {
  const entry: Entry = { frame, batch: null };
  lane.pending.push(entry);
  lane.heldBytes += frame.length;
  return entry;
}

/** Makes batches of everything pending, in order; they are due at once. */
export function takePending(lane: Lane, nowMs: number, newId: () => string): void {
  const entries = lane.pending;
  lane.pending = [];
  for (let start = 0; start < entries.length;) {
    let bytes = entries[start]?.frame.length ?? 0;
    let end = start + 1;
    for (; end < entries.length; end += 1) {
      bytes += entries[end]?.frame.length ?? 0;
      if (bytes > batchBytesMax) break;
    }
    const group = entries.slice(start, end);
    const frames = joinFrames(group.map(({ frame }) => frame));
    const batch: Batch = {
      appendId: newId(),
      createdAtMs: nowMs,
      frames,
      spans: group.length,
      dueAtMs: nowMs,
      failures: 0,
      state: "waiting",
      reason: "",
    };
    for (const entry of group) entry.batch = batch;
    lane.batches.add(batch);
    start = end;
  }
}

/** The end of a batch, whichever: the lane lets go of it. */
export function closeBatch(lane: Lane, batch: Batch, state: "stored" | "lost"): void {
  if (batch.state !== "waiting") return;
  batch.state = state;
  lane.batches.delete(batch);
  lane.heldBytes -= batch.frames.length;
}
