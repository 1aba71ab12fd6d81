import { toHex } from "#adapters/bytes.ts";
import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import { createObject } from "#adapters/r2/create-object.ts";
import { joinBytes } from "#core/bytes.ts";
import { deadLetterSchema, handlingSchema, type DeadLetter, type Handling } from "#core/contracts/api/dead-letters.ts";
import { deadLetterKeyOf, formatDeadLetterKey, handledSuffix, type DeadLetterKey } from "#core/ingest/dead-letter-key.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import { dayOf, formatObjectKey, parseObjectKey } from "#core/ingest/object-key.ts";
import { storeObject, type StoreEnv } from "./store-object.ts";

/** A letter and what has become of it. */
export interface FoundDeadLetter {
  readonly letter: DeadLetter;
  readonly handling: Handling | null;
}

/** A letter; `null`: there is none of that key. Throws what the bucket throws. */
export async function readDeadLetter(env: Buckets, key: DeadLetterKey): Promise<FoundDeadLetter | null> {
  const bucket = bucketOf(env, key.region);
  const [found, mark] = await Promise.all([bucket.get(formatDeadLetterKey(key)), bucket.get(formatDeadLetterKey(key) + handledSuffix)]);
  if (found === null) return null;
  return { letter: deadLetterSchema.parse(await found.json()), handling: mark === null ? null : handlingSchema.parse(await mark.json()) };
}

/** `handled`: as asked, now or before. `otherwise`: somebody has decided otherwise. */
export type Handled =
  | { readonly kind: "handled"; readonly handling: Handling }
  | { readonly kind: "otherwise"; readonly handling: Handling };

/** Lets a letter rest: it stays where it is, with a mark that says why. Throws what the bucket throws. */
export async function discardDeadLetter(env: Buckets, key: DeadLetterKey, reason: string, nowMs: number): Promise<Handled> {
  return await mark(env, key, { outcome: "discarded", reason, atMs: nowMs, objectKey: "" });
}

/** The first mark counts: two that decide at once do not both. */
async function mark(env: Buckets, key: DeadLetterKey, handling: Handling): Promise<Handled> {
  const bucket = bucketOf(env, key.region);
  const markKey = formatDeadLetterKey(key) + handledSuffix;
  const written = await createObject(bucket, markKey, JSON.stringify(handling), {
    mediaType: "application/json",
    metadata: { outcome: handling.outcome },
  });
  if (written === "created") return { kind: "handled", handling };
  const earlier = handlingSchema.parse(await (await bucket.get(markKey))?.json());
  return { kind: earlier.outcome === handling.outcome ? "handled" : "otherwise", handling: earlier };
}

export type ReplayedDeadLetter =
  | { readonly kind: "replayed"; readonly handling: Handling; readonly stillDead: string | null }
  | { readonly kind: "otherwise"; readonly handling: Handling }
  /** Nothing of it can be stored: it leads to no object, or its texts were not kept. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "later"; readonly reason: string };

/**
 * Stores what a letter holds once more, the consumer's way. Its events become an object of their own under a key that
 * follows from the letter's, so that a second replay is the same object and the same insert; those that still cannot be
 * stored become a letter of their own. Of a dead object its key is taken again. Throws what the bucket throws.
 */
export async function replayDeadLetter(
  env: StoreEnv,
  key: DeadLetterKey,
  { letter, handling }: FoundDeadLetter,
  nowMs: number,
): Promise<ReplayedDeadLetter> {
  if (handling?.outcome === "discarded") return { kind: "otherwise", handling };
  const object = letter.events.length === 0 ? objectOf(letter) : await eventsAsObject(env, key, letter);
  if (object.kind === "refused") return object;
  const stored = await storeObject(env, key.region, object.objectKey, nowMs);
  if (stored.kind !== "done") return stored;
  const marked = await mark(env, key, { outcome: "replayed", reason: "", atMs: nowMs, objectKey: object.objectKey });
  if (marked.kind === "otherwise") return marked;
  const rest = deadLetterKeyOf(key.region, object.objectKey, "events", letter.atMs);
  const isRest = object.objectKey !== letter.key && (await bucketOf(env, key.region).head(formatDeadLetterKey(rest))) !== null;
  return { kind: "replayed", handling: marked.handling, stillDead: isRest ? rest.name : null };
}

type ReplayObject = { readonly kind: "object"; readonly objectKey: string } | { readonly kind: "refused"; readonly reason: string };

function objectOf({ key, region }: DeadLetter): ReplayObject {
  return parseObjectKey(key)?.region === region
    ? { kind: "object", objectKey: key }
    : { kind: "refused", reason: "its message named no object of this region" };
}

async function eventsAsObject(env: Buckets, key: DeadLetterKey, { region, atMs, events }: DeadLetter): Promise<ReplayObject> {
  const kept = events.filter(({ text }) => text !== "");
  if (kept.length === 0) return { kind: "refused", reason: "the texts of its events were not kept, since they belong to another region" };
  const objectKey = formatObjectKey({ kind: "edge", region, day: dayOf(atMs), id: await idOf(formatDeadLetterKey(key)) });
  const frames = joinBytes(kept.map(({ text }) => encodeFrame(text)));
  await createObject(bucketOf(env, region), objectKey, frames, { mediaType: "application/octet-stream", receivedAtMs: atMs });
  return { kind: "object", objectKey };
}

/** An id in the form of a UUID, made from a text. */
async function idOf(text: string): Promise<string> {
  const digits = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20, 32)].join("-");
}
