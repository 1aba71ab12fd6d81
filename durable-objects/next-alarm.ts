/** What is due so soon is not set anew for what is due a little earlier. */
const wakeSoonMs = 1_000;

/** An object's alarm, which is set only where none is that comes soon enough: to set it is a write. */
export class NextAlarm {
  readonly #ctx: DurableObjectState;
  #atMs: number | null = null;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /** It has come. */
  fired(): void {
    this.#atMs = null;
  }

  /** Whether one is set that comes so soon that none need be sought. */
  isSoon(nowMs: number): boolean {
    return this.#atMs !== null && this.#atMs <= nowMs + wakeSoonMs;
  }

  /** `wakeMs` infinite: nothing is due. */
  set(wakeMs: number, nowMs: number): void {
    if (!Number.isFinite(wakeMs) || (this.#atMs !== null && this.#atMs <= wakeMs)) return;
    this.#atMs = wakeMs;
    this.#ctx.waitUntil(
      this.#ctx.storage.setAlarm(Math.max(wakeMs, nowMs)).catch(() => {
        this.#atMs = null;
      }),
    );
  }
}
