/** How the bytes of a body end. */
type Framing =
  | { readonly kind: "length"; bytesLeft: number }
  | { readonly kind: "chunked"; bytesLeft: number; line: string; state: "size" | "data" | "end" | "trailer" };

const headEnd = Buffer.from("\r\n\r\n");

/**
 * Reads HTTP/1.1 messages (requests or responses) off one keep-alive connection, one after the other.
 * Knows content-length and chunked bodies; a response that ends with its connection is no use to a benchmark.
 */
export class HttpMessageReader {
  /** First line and headers, as received; empty while the head is incomplete. */
  head = "";
  private early: Buffer | null = null;
  private framing: Framing | null = null;
  private readonly onBody: (bytes: Buffer) => void;

  /** `onBody` gets each piece of a body, a chunk of a chunked one at a time, as a view that is valid during the call. */
  constructor(onBody: (bytes: Buffer) => void) {
    this.onBody = onBody;
  }

  /** Makes the reader ready for the next message. */
  reset(): void {
    this.head = "";
    this.early = null;
    this.framing = null;
  }

  /** Takes what arrived; `true` once the message is whole. Throws a `SyntaxError` on what is not HTTP/1.1. */
  push(bytes: Buffer): boolean {
    if (this.framing !== null) return this.pushBody(bytes, 0, this.framing);
    const seen = this.early === null ? bytes : Buffer.concat([this.early, bytes]);
    const end = seen.indexOf(headEnd);
    if (end < 0) {
      this.early = seen;
      return false;
    }
    this.head = seen.toString("latin1", 0, end);
    this.framing = framingOf(this.head);
    return this.pushBody(seen, end + 4, this.framing);
  }

  private pushBody(bytes: Buffer, from: number, framing: Framing): boolean {
    if (framing.kind === "chunked") return this.pushChunks(bytes, from, framing);
    const taken = Math.min(bytes.length - from, framing.bytesLeft);
    if (taken > 0) this.onBody(bytes.subarray(from, from + taken));
    framing.bytesLeft -= taken;
    return framing.bytesLeft === 0;
  }

  private pushChunks(bytes: Buffer, from: number, framing: Extract<Framing, { kind: "chunked" }>): boolean {
    let at = from;
    while (at < bytes.length) {
      if (framing.state === "data") {
        const taken = Math.min(bytes.length - at, framing.bytesLeft);
        this.onBody(bytes.subarray(at, at + taken));
        framing.bytesLeft -= taken;
        at += taken;
        if (framing.bytesLeft === 0) framing.state = "end";
        continue;
      }
      const newline = bytes.indexOf(10, at);
      framing.line += bytes.toString("latin1", at, newline < 0 ? bytes.length : newline);
      if (newline < 0) return false;
      at = newline + 1;
      const line = framing.line.trimEnd();
      framing.line = "";
      if (framing.state === "trailer" && line === "") return true;
      if (framing.state === "end") framing.state = "size";
      else if (framing.state === "size") startChunk(framing, line);
    }
    return false;
  }
}

function startChunk(framing: Extract<Framing, { kind: "chunked" }>, line: string): void {
  framing.bytesLeft = Number.parseInt(line, 16);
  if (Number.isNaN(framing.bytesLeft)) throw new SyntaxError(`not a chunk size: ${line}`);
  framing.state = framing.bytesLeft === 0 ? "trailer" : "data";
}

function framingOf(head: string): Framing {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return { kind: "length", bytesLeft: Number(length) };
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return { kind: "chunked", bytesLeft: 0, line: "", state: "size" };
  if (head.startsWith("GET ")) return { kind: "length", bytesLeft: 0 };
  throw new SyntaxError("neither content-length nor chunked");
}
