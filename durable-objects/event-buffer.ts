import { DurableObject } from "cloudflare:workers";
import { log } from "#adapters/log.ts";
import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import { createObject } from "#adapters/r2/create-object.ts";
import { bufferNameOf, type BufferBinding } from "#adapters/recorder/buffer-stub.ts";
import { within } from "#adapters/within.ts";
import { bufferLimits, type Acknowledgement, type AppendReply, type BufferStatus, type EventBufferRpc } from "#core/ingest/buffer.ts";
import { countFrames } from "#core/ingest/frame.ts";
import { dayOf, formatObjectKey } from "#core/ingest/object-key.ts";
import { unpackedBytes } from "#core/ingest/packet.ts";
import { advance, isForgettable, objectsToPut, objectsToSend, sealAtMs, wakeAtMs, type OutboxEvent } from "#core/ingest/outbox.ts";
import { formatBufferName, parseBufferName } from "#core/ingest/shard.ts";
import { regions, type Region } from "#core/contracts/region.ts";
import { EventBufferStore, type Append, type SegmentInfo, type StoredObject } from "./event-buffer-store.ts";
import { GroupCommit } from "./group-commit.ts";

type Suffix = (typeof regions)[Region]["suffix"];
/** What the buffer's Worker binds: every region's bucket, and the queue to its consumers. */
export type EventBufferEnv = Buckets & BufferBinding & Readonly<Record<`QUEUE_${Suffix}`, Queue<string>>>;

const bucketDeadlineMs = 15_000;
const queueDeadlineMs = 5_000;
/** A drain that broke off is not begun again at once. */
const brokenDrainPauseMs = 1_000;

/**
 * Takes framed events for one shard of a region and sees to it that each reaches a consumer: group commit,
 * sealing into objects, and an outbox that repeats every key until somebody acknowledges it. Whatever step
 * a crash falls between, the tables say how to go on; the bytes are opaque here.
 */
export class EventBuffer extends DurableObject<EventBufferEnv> implements EventBufferRpc {
  readonly #store: EventBufferStore;
  readonly #groups = new GroupCommit((appends) => this.#commit(appends));
  /** Objects whose rows still exist, by seq. */
  readonly #objects = new Map<number, StoredObject>();
  /** Segments that are in no object yet, oldest first. */
  #unsealed: SegmentInfo[];
  /** The row that carries the counts on; never forgotten. */
  #newest: StoredObject | null;
  /** Distinguishes this storage from one of the same name before it: keys of the two must never meet. */
  readonly #epoch: number;
  readonly #region: Region;
  readonly #shard: number;
  #dead: number;
  #heldBytes: number;
  #alarmAtMs: number | null = null;
  #draining: Promise<void> | null = null;
  #pausedUntilMs = 0;

  constructor(ctx: DurableObjectState, env: EventBufferEnv) {
    super(ctx, env);
    this.#store = new EventBufferStore(ctx.storage);
    const nowMs = Date.now();
    // An alarm may wake the object without its name, so the name is kept; a caller in another process brings its id alone.
    const name = this.#store.meta("name") ?? ctx.id.name ?? bufferNameOf(env, ctx.id) ?? "";
    const { region, shard } = parseBufferName(name) ?? {};
    if (region === undefined || shard === undefined) throw new Error(`an event buffer is named <region>:<shard>, not "${name}"`);
    this.#region = region;
    this.#shard = shard;
    this.#store.metaOr("name", formatBufferName(region, shard));
    this.#epoch = Number(this.#store.metaOr("epoch", String(nowMs)));
    this.#dead = Number(this.#store.metaOr("dead", "0"));
    const { objects, unsealed, appendIds } = this.#store.load(nowMs - bufferLimits.appendIdMs);
    for (const object of objects) this.#objects.set(object.seq, { ...object, ...advance(object, "restarted", nowMs) });
    this.#unsealed = unsealed;
    this.#newest = objects.at(-1) ?? null;
    this.#heldBytes = [...unsealed, ...objects.filter(({ state }) => state === "sealed")].reduce((sum, { bytes }) => sum + bytes, 0);
    this.#groups.remember(appendIds);
    this.#setAlarm();
  }

  /** @see EventBufferRpc.append */
  async append(appendId: string, frames: Uint8Array, events = countFrames(frames) ?? 0): Promise<AppendReply> {
    const known = this.#groups.find(appendId);
    if (known === null) {
      const bytes = unpackedBytes(frames);
      if (bytes === null || bytes > bufferLimits.appendBytesMax || !/^[\w-]{1,64}$/.test(appendId)) {
        throw new RangeError(`append: not an id and whole frames of at most ${bufferLimits.appendBytesMax} bytes`);
      }
      if (this.#heldBytes + this.#groups.pendingBytes + bytes > bufferLimits.unsealedBytesMax) {
        return { kind: "overloaded", retryAfterMs: bufferLimits.overloadedRetryAfterMs };
      }
      await this.#groups.add({ appendId, frames, events, bytes }, Date.now());
    } else {
      await known;
    }
    return { kind: "stored" };
  }

  /** @see EventBufferRpc.acknowledge */
  async acknowledge(items: readonly Acknowledgement[]): Promise<void> {
    const mine = items.filter(({ epoch }) => epoch === this.#epoch);
    const changed = new Set(
      this.#advanceAll(
        mine.map(({ seq }) => seq),
        "acknowledged",
      ),
    );
    const died = mine.filter(({ seq, outcome }) => outcome === "dead" && changed.delete(seq)).length;
    if (died > 0) {
      this.#dead += died;
      this.#store.setMeta("dead", String(this.#dead));
    }
    this.#setAlarm();
  }

  /** @see EventBufferRpc.status */
  async status(): Promise<BufferStatus> {
    const unacknowledged = [...this.#objects.values()].filter(({ state }) => state !== "acknowledged");
    const unsealedEvents = this.#unsealed.reduce((sum, { events }) => sum + events, 0);
    const sealedEvents = unacknowledged.filter(({ state }) => state === "sealed").reduce((sum, { events }) => sum + events, 0);
    return {
      epoch: this.#epoch,
      unsealedBytes: this.#heldBytes + this.#groups.pendingBytes,
      unsealedEvents: unsealedEvents + sealedEvents,
      sealedUnacknowledged: unacknowledged.length,
      oldestUnacknowledgedAtMs: unacknowledged[0]?.sealedAtMs ?? this.#unsealed[0]?.committedAtMs ?? null,
      stored: (this.#newest?.eventsThrough ?? 0) + unsealedEvents,
      dead: this.#dead,
    };
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = null;
    await this.#drain();
  }

  async #commit(appends: readonly Append[]): Promise<void> {
    const nowMs = Date.now();
    const firstId = (this.#unsealed.at(-1)?.id ?? this.#newest?.lastSegment ?? 0) + 1;
    const segments = this.#store.insertGroup(firstId, appends, nowMs);
    this.#unsealed.push(...segments);
    for (const { bytes } of segments) this.#heldBytes += bytes;
    // Most commits find the alarm set early enough; the outbox need not be gone through for each.
    if (this.#alarmAtMs === null || this.#alarmAtMs > (this.#sealDueAtMs() ?? 0)) this.#setAlarm();
    await this.ctx.storage.sync();
    if (this.#unsealedBytes() >= bufferLimits.sealBytes) this.ctx.waitUntil(this.#drain());
  }

  /**
   * Does all that is due, then sets the alarm for the rest; who comes while it runs waits for the same, so that an alarm
   * is used up only when the next one is set. Never throws: what failed is due again later.
   */
  #drain(): Promise<void> {
    this.#draining ??= this.#drainOnce()
      .catch((error: unknown) => {
        log("buffer_drain_broke_off", { region: this.#region, shard: this.#shard, error });
        this.#pausedUntilMs = Date.now() + brokenDrainPauseMs;
      })
      .finally(() => {
        this.#draining = null;
        this.#setAlarm();
      });
    return this.#draining;
  }

  async #drainOnce(): Promise<void> {
    for (let sealed = true; sealed;) {
      for (sealed = false; this.#seal(Date.now());) sealed = true;
      await this.#putAll(objectsToPut(this.#objects.values(), Date.now()));
      await this.#send(objectsToSend(this.#objects.values(), Date.now()));
    }
    this.#forget(Date.now());
  }

  /** When the unsealed events are due by age; `null`: there are none. */
  #sealDueAtMs(): number | null {
    const [first] = this.#unsealed;
    return first === undefined ? null : sealAtMs(first.committedAtMs, this.#newest?.sealedAtMs ?? null);
  }

  #unsealedBytes(): number {
    return this.#unsealed.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Makes one object of the oldest segments, if they are many or old enough. Rows of one group stay together. */
  #seal(nowMs: number): boolean {
    const [first] = this.#unsealed;
    if (first === undefined) return false;
    if (this.#unsealedBytes() < bufferLimits.sealBytes && (this.#sealDueAtMs() ?? 0) > nowMs) return false;
    let count = 0;
    let bytes = 0;
    let events = 0;
    for (const segment of this.#unsealed) {
      // A row without events of its own goes on from the one before it.
      if (bytes + segment.bytes > bufferLimits.sealBytes && count > 0 && segment.events > 0) break;
      count += 1;
      bytes += segment.bytes;
      events += segment.events;
    }
    const object: StoredObject = {
      seq: (this.#newest?.seq ?? 0) + 1,
      state: "sealed",
      sealedAtMs: nowMs,
      attempts: 0,
      nextAtMs: nowMs,
      firstSegment: first.id,
      lastSegment: first.id + count - 1,
      bytes,
      events,
      eventsThrough: (this.#newest?.eventsThrough ?? 0) + events,
    };
    this.#store.insertObject(object);
    this.#unsealed = this.#unsealed.slice(count);
    this.#objects.set(object.seq, object);
    this.#newest = object;
    return true;
  }

  /** A bucket answers after tens of milliseconds: one object after the other, a busy shard would fill faster than it empties. */
  async #putAll(objects: readonly StoredObject[]): Promise<void> {
    const waiting = objects.values();
    const work = async (): Promise<void> => {
      // The workers share one iterator, so each object is put once.
      for (const object of waiting) await this.#put(object);
    };
    await Promise.all(Array.from({ length: bufferLimits.putsAtOnce }, work));
  }

  async #put(object: StoredObject): Promise<void> {
    try {
      // The seal must be durable before anybody else can see the object: after a crash another cut would be another object.
      await this.ctx.storage.sync();
      const written = createObject(bucketOf(this.env, this.#region), this.#keyOf(object), this.#store.readFrames(object), {
        mediaType: "application/octet-stream",
        receivedAtMs: object.sealedAtMs,
      });
      await within(written, bucketDeadlineMs);
    } catch (error) {
      log("buffer_object_not_written", { region: this.#region, shard: this.#shard, seq: object.seq, error });
      this.#advanceAll([object.seq], "put-failed");
      return;
    }
    this.#advanceAll([object.seq], "put");
    this.#heldBytes -= object.bytes;
  }

  async #send(objects: readonly StoredObject[]): Promise<void> {
    if (objects.length === 0) return;
    const seqs = objects.map(({ seq }) => seq);
    const queue = this.env[`QUEUE_${regions[this.#region].suffix}`];
    try {
      const sent = queue.sendBatch(objects.map((object) => ({ body: this.#keyOf(object), contentType: "text" })));
      await within(Promise.resolve(sent), queueDeadlineMs);
    } catch (error) {
      log("buffer_keys_not_sent", { region: this.#region, shard: this.#shard, count: objects.length, error });
      this.#advanceAll(seqs, "send-failed");
      return;
    }
    this.#advanceAll(seqs, "sent");
  }

  #keyOf({ seq, sealedAtMs }: StoredObject): string {
    return formatObjectKey({ kind: "buffer", region: this.#region, day: dayOf(sealedAtMs), shard: this.#shard, epoch: this.#epoch, seq });
  }

  /** Applies an event to objects as they are now (others may have changed them while a binding was awaited); gives those it changed. */
  #advanceAll(seqs: readonly number[], event: OutboxEvent): number[] {
    const nowMs = Date.now();
    const changed = seqs.flatMap((seq) => {
      const current = this.#objects.get(seq);
      const change = current === undefined ? null : advance(current, event, nowMs);
      if (current === undefined || change === null) return [];
      const next = { ...current, ...change };
      this.#objects.set(seq, next);
      return [next];
    });
    if (changed.length > 0) this.#store.updateObjects(changed);
    return changed.map(({ seq }) => seq);
  }

  #forget(nowMs: number): void {
    const newestSeq = this.#newest?.seq ?? 0;
    const old = [...this.#objects.values()].filter((object) => isForgettable(object, newestSeq, nowMs)).map(({ seq }) => seq);
    if (old.length === 0) return;
    this.#store.deleteObjects(old);
    for (const seq of old) this.#objects.delete(seq);
  }

  #setAlarm(): void {
    const wake = wakeAtMs(this.#objects.values(), this.#sealDueAtMs());
    if (wake === null || this.#draining !== null || (this.#alarmAtMs !== null && this.#alarmAtMs <= wake)) return;
    this.#alarmAtMs = wake;
    this.ctx.waitUntil(
      this.ctx.storage.setAlarm(Math.max(wake, this.#pausedUntilMs, Date.now())).catch(() => {
        this.#alarmAtMs = null;
      }),
    );
  }
}
