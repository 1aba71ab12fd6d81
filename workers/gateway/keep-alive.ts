/** A stream that is silent for so long gets a comment. */
const everyMs = 5_000;
const comment = new TextEncoder().encode(": keep-alive\n\n");

/**
 * Writes a comment into a silent stream, which clients skip: proxies on the way do not take it for dead, and a client
 * that has gone without a word is noticed, as nothing else would be sent to it.
 */
export class KeepAlive {
  readonly #timer: ReturnType<typeof setInterval>;
  #isSilent = true;

  /** `onGone`: nobody takes what is written. The request's signal says so too, but not where another Worker made the call. */
  constructor(writer: WritableStreamDefaultWriter<Uint8Array>, onGone: () => void) {
    this.#timer = setInterval(() => {
      // A write that fails is how the platform hears that the client has gone.
      if (this.#isSilent) void writer.write(comment).catch(onGone);
      this.#isSilent = true;
    }, everyMs);
  }

  /** Something else was written. */
  touch(): void {
    this.#isSilent = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
