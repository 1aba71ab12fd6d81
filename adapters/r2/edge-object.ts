import type { Region } from "#core/contracts/region.ts";
import { dayOf, formatObjectKey } from "#core/ingest/object-key.ts";
import { bucketOf, type Buckets } from "./buckets.ts";
import { createObject } from "./create-object.ts";

/** What the sweep lists: one empty object for each edge object that still has to be taken. */
export const waitingPrefix = "waiting/";

/** Frames that an edge writes to the bucket itself, because their buffer cannot be reached. */
export interface EdgeObject {
  readonly region: Region;
  /** A UUID; writing again under the same one changes nothing. */
  readonly id: string;
  readonly frames: Uint8Array;
  readonly createdAtMs: number;
}

/**
 * Goes round a buffer: writes the frames as an object of their own, then the mark by which the sweep finds it.
 * Both are there when this returns. Throws what the bucket throws.
 */
export async function writeEdgeObject(env: Buckets, { region, id, frames, createdAtMs }: EdgeObject): Promise<void> {
  const bucket = bucketOf(env, region);
  const key = formatObjectKey({ kind: "edge", region, day: dayOf(createdAtMs), id });
  await createObject(bucket, key, frames, { mediaType: "application/octet-stream", receivedAtMs: createdAtMs });
  await createObject(bucket, waitingPrefix + key, "", { mediaType: "text/plain" });
}
