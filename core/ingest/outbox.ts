import { bufferLimits } from "./buffer.ts";

/**
 * One sealed object on its way: `sealed` (its bytes are still in the buffer) → `put` (in the bucket)
 * → `sent` (its key is with the queue) → `acknowledged`.
 */
export interface OutboxObject {
  readonly seq: number;
  readonly state: "sealed" | "put" | "sent" | "acknowledged";
  readonly sealedAtMs: number;
  /** Tries of the present step; for `sent`, how often the key was given to the queue. */
  readonly attempts: number;
  /** When the next try is due. */
  readonly nextAtMs: number;
}

export type OutboxEvent = "put" | "put-failed" | "sent" | "send-failed" | "acknowledged" | "restarted";

interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

const failedStep: Backoff = { firstMs: 250, maxMs: 15_000 };
/** Longer than a consumer usually takes, so that a key is seldom with the queue twice. */
const unanswered: Backoff = { firstMs: 10_000, maxMs: 60_000 };
/** A restart may have taken the queue along: what was sent is sent again soon. */
const afterRestartMs = 2_000;

function backoffMs({ firstMs, maxMs }: Backoff, attempts: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(attempts - 1, 20));
}

/** What an event changes of an object. */
export type OutboxChange = Partial<Pick<OutboxObject, "state" | "attempts" | "nextAtMs">>;

function tryAgain({ attempts }: OutboxObject, steps: Backoff, nowMs: number): OutboxChange {
  return { attempts: attempts + 1, nextAtMs: nowMs + backoffMs(steps, attempts + 1) };
}

/**
 * What an event changes of an object; `null`: nothing, because it does not fit the object's state
 * (an acknowledgement come twice, a put reported after an acknowledgement).
 */
export function advance(object: OutboxObject, event: OutboxEvent, nowMs: number): OutboxChange | null {
  const { state } = object;
  const isPut = state === "put" || state === "sent";
  switch (event) {
    case "put":
      return state === "sealed" ? { state: "put", attempts: 0, nextAtMs: nowMs } : null;
    case "put-failed":
      return state === "sealed" ? tryAgain(object, failedStep, nowMs) : null;
    case "sent":
      return isPut ? { state: "sent", ...tryAgain(state === "sent" ? object : { ...object, attempts: 0 }, unanswered, nowMs) } : null;
    case "send-failed":
      return isPut ? tryAgain(object, failedStep, nowMs) : null;
    case "acknowledged":
      // Before it is in the bucket nobody can have read it: such an acknowledgement is not for this object.
      return isPut ? { state: "acknowledged" } : null;
    case "restarted":
      return state !== "acknowledged" && object.nextAtMs > nowMs + afterRestartMs ? { nextAtMs: nowMs + afterRestartMs } : null;
  }
}

/** Sealed objects whose bytes should go to the bucket now, oldest first. */
export function objectsToPut<Row extends OutboxObject>(objects: Iterable<Row>, nowMs: number): Row[] {
  return [...objects].filter((object) => object.state === "sealed" && object.nextAtMs <= nowMs).toSorted((a, b) => a.seq - b.seq);
}

/** Objects whose key should go to the queue now: unanswered ones, then new ones as far as the window allows. */
export function objectsToSend<Row extends OutboxObject>(objects: Iterable<Row>, nowMs: number): Row[] {
  const all = [...objects].toSorted((a, b) => a.seq - b.seq);
  const sent = all.filter((object) => object.state === "sent");
  const fresh = all.filter((object) => object.state === "put" && object.nextAtMs <= nowMs);
  const room = Math.max(0, bufferLimits.inFlightMax - sent.length);
  return [...sent.filter((object) => object.nextAtMs <= nowMs), ...fresh.slice(0, room)];
}

/** When events that wait since `unsealedSinceMs` become an object by age. `lastSealedAtMs`: the object before; `null`: none. */
export function sealAtMs(unsealedSinceMs: number, lastSealedAtMs: number | null): number {
  const { sealAgeMs, sealIntervalMs } = bufferLimits;
  return lastSealedAtMs === null ? unsealedSinceMs + sealAgeMs : Math.max(unsealedSinceMs + sealAgeMs, lastSealedAtMs + sealIntervalMs);
}

/**
 * When there is something to do next; `null`: never, unless something comes in. A new key that waits
 * for room in the window has no time of its own: an acknowledgement or a re-send comes first.
 */
export function wakeAtMs(objects: Iterable<OutboxObject>, sealDueAtMs: number | null): number | null {
  const all = [...objects];
  const full = all.filter((object) => object.state === "sent").length >= bufferLimits.inFlightMax;
  const due = all
    .filter((object) => object.state === "sealed" || object.state === "sent" || (object.state === "put" && !full))
    .map((object) => object.nextAtMs);
  if (sealDueAtMs !== null) due.push(sealDueAtMs);
  return due.length === 0 ? null : due.reduce((earliest, atMs) => Math.min(earliest, atMs));
}

/** Whether a row may go: acknowledged, its append ids too old to matter, and a newer row keeps the count. */
export function isForgettable(object: OutboxObject, newestSeq: number, nowMs: number): boolean {
  return object.state === "acknowledged" && object.seq < newestSeq && object.sealedAtMs + bufferLimits.appendIdMs < nowMs;
}
