import { log } from "#adapters/log.ts";

/** Nobody waits for work again so soon after it failed. */
const restMs = 1_000;

/** Work that is done for all who wait for it at once, round after round: who comes while one is under way waits for the next. */
export class Rounds {
  readonly #work: () => Promise<boolean>;
  #running: Promise<boolean> = Promise.resolve(true);
  #next: Promise<boolean> | null = null;
  #restsUntilMs = 0;

  /** `work` says whether it was done. */
  constructor(work: () => Promise<boolean>) {
    this.#work = work;
  }

  /** Whether somebody waits for a round that has not begun. */
  get isNextAwaited(): boolean {
    return this.#next !== null;
  }

  /** Ends with a round that begins after now; `false`: it was not done. */
  next(): Promise<boolean> {
    if (Date.now() < this.#restsUntilMs) return Promise.resolve(false);
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      this.#running = this.#work().catch((error: unknown) => {
        log("limits_root_unreachable", { error });
        this.#restsUntilMs = Date.now() + restMs;
        return false;
      });
      return this.#running;
    });
    return this.#next;
  }
}
