import { log } from "#adapters/log.ts";
import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import { createObject } from "#adapters/r2/create-object.ts";
import type { DeadLetter } from "#core/contracts/api/dead-letters.ts";
import { deadLetterKeyOf, formatDeadLetterKey } from "#core/ingest/dead-letter-key.ts";

/** What goes into a letter. */
export interface NewDeadLetter extends Omit<DeadLetter, "events"> {
  readonly events: readonly DeadLetter["events"][number][];
}

/**
 * Writes a letter to where `dead-letter-key.ts` says; `events` is empty where the whole object is dead. Writing it again
 * changes nothing, whatever has become of it. Throws what the bucket throws.
 */
export async function writeDeadLetter(env: Buckets, letter: NewDeadLetter): Promise<void> {
  const kind = letter.events.length === 0 ? "object" : "events";
  const key = formatDeadLetterKey(deadLetterKeyOf(letter.region, letter.key, kind, letter.atMs));
  const written = await createObject(bucketOf(env, letter.region), key, JSON.stringify(letter), { mediaType: "application/json" });
  if (written === "created") log("dead_letter_written", { objectKey: key, count: letter.events.length });
}
