import { gunzip, gzip } from "#adapters/gzip.ts";
import { joinBytes } from "#core/bytes.ts";
import { decodeBody, decodeFrames, frameBodies, frameOf, type DecodedFrame } from "#core/ingest/frame.ts";
import { isPacket } from "#core/ingest/packet.ts";

/**
 * Frames of events as one frame, compressed: a fifth of the bytes through the buffer, the bucket and the consumer. No
 * more than about 1 MB at once: whoever unpacks holds all of it.
 */
export async function packFrames(frames: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  return frameOf(await gzip(joinBytes(frames)));
}

/** The events of frames, packed or not, in order. One that cannot be read is given as `bad`, and the others go on. */
export async function* unpackFrames(bytes: Uint8Array): AsyncGenerator<DecodedFrame, void> {
  let index = 0;
  for (const body of frameBodies(bytes)) {
    const unpacked = body !== null && isPacket(body) ? await gunzip(body).catch(() => null) : null;
    // What only looks like a packet, or is damaged, is one event that cannot be read.
    if (unpacked === null) {
      yield decodeBody(index, body);
      index += 1;
      continue;
    }
    for (const frame of decodeFrames(unpacked)) {
      yield { ...frame, index };
      index += 1;
    }
  }
}
