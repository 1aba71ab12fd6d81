import { failure, type Failure } from "#core/contracts/error.ts";
import type { Timeouts } from "#core/gateway/call-headers.ts";

/** What ended the wait for the upstream before the upstream did. */
type Stop = "first-token" | "idle" | "total" | "client";

const failures = {
  "first-token": failure("upstream_timeout", "The provider did not begin its answer in time."),
  idle: failure("upstream_timeout", "The provider stopped in the middle of its answer."),
  total: failure("upstream_timeout", "The provider's answer took longer than a call may."),
  client: failure("client_closed"),
} as const satisfies Record<Stop, Failure>;

/**
 * How long one call waits: its three timers, and its client. One platform timer serves all three: it is set again only
 * when it fires, so that a chunk costs a clock reading and no timer.
 */
export class Deadline {
  readonly #timeouts: Timeouts;
  #totalAtMs: number;
  #isClientGone = false;
  #phase: "first-token" | "idle" = "first-token";
  #phaseAtMs: number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped: Stop | null = null;
  #onStop: (() => void) | null = null;

  constructor(timeouts: Timeouts, nowMs: number) {
    this.#timeouts = timeouts;
    this.#totalAtMs = nowMs + timeouts.totalMs;
    this.#phaseAtMs = nowMs + timeouts.firstTokenMs;
    this.#arm(nowMs);
  }

  /** Why the wait was ended from our side; `null`: it was not. */
  get failure(): Failure | null {
    return this.#stopped === null ? null : failures[this.#stopped];
  }

  /** A chunk came: the wait for the next one begins. */
  touch(nowMs: number): void {
    this.#phase = "idle";
    this.#phaseAtMs = nowMs + this.#timeouts.idleMs;
  }

  /** What ends the wait for the upstream, in place of what would have ended it before. */
  onStop(stop: () => void): void {
    this.#onStop = stop;
  }

  /** What `work` gives, or `stopped` as soon as the wait is. The work is then left to itself, and ends with its request. */
  async limit<Value>(work: Promise<Value>): Promise<Value | "stopped"> {
    const stopped = Promise.withResolvers<"stopped">();
    this.onStop(() => {
      stopped.resolve("stopped");
    });
    return await Promise.race([work, stopped.promise]);
  }

  /** The client went away: nobody waits any more, or, to know the whole cost, for at most `drainMs`. */
  clientClosed(drainMs: number, nowMs: number): void {
    if (drainMs > 0 && this.#timer !== null) {
      this.#isClientGone = true;
      this.#totalAtMs = Math.min(this.#totalAtMs, nowMs + drainMs);
      clearTimeout(this.#timer);
      this.#arm(nowMs);
      return;
    }
    this.#stop("client");
    this.clear();
  }

  /** The call is over. The request's signal outlives it until a full collection of garbage, and must not hold it. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#onStop = null;
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
    this.#stop(this.#isClientGone ? "client" : nowMs >= this.#totalAtMs ? "total" : this.#phase);
  }

  #stop(reason: Stop): void {
    this.#stopped ??= reason;
    this.#onStop?.();
  }
}
