const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts a byte stream of server-sent events into runs of whole events, whatever the chunks were. Bytes of an event
 * that has not ended are held back. Lines end in LF or CRLF, as every provider sends them.
 */
export class EventSplitter {
  #held: Uint8Array | null = null;

  /** The whole events that are now complete, blank line included, in the order they came; `null`: none yet. */
  push(chunk: Uint8Array): Uint8Array | null {
    const bytes = this.#held === null ? chunk : joined(this.#held, chunk);
    const end = lastEventEnd(bytes, chunk.length);
    if (end === 0) {
      this.#held = bytes;
      return null;
    }
    this.#held = end === bytes.length ? null : bytes.subarray(end);
    return end === bytes.length ? bytes : bytes.subarray(0, end);
  }

  /** Bytes of the event that has not ended. */
  get heldBytes(): number {
    return this.#held?.length ?? 0;
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

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
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
