import { gzip } from "#adapters/gzip.ts";
import { appendFrames } from "#adapters/recorder/append-frames.ts";
import { batchFrames } from "#adapters/recorder/packets.ts";
import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import type { Failure } from "#core/contracts/error.ts";
import { regions } from "#core/contracts/region.ts";
import { batchContract, batchSchemaVersion } from "#core/ingest/batch.ts";
import { sizeWithin } from "#core/ingest/packet.ts";
import { payloadLimits } from "#core/ingest/payload-place.ts";
import type { ReadBody } from "./read-body.ts";
import { originOf, type Sender } from "./sender.ts";
import { faultOf } from "./take-records.ts";

type Body = Extract<ReadBody, { kind: "body" }>;

/**
 * Whether a batch of right spans may be stored as it came: nothing of it must be left out or masked before it is durable, no
 * payload can be too large for the buffer, and there is one buffer, so that the parts of a trace meet there.
 */
export function mayStayWhole({ snapshot }: Sender, { bytes }: Body): boolean {
  const { payloads, masking, homeRegion } = snapshot;
  const isOpen = payloads === "stored" && masking.length === 0;
  return isOpen && bytes.length <= payloadLimits.bufferedBytesMax && regions[homeRegion].bufferShards === 1;
}

/** Brings a body of so many right spans to the buffer as it came; resolves to `null` when it is durable. */
export async function takeBatch(
  env: RecorderEnv,
  { bytes, packed }: Body,
  sender: Sender,
  { spans, nowMs }: { readonly spans: number; readonly nowMs: number },
): Promise<Failure | null> {
  const origin = originOf(sender, "events");
  const id = crypto.randomUUID();
  const header = {
    schemaVersion: batchSchemaVersion,
    contract: batchContract,
    batchId: id,
    spans,
    receivedAtMs: nowMs,
    ...origin,
    priceOverrides: sender.snapshot.priceOverrides,
  } as const;
  // The buffer counts by what the end of the gzip says, which a client might have made up.
  const isTrue = packed !== null && sizeWithin(packed) === bytes.length;
  const frames = batchFrames(header, isTrue ? packed : gzip(bytes));
  return faultOf([await appendFrames(env, origin.homeRegion, 0, { id, frames, events: spans })]);
}
