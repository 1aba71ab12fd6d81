import { joinBytes } from "../bytes.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const nothing = new Uint8Array();

/** A blank line takes at most so many bytes before its last one. */
const lookBehindBytes = 3;

/**
 * Cuts a byte stream of server-sent events into runs of whole events, whatever the chunks were. Bytes of an event
 * that has not ended are held back, and joined once. Lines end in LF or CRLF, as every provider sends them.
 */
export class EventSplitter {
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The last bytes of what is held. */
  #tail: Uint8Array = nothing;

  /** The whole events that are now complete, blank line included, in the order they came; `null`: none yet. */
  push(chunk: Uint8Array): Uint8Array | null {
    const probe = this.#heldBytes === 0 ? chunk : joinBytes([this.#tail, chunk]);
    const end = lastEventEnd(probe, chunk.length) - (probe.length - chunk.length);
    if (end <= 0) {
      this.#hold(chunk);
      return null;
    }
    const head = end === chunk.length ? chunk : chunk.subarray(0, end);
    const whole = this.#heldBytes === 0 ? head : joinBytes([...this.#held, head]);
    this.#held = [];
    this.#heldBytes = 0;
    this.#tail = nothing;
    if (end < chunk.length) this.#hold(chunk.subarray(end));
    return whole;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** What has come of the event that has not ended. */
  get held(): Uint8Array {
    return joinBytes(this.#held);
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    this.#tail =
      bytes.length >= lookBehindBytes ? bytes.subarray(-lookBehindBytes) : joinBytes([this.#tail, bytes]).slice(-lookBehindBytes);
  }
}

/** The index after the last blank line, looking only where the last `fresh` bytes can have ended one; 0: none. */
function lastEventEnd(bytes: Uint8Array, fresh: number): number {
  const first = Math.max(1, bytes.length - fresh);
  for (let at = bytes.lastIndexOf(lineFeed); at >= first; at = bytes.lastIndexOf(lineFeed, at - 1)) {
    const before = bytes[at - 1] === carriageReturn ? at - 2 : at - 1;
    if (before >= 0 && bytes[before] === lineFeed) return at + 1;
  }
  return 0;
}

/** One server-sent event: its text with the blank line that ends it, and its data, `null` for a comment. */
export interface ServerSentEvent {
  readonly text: string;
  readonly data: string | null;
}

/** The events of a text that ends with a blank line. */
export function eventsOf(text: string): readonly ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  let start = 0;
  let lineStart = 0;
  let data: string | null = null;
  while (lineStart < text.length) {
    const feed = text.indexOf("\n", lineStart);
    const lineEnd = text.charCodeAt(feed - 1) === carriageReturn && feed > lineStart ? feed - 1 : feed;
    if (lineEnd === lineStart) {
      events.push({ text: text.slice(start, feed + 1), data });
      start = feed + 1;
      data = null;
    } else if (text.startsWith("data:", lineStart)) {
      const valueStart = text.charCodeAt(lineStart + 5) === 0x20 ? lineStart + 6 : lineStart + 5;
      const line = text.slice(valueStart, lineEnd);
      data = data === null ? line : `${data}\n${line}`;
    }
    lineStart = feed + 1;
  }
  return events;
}
