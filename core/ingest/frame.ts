// The two globals of every JavaScript runtime that core may use: they are pure, but no ES library declares them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (label?: string, options?: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

/** Of the length before each body. */
export const headerBytes = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const lenientDecoder = new TextDecoder();

/** Bytes as the body of a frame: behind their length (unsigned 32 bits, big-endian). */
export function frameOf(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(headerBytes + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, headerBytes);
  return frame;
}

/** One event as a frame: its JSON in UTF-8. */
export function encodeFrame(json: string): Uint8Array<ArrayBuffer> {
  return frameOf(encoder.encode(json));
}

/** Frames in their order, in groups of at most `bytesMax`; a larger frame is a group of its own. */
export function groupFrames(frames: readonly Uint8Array[], bytesMax: number): Uint8Array[][] {
  const groups: Uint8Array[][] = [];
  let group: Uint8Array[] = [];
  let bytes = 0;
  for (const frame of frames) {
    if (group.length > 0 && bytes + frame.length > bytesMax) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(frame);
    bytes += frame.length;
  }
  return group.length === 0 ? groups : [...groups, group];
}

/** The bodies of frames; `null` for one that is cut short, which is the last. */
export function* frameBodies(bytes: Uint8Array): Generator<Uint8Array | null> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + headerBytes > bytes.length ? Number.POSITIVE_INFINITY : offset + headerBytes + view.getUint32(offset);
    yield end > bytes.length ? null : bytes.subarray(offset + headerBytes, end);
    offset = end;
  }
}

/** How many frames there are, without looking into them; `null` where the bytes are not whole frames. */
export function countFrames(bytes: Uint8Array): number | null {
  let count = 0;
  for (const body of frameBodies(bytes)) {
    if (body === null) return null;
    count += 1;
  }
  return count;
}

export type DecodedFrame =
  | { readonly kind: "event"; readonly index: number; readonly value: unknown }
  /** This event alone is lost to reading; `text` is what stood there, as far as it is text. */
  | { readonly kind: "bad"; readonly index: number; readonly reason: "not-utf8" | "not-json" | "cut-short"; readonly text: string };

/** A frame's body as an event; `null`: it is cut short. */
export function decodeBody(index: number, body: Uint8Array | null): DecodedFrame {
  if (body === null) return { kind: "bad", index, reason: "cut-short", text: "" };
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

/** Reads every frame as an event. One that cannot be read is given as `bad`, and the others go on. */
export function* decodeFrames(bytes: Uint8Array): Generator<DecodedFrame> {
  let index = 0;
  for (const body of frameBodies(bytes)) {
    yield decodeBody(index, body);
    index += 1;
  }
}
