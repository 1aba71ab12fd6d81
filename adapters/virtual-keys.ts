import { failure, type Failure } from "#core/contracts/error.ts";
import { keyIdSchema, type KeyId } from "#core/contracts/id.ts";
import { virtualKeyPattern, type KeySnapshot } from "#core/contracts/key-snapshot.ts";
import type { Region } from "#core/contracts/region.ts";
import { connect, type PostgresEnvironment } from "./postgres/database.ts";
import { readKeySnapshot } from "./postgres/key-snapshots.ts";
import type { RedisEnvironment } from "./redis/client.ts";
import { readCached, writeCached } from "./redis/key-snapshot-cache.ts";
import { attempt } from "./unavailable.ts";
import { hashKey } from "./virtual-key.ts";

export type KeysEnvironment = PostgresEnvironment & RedisEnvironment;

export type KeyLookup = { readonly kind: "key"; readonly snapshot: KeySnapshot } | Failure;

/** A revoked key is refused everywhere within 5 s: nothing older is used while a store can be asked. */
const freshForMs = 5_000;
const refreshAfterMs = 2_500;
/** With Redis and Postgres both down, a known key goes on for so long. */
const staleForMs = 600_000;
/** A wrong key is not looked up at every try. */
const refusedForMs = 1_000;
const rememberedMax = 10_000;

interface Remembered {
  readonly lookup: KeyLookup;
  readonly readAtMs: number;
  /** Until then it is used; put off while no store answers. */
  useUntilMs: number;
  refreshAtMs: number;
}

/** By the whole text, so that nothing is hashed on a known key's way. */
const remembered = new Map<string, Remembered>();

/**
 * The snapshot of a virtual key: from this isolate, the region's Redis or Postgres, whichever knows it first.
 * A known key is refreshed beside the call, in `waitUntil`.
 */
export async function lookUpKey(
  env: KeysEnvironment,
  context: Pick<ExecutionContext, "waitUntil">,
  region: Region,
  keyText: string,
): Promise<KeyLookup> {
  const nowMs = Date.now();
  const known = remembered.get(keyText);
  if (known !== undefined && nowMs < known.useUntilMs) {
    if (known.lookup.kind === "key" && nowMs >= known.refreshAtMs) {
      // The next try comes soon: this refresh dies with its request if that is ended.
      known.refreshAtMs = nowMs + 1_000;
      context.waitUntil(refresh(env, region, keyText, nowMs));
    }
    return known.lookup;
  }
  const fresh = await refresh(env, region, keyText, nowMs);
  const storesAreDown = fresh.kind === "failure" && fresh.code === "dependency_unavailable";
  if (!storesAreDown || known?.lookup.kind !== "key" || nowMs - known.readAtMs >= staleForMs) return fresh;
  // Later calls need not wait for stores that do not answer; their tries go on beside the calls.
  known.useUntilMs = Date.now() + freshForMs;
  return known.lookup;
}

async function refresh(env: KeysEnvironment, region: Region, keyText: string, nowMs: number): Promise<KeyLookup> {
  const lookup = await verify(env, region, keyText);
  if (lookup.kind === "failure" && lookup.code === "dependency_unavailable") return lookup;
  if (remembered.size >= rememberedMax) remembered.clear();
  const useUntilMs = nowMs + (lookup.kind === "key" ? freshForMs : refusedForMs);
  remembered.set(keyText, { lookup, readAtMs: nowMs, useUntilMs, refreshAtMs: nowMs + refreshAfterMs });
  return lookup;
}

async function verify(env: KeysEnvironment, region: Region, keyText: string): Promise<KeyLookup> {
  const keyId = keyIdSchema.safeParse(virtualKeyPattern.exec(keyText)?.[1]);
  if (!keyId.success) return failure("invalid_api_key");
  const found = await readSnapshot(env, region, keyId.data);
  if (found.kind !== "snapshot") return found;
  const { snapshot } = found;
  if (snapshot.secretHash !== (await hashKey(keyText))) return failure("invalid_api_key");
  return snapshot.revoked ? failure("revoked_api_key") : { kind: "key", snapshot };
}

async function readSnapshot(
  env: KeysEnvironment,
  region: Region,
  keyId: KeyId,
): Promise<{ readonly kind: "snapshot"; readonly snapshot: KeySnapshot } | Failure> {
  const cached = await readCached(env, region, keyId);
  if (cached.kind === "hit") return { kind: "snapshot", snapshot: cached.snapshot };
  const read = await attempt("postgres", async () => await readKeySnapshot(connect(env), keyId));
  if (read.kind === "unavailable") {
    console.error(`key ${keyId} cannot be looked up: ${read.reason}`);
    return failure("dependency_unavailable", "The key cannot be checked at the moment. Try again shortly.");
  }
  if (read.value === null) return failure("invalid_api_key");
  if (cached.kind === "miss") await writeCached(env, region, read.value);
  return { kind: "snapshot", snapshot: read.value };
}
