import { referredPayloads } from "#adapters/clickhouse/expire-rows.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { sha256Schema, type ProjectId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { formatPayloadKey } from "#core/ingest/payload-place.ts";
import { dayOf } from "#core/ingest/object-key.ts";
import type { Expiry } from "#core/operations/retention.ts";
import type { StoreEnv } from "./store-object.ts";

/** Where a part of the work begins, and until when it may go on. */
interface Part {
  /** The last key that was seen; `null`: none was. */
  readonly cursor: string | null;
  readonly untilMs: number;
}

/** `cursor`: where the next part begins; `null`: all is done. */
interface PartDone {
  readonly deleted: number;
  readonly cursor: string | null;
}

const pageSize = 1_000;

/**
 * Deletes the payloads that were written before their project's time and that no span refers to any more: content is
 * stored once, so a younger span may refer to an old object. Throws what the stores throw.
 */
export async function expirePayloads(env: StoreEnv, region: Region, expiries: readonly Expiry[], part: Part): Promise<PartDone> {
  let { cursor } = part;
  let deleted = 0;
  for (const { projectId, payloadsBeforeMs } of expiries) {
    const prefix = formatPayloadKey(projectId, "");
    // Projects come by id, and so do their keys: those before the cursor are done.
    if (payloadsBeforeMs === null || (cursor !== null && cursor > `${prefix}g`)) continue;
    for (;;) {
      if (Date.now() >= part.untilMs) return { deleted, cursor: cursor ?? prefix };
      const page = await listOld(env, region, { prefix, after: cursor, beforeMs: payloadsBeforeMs });
      deleted += await deleteUnreferred(env, region, projectId, { prefix, after: cursor, beforeMs: payloadsBeforeMs, keys: page.keys });
      cursor = page.last ?? cursor;
      if (page.isLast) break;
    }
  }
  return { deleted, cursor: null };
}

interface OldQuery {
  readonly prefix: string;
  readonly after: string | null;
  readonly beforeMs: number;
}

/** A page of a prefix: the keys of objects whose content is from before a time. */
async function listOld(env: StoreEnv, region: Region, { prefix, after, beforeMs }: OldQuery) {
  const startAfter = after?.startsWith(prefix) === true ? { startAfter: after } : {};
  const { objects, truncated } = await bucketOf(env, region).list({ prefix, limit: pageSize, include: ["customMetadata"], ...startAfter });
  return {
    keys: objects.filter((object) => contentAtMs(object) < beforeMs).map(({ key }) => key),
    last: objects.at(-1)?.key ?? null,
    isLast: !truncated,
  };
}

/** Events are as old as when they were accepted, however often they were put in again since. */
function contentAtMs({ customMetadata, uploaded }: R2Object): number {
  return Number(customMetadata?.["receivedAtMs"] ?? uploaded.getTime());
}

async function deleteUnreferred(
  env: StoreEnv,
  region: Region,
  projectId: ProjectId,
  { keys, ...query }: OldQuery & { readonly keys: readonly string[] },
): Promise<number> {
  const hashes = keys.flatMap((key) => sha256Schema.safeParse(key.slice(query.prefix.length)).data ?? []);
  if (hashes.length === 0) return 0;
  const referred = await referredPayloads(env, region, projectId, hashes);
  // A writer that found one there has made it young again meanwhile; the row that refers to it is still on its way.
  const stillOld = new Set((await listOld(env, region, query)).keys);
  const over = hashes.filter((hash) => !referred.has(hash)).map((hash) => formatPayloadKey(projectId, hash));
  const deletable = over.filter((key) => stillOld.has(key));
  if (deletable.length > 0) await bucketOf(env, region).delete(deletable);
  return deletable.length;
}

/** What holds events, or tells of them, of several projects; each by day. */
const mixedPrefixes = ["dead", "lost", "raw"] as const;

/** Deletes a region's objects of several projects whose content is from before a time. Throws what the bucket throws. */
export async function expireMixedObjects(env: StoreEnv, region: Region, beforeMs: number, part: Part): Promise<PartDone> {
  let { cursor } = part;
  let deleted = 0;
  for (const folder of mixedPrefixes) {
    const prefix = `${folder}/${region}/`;
    if (cursor !== null && cursor > `${prefix}~`) continue;
    for (;;) {
      if (Date.now() >= part.untilMs) return { deleted, cursor: cursor ?? prefix };
      const page = await listOld(env, region, { prefix, after: cursor, beforeMs });
      if (page.keys.length > 0) await bucketOf(env, region).delete(page.keys);
      deleted += page.keys.length;
      cursor = page.last ?? cursor;
      // Keys come by day, and none of a later day was written before that day.
      if (page.isLast || (page.last ?? "") > `${prefix}${dayOf(beforeMs)}~`) break;
    }
  }
  return { deleted, cursor: null };
}
