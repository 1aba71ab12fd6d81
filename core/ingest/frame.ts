import { joinBytes } from "../bytes.ts";

// The two globals of every JavaScript runtime that core may use: they are pure, but no ES library declares them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (label?: string, options?: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

const headerBytes = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const lenientDecoder = new TextDecoder();

/** One event as a frame: its length in bytes (unsigned 32 bits, big-endian), then its JSON in UTF-8. */
export function encodeFrame(json: string): Uint8Array<ArrayBuffer> {
  const body = encoder.encode(json);
  const frame = new Uint8Array(headerBytes + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, headerBytes);
  return frame;
}

/** Frames in their order, joined to pieces of at most `bytesMax`; a larger frame is a piece of its own. */
export function joinFramesUpTo(frames: readonly Uint8Array[], bytesMax: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let piece: Uint8Array[] = [];
  let bytes = 0;
  for (const frame of frames) {
    if (piece.length > 0 && bytes + frame.length > bytesMax) {
      pieces.push(joinBytes(piece));
      piece = [];
      bytes = 0;
    }
    piece.push(frame);
    bytes += frame.length;
  }
  return piece.length === 0 ? pieces : [...pieces, joinBytes(piece)];
}

/** How many frames there are, without looking into them; `null` where the bytes are not whole frames. */
export function countFrames(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  let count = 0;
  while (offset < bytes.length) {
    if (offset + headerBytes > bytes.length) return null;
    offset += headerBytes + view.getUint32(offset);
    count += 1;
  }
  return offset === bytes.length ? count : null;
}

export type DecodedFrame =
  | { readonly kind: "event"; readonly index: number; readonly value: unknown }
  /** This event alone is lost to reading; `text` is what stood there, as far as it is text. */
  | { readonly kind: "bad"; readonly index: number; readonly reason: "not-utf8" | "not-json" | "cut-short"; readonly text: string };

function decodeFrame(index: number, body: Uint8Array): DecodedFrame {
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    return { kind: "bad", index, reason: "not-utf8", text: lenientDecoder.decode(body) };
  }
  try {
    return { kind: "event", index, value: JSON.parse(text) };
  } catch {
    return { kind: "bad", index, reason: "not-json", text };
  }
}

/** Reads every frame. One that cannot be read is given as `bad`, and the others go on. */
export function* decodeFrames(bytes: Uint8Array): Generator<DecodedFrame> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  for (let index = 0; offset < bytes.length; index += 1) {
    const end = offset + headerBytes > bytes.length ? Number.POSITIVE_INFINITY : offset + headerBytes + view.getUint32(offset);
    if (end > bytes.length) {
      yield { kind: "bad", index, reason: "cut-short", text: lenientDecoder.decode(bytes.subarray(offset)) };
      return;
    }
    yield decodeFrame(index, bytes.subarray(offset + headerBytes, end));
    offset = end;
  }
}
