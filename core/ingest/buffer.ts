/** What one buffer holds and has done. */
export interface BufferStatus {
  readonly epoch: number;
  /** Bytes accepted and not yet in an object of the bucket; here and in all limits as they are unpacked. */
  readonly unsealedBytes: number;
  readonly unsealedEvents: number;
  /** Objects that nobody has acknowledged yet. */
  readonly sealedUnacknowledged: number;
  /** When the oldest of what is not acknowledged was accepted; `null` where there is nothing. */
  readonly oldestUnacknowledgedAtMs: number | null;
  /** Events accepted in all. */
  readonly stored: number;
  /** Objects acknowledged as dead in all. */
  readonly dead: number;
}

/** `overloaded`: nothing was taken; the same append may be tried again after the pause. */
export type AppendReply = { readonly kind: "stored" } | { readonly kind: "overloaded"; readonly retryAfterMs: number };

export interface Acknowledgement {
  readonly epoch: number;
  readonly seq: number;
  readonly outcome: "done" | "dead";
}

/** What a buffer can be asked over RPC. Every call is idempotent; changes are additive. */
export interface EventBufferRpc {
  /**
   * Takes whole frames (`frame.ts`), packed or not, of so many `events` (left out: one a frame); answers `stored` once
   * they are durable. A retry repeats its `appendId`.
   */
  append(appendId: string, frames: Uint8Array, events?: number): Promise<AppendReply>;
  /** Says what became of objects. Unknown, foreign and repeated items change nothing. */
  acknowledge(items: readonly Acknowledgement[]): Promise<void>;
  status(): Promise<BufferStatus>;
}

/** Figures of the buffer that its tests and callers must agree on. */
export const bufferLimits = {
  /** All appends of this window are one transaction. */
  groupWindowMs: 3,
  /** A SQLite value ends at 2 MB. */
  rowBytesMax: 1_900_000,
  /** One append, whole. */
  appendBytesMax: 16 * 1024 * 1024,
  /** An object is sealed at this size … */
  sealBytes: 4 * 1024 * 1024,
  /** … or when its first event has waited so long, … */
  sealAgeMs: 250,
  /** … but not sooner than this after the one before: under load a few large inserts cost a store less than many small ones. */
  sealIntervalMs: 500,
  /** Objects on their way to the bucket at once. */
  putsAtOnce: 4,
  /** Past this, appends are refused until the bucket has taken some. */
  unsealedBytesMax: 32 * 1024 * 1024,
  overloadedRetryAfterMs: 1000,
  /** How long an `appendId` is remembered. */
  appendIdMs: 120_000,
  /**
   * Keys given to the queue and not yet acknowledged, at most: two batches of a consumer. More would wait in the queue
   * under a backlog past the time after which they are sent again.
   */
  inFlightMax: 16,
} as const;
