import type { Timeouts } from "#core/gateway/call-headers.ts";

/** Which wait ended a call. */
export type ExpiredTimer = "first-token" | "idle" | "total";

/**
 * The three timers of one call. One platform timer serves all: it is set again only when it fires, so that a chunk
 * costs a clock reading and no timer.
 */
export class Deadline {
  readonly #timeouts: Timeouts;
  readonly #totalAtMs: number;
  #phase: "first-token" | "idle" = "first-token";
  #phaseAtMs: number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #expired: ExpiredTimer | null = null;
  #stop: (() => void) | null = null;

  constructor(timeouts: Timeouts, nowMs: number) {
    this.#timeouts = timeouts;
    this.#totalAtMs = nowMs + timeouts.totalMs;
    this.#phaseAtMs = nowMs + timeouts.firstTokenMs;
    this.#arm(nowMs);
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

  /** What ends the wait for the upstream, in place of what would have ended it before. */
  onStop(stop: () => void): void {
    this.#stop = stop;
  }

  /** What `work` gives, or `stopped` as soon as the wait is. The work is then left to itself, and ends with its request. */
  async limit<Value>(work: Promise<Value>): Promise<Value | "stopped"> {
    const stopped = Promise.withResolvers<"stopped">();
    this.onStop(() => {
      stopped.resolve("stopped");
    });
    return await Promise.race([work, stopped.promise]);
  }

  /** Ends the wait for another reason than time. */
  stop(): void {
    this.clear();
    this.#stop?.();
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
    this.#stop?.();
  }
}
