import { joinBytes } from "#core/bytes.ts";
import { bufferLimits } from "#core/ingest/buffer.ts";
import type { OutboxObject } from "#core/ingest/outbox.ts";

/** A row of the `object` table: what the outbox needs, and which segments the object is made of. */
export interface StoredObject extends OutboxObject {
  readonly firstSegment: number;
  readonly lastSegment: number;
  readonly bytes: number;
  readonly events: number;
  /** Events of this object and all before it. */
  readonly eventsThrough: number;
}

/** One append as it waits for its group. */
export interface Append {
  readonly appendId: string;
  readonly frames: Uint8Array;
  readonly events: number;
  /** Of the frames, unpacked. */
  readonly bytes: number;
}

/** What is known of a segment without reading it. Bytes and events of a group stand in its first. */
export interface SegmentInfo {
  readonly id: number;
  /** Unpacked. */
  readonly bytes: number;
  readonly events: number;
  readonly committedAtMs: number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS segment (
    id INTEGER PRIMARY KEY, committed_at_ms INTEGER NOT NULL, events INTEGER NOT NULL,
    append_ids TEXT NOT NULL, bytes INTEGER NOT NULL, frames BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY, state TEXT NOT NULL, sealed_at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL, next_at_ms INTEGER NOT NULL,
    first_segment INTEGER NOT NULL, last_segment INTEGER NOT NULL,
    bytes INTEGER NOT NULL, events INTEGER NOT NULL, events_through INTEGER NOT NULL, append_ids TEXT NOT NULL);
`;

/** The rows of one group: whole appends joined, cut only where a row would become too large for SQLite. */
function cutIntoRows(appends: readonly Append[]): Uint8Array[] {
  const rows: Uint8Array[] = [];
  const all = joinBytes(appends.map(({ frames }) => frames));
  for (let start = 0; start < all.length; start += bufferLimits.rowBytesMax)
    rows.push(all.subarray(start, start + bufferLimits.rowBytesMax));
  return rows;
}

/**
 * The buffer's tables. Rows written are what a Durable Object costs, so a group of appends is one row, its
 * append ids travel in that row, and sealing names a range of segments instead of touching each.
 * Every method is one synchronous transaction.
 */
export class EventBufferStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#sql.exec(schema);
  }

  /** The value under a name; `initial` is stored and returned where there is none yet. */
  metaOr(name: string, initial: string): string {
    const value = this.meta(name);
    if (value !== null) return value;
    this.setMeta(name, initial);
    return initial;
  }

  meta(name: string): string | null {
    const [row] = this.#sql.exec<{ value: string }>("SELECT value FROM meta WHERE name = ?", name).toArray();
    return row?.value ?? null;
  }

  setMeta(name: string, value: string): void {
    this.#sql.exec("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
  }

  /**
   * Everything but the bytes, as after a restart. Objects by seq, segments not yet in an object by id; append ids only
   * since `appendIdsSinceMs`: objects wait as long as their store is down, and their ids would fill the memory.
   */
  load(appendIdsSinceMs: number): { objects: StoredObject[]; unsealed: SegmentInfo[]; appendIds: { appendId: string; atMs: number }[] } {
    const objects = this.#sql
      .exec<{ [K in keyof StoredObject]: StoredObject[K] }>(
        `SELECT seq, state, sealed_at_ms AS sealedAtMs, attempts, next_at_ms AS nextAtMs, first_segment AS firstSegment,
           last_segment AS lastSegment, bytes, events, events_through AS eventsThrough FROM object ORDER BY seq`,
      )
      .toArray();
    const unsealed = this.#sql
      .exec<{ [K in keyof SegmentInfo]: SegmentInfo[K] }>(
        "SELECT id, bytes, events, committed_at_ms AS committedAtMs FROM segment WHERE id > ? ORDER BY id",
        objects.at(-1)?.lastSegment ?? 0,
      )
      .toArray();
    const appendIds = this.#sql
      .exec<{ ids: string; atMs: number }>(
        `SELECT append_ids AS ids, sealed_at_ms AS atMs FROM object WHERE sealed_at_ms >= ?1 UNION ALL
         SELECT append_ids, committed_at_ms FROM segment WHERE id > ?2 AND committed_at_ms >= ?1 ORDER BY atMs`,
        appendIdsSinceMs,
        objects.at(-1)?.lastSegment ?? 0,
      )
      .toArray()
      .flatMap(({ ids, atMs }) =>
        ids
          .split("\n")
          .filter(Boolean)
          .map((appendId) => ({ appendId, atMs })),
      );
    return { objects, unsealed, appendIds };
  }

  /** Adds the segments of one group from id `firstId` on; counts and append ids stand in the first. */
  insertGroup(firstId: number, appends: readonly Append[], nowMs: number): SegmentInfo[] {
    return this.#storage.transactionSync(() =>
      cutIntoRows(appends).map((frames, index) => {
        const info = {
          id: firstId + index,
          bytes: index === 0 ? appends.reduce((sum, { bytes }) => sum + bytes, 0) : 0,
          events: index === 0 ? appends.reduce((sum, { events }) => sum + events, 0) : 0,
          committedAtMs: nowMs,
        };
        const appendIds = index === 0 ? appends.map(({ appendId }) => appendId).join("\n") : "";
        this.#sql.exec(
          "INSERT INTO segment (id, committed_at_ms, events, append_ids, bytes, frames) VALUES (?, ?, ?, ?, ?, ?)",
          info.id,
          nowMs,
          info.events,
          appendIds,
          info.bytes,
          frames,
        );
        return info;
      }),
    );
  }

  /** Makes an object of a range of segments. */
  insertObject(object: StoredObject): void {
    this.#storage.transactionSync(() => {
      const rows = this.#sql.exec<{ ids: string }>(
        "SELECT append_ids AS ids FROM segment WHERE id BETWEEN ? AND ? AND append_ids <> ''",
        object.firstSegment,
        object.lastSegment,
      );
      const appendIds = rows
        .toArray()
        .map(({ ids }) => ids)
        .join("\n");
      this.#sql.exec(
        `INSERT INTO object (seq, state, sealed_at_ms, attempts, next_at_ms, first_segment, last_segment, bytes, events, events_through, append_ids)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        object.seq,
        object.state,
        object.sealedAtMs,
        object.attempts,
        object.nextAtMs,
        object.firstSegment,
        object.lastSegment,
        object.bytes,
        object.events,
        object.eventsThrough,
        appendIds,
      );
    });
  }

  /** Writes what the outbox changed. Segments of an object that is past `sealed` are dropped with it. */
  updateObjects(objects: readonly StoredObject[]): void {
    this.#storage.transactionSync(() => {
      for (const object of objects) {
        this.#sql.exec(
          "UPDATE object SET state = ?, attempts = ?, next_at_ms = ? WHERE seq = ?",
          object.state,
          object.attempts,
          object.nextAtMs,
          object.seq,
        );
        if (object.state === "put") this.#sql.exec("DELETE FROM segment WHERE id BETWEEN ? AND ?", object.firstSegment, object.lastSegment);
      }
    });
  }

  /** The bytes of a sealed object: its segments, joined. */
  readFrames({ firstSegment, lastSegment }: StoredObject): Uint8Array {
    const segments = this.#sql
      .exec<{ frames: ArrayBuffer }>("SELECT frames FROM segment WHERE id BETWEEN ? AND ? ORDER BY id", firstSegment, lastSegment)
      .toArray();
    if (segments.length !== lastSegment - firstSegment + 1) {
      throw new Error(`object of segments ${firstSegment} to ${lastSegment}: only ${segments.length} of them are there`);
    }
    return joinBytes(segments.map(({ frames }) => new Uint8Array(frames)));
  }

  deleteObjects(seqs: readonly number[]): void {
    this.#storage.transactionSync(() => {
      for (const seq of seqs) this.#sql.exec("DELETE FROM object WHERE seq = ?", seq);
    });
  }
}
