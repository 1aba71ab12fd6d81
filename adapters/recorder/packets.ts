import { gunzip, gzip } from "#adapters/gzip.ts";
import { joinBytes } from "#core/bytes.ts";
import { asBatchHeader, type BatchHeader } from "#core/ingest/batch.ts";
import { bufferLimits } from "#core/ingest/buffer.ts";
import { decodeBody, decodeFrames, encodeFrame, frameBodies, frameOf, type DecodedFrame } from "#core/ingest/frame.ts";
import { isPacket } from "#core/ingest/packet.ts";

/**
 * Frames of events as one frame, compressed: a fifth of the bytes through the buffer, the bucket and the consumer. No
 * more than about 1 MB at once: whoever unpacks holds all of it.
 */
export function packFrames(frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return frameOf(gzip(joinBytes(frames)));
}

/** A batch as two frames: what holds for all of it, and its body under gzip. */
export function batchFrames(header: BatchHeader, packedBody: Uint8Array): Uint8Array<ArrayBuffer> {
  return joinBytes([encodeFrame(JSON.stringify(header)), frameOf(packedBody)]);
}

export type UnpackedFrame =
  | DecodedFrame
  /** Its items take the indices from `index` on. `body`: as it came in; `null`: there is none (`header.item`), or it cannot be unpacked. */
  | { readonly kind: "batch"; readonly index: number; readonly header: BatchHeader; readonly body: Uint8Array<ArrayBuffer> | null };

/** The events and batches of frames, packed or not, in order. One that cannot be read is given as `bad`, and the others go on. */
export function* unpackFrames(bytes: Uint8Array): Generator<UnpackedFrame, void> {
  let index = 0;
  let header: BatchHeader | null = null;
  for (const body of frameBodies(bytes)) {
    if (header !== null) {
      yield { kind: "batch", index, header, body: unpacked(body) };
      index += header.spans;
      header = null;
      continue;
    }
    const packet = body !== null && isPacket(body) ? unpacked(body) : null;
    // What only looks like a packet, or is damaged, is one event that cannot be read.
    for (const frame of packet === null ? [decodeBody(index, body)] : decodeFrames(packet)) {
      header = packet === null && frame.kind === "event" ? asBatchHeader(frame.value) : null;
      if (header === null) yield { ...frame, index };
      else if (header.item === undefined) continue;
      else yield { kind: "batch", index, header, body: null };
      header = null;
      index += 1;
    }
  }
}

function unpacked(body: Uint8Array | null): Uint8Array<ArrayBuffer> | null {
  try {
    return body === null ? null : gunzip(body, bufferLimits.appendBytesMax);
  } catch {
    return null;
  }
}
