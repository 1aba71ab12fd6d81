import { bucketOf, type Buckets } from "#adapters/r2/buckets.ts";
import type { Region } from "#core/contracts/region.ts";
import { parseObjectKey } from "#core/ingest/object-key.ts";

/** Days (UTC), both included. */
export interface DayRange {
  readonly fromDay: string;
  readonly toDay: string;
}

export interface RawObjectPage {
  readonly objects: readonly { readonly key: string; readonly bytes: number }[];
  /** Where the next page begins; `null`: there is none. */
  readonly nextCursor: string | null;
}

/** A page of the raw objects of a range of days, by day. Throws what the bucket throws. */
export async function listRawObjects(
  env: Buckets,
  region: Region,
  { fromDay, toDay }: DayRange,
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): Promise<RawObjectPage> {
  const prefix = `raw/${region}/`;
  const listed = await bucketOf(env, region).list({ prefix, limit, startAfter: cursor ?? `${prefix}${fromDay}` });
  const last = listed.objects.at(-1)?.key;
  const objects = listed.objects.flatMap(({ key, size }) => {
    const parsed = parseObjectKey(key);
    return parsed === null || parsed.day > toDay ? [] : [{ key, bytes: size }];
  });
  const isLast = !listed.truncated || last === undefined || last > `${prefix}${toDay}~`;
  return { objects, nextCursor: isLast ? null : last };
}
