import { bufferLimits } from "#core/ingest/buffer.ts";
import type { Append } from "./event-buffer-store.ts";

/** Appends that become durable together. */
interface Group {
  readonly appends: Append[];
  bytes: number;
  readonly done: PromiseWithResolvers<void>;
  committedAtMs: number | null;
}

/**
 * Gathers the appends of a few milliseconds and commits them as one. All callers live in one Durable Object,
 * so that they may await the same promise. An `appendId` joins the group that already has it, and is
 * remembered for two minutes after its commit.
 */
export class GroupCommit {
  readonly #commit: (appends: readonly Append[]) => Promise<void>;
  readonly #groupsById = new Map<string, Group>();
  #open: Group | null = null;
  #pendingBytes = 0;

  /** `commit` takes the appends over at once, resolves when they are durable, and rejects when none of them is stored. */
  constructor(commit: (appends: readonly Append[]) => Promise<void>) {
    this.#commit = commit;
  }

  /** Bytes that no commit has taken over yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Takes up append ids committed before a restart, oldest first. */
  remember(appendIds: readonly { readonly appendId: string; readonly atMs: number }[]): void {
    const done = Promise.withResolvers<void>();
    done.resolve();
    for (const { appendId, atMs } of appendIds) this.#groupsById.set(appendId, { appends: [], bytes: 0, done, committedAtMs: atMs });
  }

  /** The end of the commit that has this id; `null` where the id is new. */
  find(appendId: string): Promise<void> | null {
    return this.#groupsById.get(appendId)?.done.promise ?? null;
  }

  /** Resolves when the append is durable; rejects when it is not stored and may be tried again. */
  add(append: Append, nowMs: number): Promise<void> {
    this.#forget(nowMs);
    const group = this.#open ?? this.#openGroup();
    group.appends.push(append);
    group.bytes += append.bytes;
    this.#pendingBytes += append.bytes;
    this.#groupsById.set(append.appendId, group);
    if (group.bytes >= bufferLimits.rowBytesMax) void this.#close(group);
    return group.done.promise;
  }

  #openGroup(): Group {
    const group: Group = { appends: [], bytes: 0, done: Promise.withResolvers<void>(), committedAtMs: null };
    this.#open = group;
    setTimeout(() => void this.#close(group), bufferLimits.groupWindowMs);
    return group;
  }

  async #close(group: Group): Promise<void> {
    if (this.#open !== group) return;
    this.#open = null;
    try {
      const durable = this.#commit(group.appends);
      // From here on the commit counts them.
      this.#pendingBytes -= group.bytes;
      await durable;
      group.committedAtMs = Date.now();
      group.done.resolve();
    } catch (error) {
      for (const { appendId } of group.appends) this.#groupsById.delete(appendId);
      group.done.reject(error);
    } finally {
      // The map keeps groups for two minutes: their bytes must not stay with them.
      group.appends.length = 0;
    }
  }

  #forget(nowMs: number): void {
    for (const [appendId, { committedAtMs }] of this.#groupsById) {
      if (committedAtMs === null || committedAtMs + bufferLimits.appendIdMs > nowMs) return;
      this.#groupsById.delete(appendId);
    }
  }
}
