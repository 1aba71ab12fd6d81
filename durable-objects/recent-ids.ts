/** Messages are late by less than this: who waits for an answer gives up before. */
const keptMs = 60_000;
const keptMax = 100_000;

/** Ids of what is over, for as long as a message of it may still come. */
export class RecentIds {
  /** The oldest first. */
  readonly #atMs = new Map<string, number>();

  add(id: string, nowMs: number): void {
    this.#atMs.delete(id);
    this.#atMs.set(id, nowMs);
    for (const [oldest, atMs] of this.#atMs) {
      if (nowMs - atMs <= keptMs && this.#atMs.size <= keptMax) break;
      this.#atMs.delete(oldest);
    }
  }

  has(id: string): boolean {
    return this.#atMs.has(id);
  }
}
