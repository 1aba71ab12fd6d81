import { log } from "./log.ts";
import { apiKeyPattern } from "#core/contracts/api/api-keys.ts";
import type { Caller } from "#core/contracts/api/caller.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import { keyIdSchema } from "#core/contracts/id.ts";
import { readStoredApiKey } from "./postgres/api-keys.ts";
import { connect, type PostgresEnvironment } from "./postgres/database.ts";
import { remember } from "./remember.ts";
import { attempt } from "./unavailable.ts";
import { hashKey } from "./virtual-key.ts";

type Lookup = Extract<Caller, { readonly kind: "api-key" }> | Failure;

interface Remembered {
  readonly lookup: Lookup;
  readonly untilMs: number;
}

/** A revoked key is refused within 5 s. */
const knownForMs = 5_000;
/** A wrong key is not looked up at every try. */
const refusedForMs = 1_000;
const rememberedMax = 1_000;

/** Apart, so that no number of wrong keys makes a good one unknown. Both by the whole text. */
const known = new Map<string, Remembered>();
const refused = new Map<string, Remembered>();

/** Whose API key a text is: from this isolate, or Postgres. */
export async function lookUpApiKey(env: PostgresEnvironment, keyText: string): Promise<Lookup> {
  const nowMs = Date.now();
  const remembered = known.get(keyText) ?? refused.get(keyText);
  if (remembered !== undefined && nowMs < remembered.untilMs) return remembered.lookup;
  // Any text can be sent as a key: one that cannot be a key costs no store anything, and no memory.
  const keyId = keyIdSchema.safeParse(apiKeyPattern.exec(keyText)?.[1]);
  if (!keyId.success) return failure("invalid_api_key");
  const read = await attempt("postgres", async () => await readStoredApiKey(connect(env), keyId.data));
  if (read.kind === "unavailable") {
    log("key_lookup_failed", { keyId: keyId.data, code: read.code });
    return failure("dependency_unavailable", "The key cannot be checked at the moment. Try again shortly.");
  }
  known.delete(keyText);
  if (read.value === null || read.value.secretHash !== (await hashKey(keyText))) return refuse(keyText, failure("invalid_api_key"), nowMs);
  if (read.value.revoked) return refuse(keyText, failure("revoked_api_key"), nowMs);
  const { projectId, scopes } = read.value;
  const lookup: Lookup = { kind: "api-key", keyId: keyId.data, projectId, scopes };
  remember(known, rememberedMax, keyText, { lookup, untilMs: nowMs + knownForMs });
  return lookup;
}

function refuse(keyText: string, lookup: Failure, nowMs: number): Failure {
  remember(refused, rememberedMax, keyText, { lookup, untilMs: nowMs + refusedForMs });
  return lookup;
}
