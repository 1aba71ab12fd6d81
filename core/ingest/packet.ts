import { frameBodies, headerBytes } from "./frame.ts";

/** A frame's body that is a gzip member of further frames. Members do not join, so each travels in a frame of its own. */
export function isPacket(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/** A packet's last four bytes say how long it is unpacked (RFC 1952, ISIZE). */
const sizeBytes = 4;

/** What frames come to once their packets are unpacked, without doing so; `null`: not whole frames. */
export function unpackedBytes(frames: Uint8Array): number | null {
  let bytes = 0;
  for (const body of frameBodies(frames)) {
    if (body === null) return null;
    bytes += isPacket(body) && body.length > sizeBytes ? sizeWithin(body) : headerBytes + body.length;
  }
  return bytes;
}

/** What the end of gzip says of its size; trust it only where the bytes were unpacked once. */
export function sizeWithin(packet: Uint8Array): number {
  return new DataView(packet.buffer, packet.byteOffset + packet.length - sizeBytes, sizeBytes).getUint32(0, true);
}
