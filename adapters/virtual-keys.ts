import { failure, type Failure } from "#core/contracts/error.ts";
import { keyIdSchema, type KeyId } from "#core/contracts/id.ts";
import { virtualKeyPattern, type KeySnapshot } from "#core/contracts/key-snapshot.ts";
import type { Region } from "#core/contracts/region.ts";
import { log } from "./log.ts";
import { connect, type PostgresEnvironment } from "./postgres/database.ts";
import { readKeySnapshot } from "./postgres/key-snapshots.ts";
import type { RedisEnvironment } from "./redis/client.ts";
import { readCached, writeCached } from "./redis/key-snapshot-cache.ts";
import { remember } from "./remember.ts";
import { attempt } from "./unavailable.ts";
import { hashKey } from "./virtual-key.ts";

export type KeysEnvironment = PostgresEnvironment & RedisEnvironment;

export type KeyLookup = { readonly kind: "key"; readonly snapshot: KeySnapshot } | Failure;

/** A revoked key is refused everywhere within 5 s: nothing older is used while a store can be asked. */
const freshForMs = 5_000;
const refreshAfterMs = 2_500;
/** The next try comes soon: one dies with its request if that is ended. */
const retryAfterMs = 1_000;
/** With Redis and Postgres both down, a known key goes on for so long. */
const staleForMs = 600_000;
/** Longer than a try of the stores takes at most, so that in an outage none is waited for before the next has ended. */
const outageForMs = 16_000;
const knownKeysMax = 10_000;
/** A wrong key is not looked up at every try. */
const refusedForMs = 1_000;
const refusalsMax = 1_000;

interface KnownKey {
  readonly lookup: Extract<KeyLookup, { readonly kind: "key" }>;
  readonly readAtMs: number;
  /** Until then it is used at once; put off while no store answers. */
  useUntilMs: number;
  refreshAtMs: number;
}

interface Refusal {
  readonly fault: Failure;
  readonly untilMs: number;
}

/** Both by the whole text, so that nothing is hashed on a known key's way. The first of each is the oldest. */
const knownKeys = new Map<string, KnownKey>();
const refusals = new Map<string, Refusal>();

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
  const known = knownKeys.get(keyText);
  if (known !== undefined && nowMs < known.useUntilMs) {
    if (nowMs >= known.refreshAtMs) {
      known.refreshAtMs = nowMs + retryAfterMs;
      if (nowMs >= known.readAtMs + freshForMs) putOff(known, nowMs);
      context.waitUntil(refresh(env, region, keyText, nowMs));
    }
    return known.lookup;
  }
  const refusal = refusals.get(keyText);
  return refusal !== undefined && nowMs < refusal.untilMs ? refusal.fault : await refresh(env, region, keyText, nowMs);
}

/** The snapshot of a key that its id names, for who may use it without its text. Not remembered here: such calls are few. */
export async function lookUpKeyById(env: KeysEnvironment, region: Region, keyId: KeyId): Promise<KeyLookup> {
  const found = await readSnapshot(env, region, keyId);
  if (found.kind !== "snapshot") return found;
  return found.snapshot.revoked ? failure("revoked_api_key") : { kind: "key", snapshot: found.snapshot };
}

/** No store answered: a key that is known goes on, and so do the tries of later calls, beside them. */
function putOff(known: KnownKey, nowMs: number): void {
  known.useUntilMs = Math.min(nowMs + outageForMs, known.readAtMs + staleForMs);
}

/** Asks the stores, and remembers what they say. */
async function refresh(env: KeysEnvironment, region: Region, keyText: string, nowMs: number): Promise<KeyLookup> {
  // Any text can be sent as a key: one that cannot be a key costs no store anything, and no memory.
  const keyId = keyIdSchema.safeParse(virtualKeyPattern.exec(keyText)?.[1]);
  if (!keyId.success) return failure("invalid_api_key");
  const lookup = await verify(env, region, keyId.data, keyText);
  if (lookup.kind === "key") {
    remember(knownKeys, knownKeysMax, keyText, {
      lookup,
      readAtMs: nowMs,
      useUntilMs: nowMs + freshForMs,
      refreshAtMs: nowMs + refreshAfterMs,
    });
    return lookup;
  }
  if (lookup.code !== "dependency_unavailable") {
    knownKeys.delete(keyText);
    remember(refusals, refusalsMax, keyText, { fault: lookup, untilMs: nowMs + refusedForMs });
    return lookup;
  }
  const known = knownKeys.get(keyText);
  if (known === undefined || Date.now() >= known.readAtMs + staleForMs) return lookup;
  putOff(known, Date.now());
  return known.lookup;
}

async function verify(env: KeysEnvironment, region: Region, keyId: KeyId, keyText: string): Promise<KeyLookup> {
  const found = await readSnapshot(env, region, keyId);
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
    log("key_lookup_failed", { keyId, store: read.store, code: read.code });
    return failure("dependency_unavailable", "The key cannot be checked at the moment. Try again shortly.");
  }
  if (read.value === null) return failure("invalid_api_key");
  if (cached.kind === "miss") await writeCached(env, region, read.value);
  return { kind: "snapshot", snapshot: read.value };
}
