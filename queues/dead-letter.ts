import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import { createObject } from "#adapters/r2/create-object.ts";
import type { Region } from "#core/contracts/region.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import type { BadEvent } from "./read-spans.ts";

/** What could not be processed: single events of an object, or all of it. */
export interface DeadLetter {
  readonly region: Region;
  /** The object's key, or what came in its place. */
  readonly key: string;
  readonly reason: string;
  /** The events at fault; empty where the whole object is. */
  readonly events: readonly BadEvent[];
  readonly atMs: number;
}

/**
 * Writes `dead/<region>/<day>/<what the key says, in one part>.json`. Writing it again changes nothing.
 * Throws what the bucket throws.
 */
export async function writeDeadLetter(env: Buckets, letter: DeadLetter): Promise<void> {
  const name = letter.key.replaceAll(/[^\w.-]+/g, "_").slice(0, 200);
  const suffix = letter.events.length === 0 ? "object" : "events";
  const key = `dead/${letter.region}/${dayOf(letter.atMs)}/${name}.${suffix}.json`;
  await createObject(bucketOf(env, letter.region), key, JSON.stringify(letter), { mediaType: "application/json" });
  console.error(`dead letter ${key}: ${letter.reason}`);
}
