import { movePayloads } from "#adapters/r2/payloads.ts";
import type { Buckets } from "#adapters/r2/buckets.ts";
import type { StoragePolicy } from "#core/contracts/policy.ts";
import type { Payload, Span } from "#core/contracts/span.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import { isLargerThan, payloadLimits } from "#core/ingest/payload-place.ts";
import { applyStoragePolicy } from "#core/ingest/storage-policy.ts";
import { log } from "../log.ts";
import { within } from "../within.ts";

const { bufferedBytesMax } = payloadLimits;
/** A bucket that hangs must not hold a record for ever. */
const bucketWithinMs = 5_000;

function withoutLarge(payload: Payload): Payload {
  return isLargerThan(payload, bufferedBytesMax) ? { kind: "omitted", reason: "store-unavailable" } : payload;
}

/**
 * A span as one frame, of which no more is left than its project keeps: every span is encoded here before it is durable
 * anywhere. Payloads too large for the buffer are written to the bucket first; where the bucket
 * does not take them the span goes without, and says so.
 */
export async function encodeSpan(env: Buckets, received: Span, policy: StoragePolicy): Promise<Uint8Array> {
  const span = applyStoragePolicy(received, policy);
  if (!isLargerThan(span.input, bufferedBytesMax) && !isLargerThan(span.output, bufferedBytesMax)) return encodeFrame(JSON.stringify(span));
  try {
    return encodeFrame(JSON.stringify(await within(movePayloads(env, span, bufferedBytesMax), bucketWithinMs)));
  } catch (error) {
    log("payload_not_stored", { spanId: span.spanId, error });
    return encodeFrame(JSON.stringify({ ...span, input: withoutLarge(span.input), output: withoutLarge(span.output) }));
  }
}
