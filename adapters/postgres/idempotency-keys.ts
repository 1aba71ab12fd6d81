import { and, eq, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { idempotencyKeys } from "./schema.ts";

const keptForMs = 86_400_000;
/** A creation that has not ended after so long has died with its isolate. */
const abandonedAfterMs = 60_000;

/** A request that creates something, under the key that its caller gave it. */
export interface KeyedRequest {
  readonly owner: string;
  readonly key: string;
  readonly requestHash: string;
  readonly atMs: number;
}

export type Claim =
  /** It is this request's to do. */
  | { readonly kind: "claimed" }
  /** It was done: the answer, sealed. */
  | { readonly kind: "done"; readonly sealedAnswer: string }
  | { readonly kind: "under-way" }
  /** The key was used for something else. */
  | { readonly kind: "other-request" };

/** Takes a key for a request, in one statement, so that of two at once only one gets it. */
export async function claimKey(database: Database, { owner, key, requestHash, atMs }: KeyedRequest): Promise<Claim> {
  const createdAt = new Date(atMs);
  const [claimed, [standing]] = await database.batch([
    database
      .insert(idempotencyKeys)
      .values({ owner, key, requestHash, createdAt })
      .onConflictDoUpdate({
        target: [idempotencyKeys.owner, idempotencyKeys.key],
        set: { requestHash, sealedAnswer: null, createdAt },
        setWhere: sql`${idempotencyKeys.createdAt} < ${new Date(atMs - keptForMs).toISOString()}::timestamptz
          or (${idempotencyKeys.sealedAnswer} is null and ${idempotencyKeys.createdAt} < ${new Date(atMs - abandonedAfterMs).toISOString()}::timestamptz)`,
      })
      .returning({ key: idempotencyKeys.key }),
    database
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.owner, owner), eq(idempotencyKeys.key, key))),
  ]);
  if (claimed.length > 0) return { kind: "claimed" };
  // The other one failed just now, and let go of it.
  if (standing === undefined) return { kind: "under-way" };
  if (standing.requestHash !== requestHash) return { kind: "other-request" };
  return standing.sealedAnswer === null ? { kind: "under-way" } : { kind: "done", sealedAnswer: standing.sealedAnswer };
}

/** The statement that remembers what a claimed request is answered; in one transaction with what it makes, both are or neither is. */
export function rememberAnswer(database: Database, { owner, key, atMs }: KeyedRequest, sealedAnswer: string) {
  return database
    .update(idempotencyKeys)
    .set({ sealedAnswer })
    .where(and(eq(idempotencyKeys.owner, owner), eq(idempotencyKeys.key, key), eq(idempotencyKeys.createdAt, new Date(atMs))));
}

/** Lets go of a key whose request made nothing; one that has an answer stays: the request was done, whatever it seemed. */
export async function releaseKey(database: Database, { owner, key, atMs }: KeyedRequest): Promise<void> {
  await database
    .delete(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.owner, owner),
        eq(idempotencyKeys.key, key),
        eq(idempotencyKeys.createdAt, new Date(atMs)),
        isNull(idempotencyKeys.sealedAnswer),
      ),
    );
}

/** Removes the answers that are older than a day. */
export async function removeOldKeys(database: Database, nowMs: number): Promise<void> {
  await database.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, new Date(nowMs - keptForMs)));
}
