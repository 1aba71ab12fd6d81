import type { Timeouts } from "#core/gateway/call-headers.ts";

/** Which wait ended a call. */
export type ExpiredTimer = "first-token" | "idle" | "total";

/**
 * The three timers of one call. One platform timer serves all: it is set again only when it fires, so that a chunk
 * costs a clock reading and no timer.
 */
export class Deadline {
  readonly #abort = new AbortController();
  readonly #timeouts: Timeouts;
  readonly #totalAtMs: number;
  #phase: "first-token" | "idle" = "first-token";
  #phaseAtMs: number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #expired: ExpiredTimer | null = null;

  constructor(timeouts: Timeouts, nowMs: number) {
    this.#timeouts = timeouts;
    this.#totalAtMs = nowMs + timeouts.totalMs;
    this.#phaseAtMs = nowMs + timeouts.firstTokenMs;
    this.#arm(nowMs);
  }

  /** Aborts when a timer has expired, or `cancel` was called. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** `null`: none has. */
  get expired(): ExpiredTimer | null {
    return this.#expired;
  }

  /** A chunk came: the wait for the next one begins. */
  touch(nowMs: number): void {
    this.#phase = "idle";
    this.#phaseAtMs = nowMs + this.#timeouts.idleMs;
  }

  /** Ends the wait for the upstream for another reason than time. */
  cancel(): void {
    this.clear();
    this.#abort.abort();
  }

  /** The call is over. */
  clear(): void {
    clearTimeout(this.#timer);
  }

  #arm(nowMs: number): void {
    // Never later than the idle wait, which a chunk may begin at any time.
    const waitMs = Math.min(this.#phaseAtMs - nowMs, this.#totalAtMs - nowMs, this.#timeouts.idleMs);
    this.#timer = setTimeout(
      () => {
        this.#fire(Date.now());
      },
      Math.max(1, waitMs),
    );
  }

  #fire(nowMs: number): void {
    if (nowMs < this.#phaseAtMs && nowMs < this.#totalAtMs) {
      this.#arm(nowMs);
      return;
    }
    this.#expired = nowMs >= this.#totalAtMs ? "total" : this.#phase;
    this.#abort.abort();
  }
}
