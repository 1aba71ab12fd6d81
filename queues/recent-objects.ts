/** Longer than an object takes: a request that was ended has left its mark behind. */
const workingForMs = 60_000;
/** As long as a buffer may have sent a key that was answered meanwhile. */
const doneForMs = 120_000;
const keysMax = 2_000;

interface Mark {
  readonly state: "working" | "done";
  readonly atMs: number;
}

/**
 * Which objects an isolate works on or has just stored. Under a backlog a buffer sends keys again that are still on their
 * way; doing their work again would make the backlog longer, so that more are sent again. Only spares work: an object
 * that is stored twice is the same insert.
 */
export class RecentObjects {
  readonly #marks = new Map<string, Mark>();

  /** What is known of an object; `new`: nothing, and from now on it is worked on. */
  begin(key: string, nowMs: number): "new" | Mark["state"] {
    const mark = this.#marks.get(key);
    if (mark !== undefined && nowMs - mark.atMs < (mark.state === "done" ? doneForMs : workingForMs)) return mark.state;
    this.#set(key, { state: "working", atMs: nowMs });
    return "new";
  }

  /** The end of the work; `isDone`: it is stored, otherwise it may be begun again at once. */
  end(key: string, isDone: boolean, nowMs: number): void {
    if (isDone) this.#set(key, { state: "done", atMs: nowMs });
    else this.#marks.delete(key);
  }

  #set(key: string, mark: Mark): void {
    // Behind all others, so that the oldest stand first.
    this.#marks.delete(key);
    this.#marks.set(key, mark);
    for (const oldest of this.#marks.keys()) {
      if (this.#marks.size <= keysMax) return;
      this.#marks.delete(oldest);
    }
  }
}
