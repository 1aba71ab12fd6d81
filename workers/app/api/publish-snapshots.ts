import { hasCache, type RedisEnvironment } from "#adapters/redis/client.ts";
import { replaceCached } from "#adapters/redis/key-snapshot-cache.ts";
import { attempt, type Unavailable } from "#adapters/unavailable.ts";
import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { regionSchema } from "#core/contracts/region.ts";

/** Two changes at once: what the one read is old when the other has written. */
const roundsMax = 5;

/**
 * After a change: puts what Postgres now says of keys over every region's copy, so that edges know it within 5 s. It
 * is read once more afterwards, and told again where it has changed meanwhile: the last to tell has read the last that
 * was written. `unavailable`: some region could not be told; its copies end by themselves within a minute, and the same
 * request sent again tells it.
 */
export async function publishSnapshots(
  env: RedisEnvironment,
  read: () => Promise<readonly KeySnapshot[]>,
): Promise<{ readonly kind: "published" } | Unavailable> {
  const regions = regionSchema.options.filter((region) => hasCache(env, region));
  let told = "";
  for (let round = 0; round < roundsMax; round += 1) {
    const snapshots = await attempt("postgres", read);
    if (snapshots.kind === "unavailable") return snapshots;
    const text = JSON.stringify(snapshots.value);
    if (text === told) break;
    const written = await Promise.all(regions.map(async (region) => await replaceCached(env, region, snapshots.value)));
    const failed = written.find((result) => result.kind === "unavailable");
    if (failed !== undefined) return failed;
    told = text;
  }
  return { kind: "published" };
}
