import type { KeyId } from "#core/contracts/id.ts";
import { keySnapshotSchema, type KeySnapshot } from "#core/contracts/key-snapshot.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, unavailable, type Unavailable } from "../unavailable.ts";
import { redisOf, type RedisEnvironment } from "./client.ts";

/**
 * How long a snapshot is believed. Edges re-read theirs within 5 s; Postgres is asked once in this time for a key
 * in use, and a change that no edge was told of (the cache could not be reached) is unseen for as long.
 */
const ttlSeconds = 60;

export type Cached = { readonly kind: "hit"; readonly snapshot: KeySnapshot } | { readonly kind: "miss" } | Unavailable;
export type Written = { readonly kind: "written" } | Unavailable;

/** A key's snapshot from the region's cache. A value of an older shape counts as a miss. */
export async function readCached(env: RedisEnvironment, region: Region, keyId: KeyId): Promise<Cached> {
  const read = await attempt("redis", async () => await redisOf(env, region).get<string>(nameOf(keyId)));
  if (read.kind === "unavailable") return read;
  const parsed = keySnapshotSchema.safeParse(parseJson(read.value));
  return parsed.success ? { kind: "hit", snapshot: parsed.data } : { kind: "miss" };
}

/**
 * Keeps a snapshot for the others of its region. One that is there stays: a reader that was slow must not put a
 * snapshot from before a revocation over the revocation.
 */
export async function writeCached(env: RedisEnvironment, region: Region, snapshot: KeySnapshot): Promise<Written> {
  try {
    // In capitals: the in-memory Redis of one machine knows the words of SET only so, and the client's `set` writes them small.
    await redisOf(env, region).exec(["SET", nameOf(snapshot.keyId), JSON.stringify(snapshot), "EX", ttlSeconds, "NX"]);
    return { kind: "written" };
  } catch (error) {
    return unavailable("redis", error);
  }
}

/** Puts snapshots over whatever is there: tombstones of revoked keys, and what else must be known within seconds. */
export async function replaceCached(env: RedisEnvironment, region: Region, snapshots: readonly KeySnapshot[]): Promise<Written> {
  if (snapshots.length === 0) return { kind: "written" };
  const done = await attempt("redis", async () => {
    const pipeline = redisOf(env, region).pipeline();
    for (const snapshot of snapshots) pipeline.setex(nameOf(snapshot.keyId), ttlSeconds, JSON.stringify(snapshot));
    await pipeline.exec();
  });
  return done.kind === "unavailable" ? done : { kind: "written" };
}

/** Drops snapshots, so that the next reader asks Postgres. */
export async function forgetCached(env: RedisEnvironment, region: Region, keyIds: readonly KeyId[]): Promise<Written> {
  if (keyIds.length === 0) return { kind: "written" };
  const done = await attempt("redis", async () => await redisOf(env, region).del(...keyIds.map(nameOf)));
  return done.kind === "unavailable" ? done : { kind: "written" };
}

function nameOf(keyId: KeyId): string {
  return `key:${keyId}`;
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
