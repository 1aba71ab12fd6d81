import { log } from "#adapters/log.ts";
import { open, seal } from "#adapters/encryption.ts";
import { connect, type PostgresEnvironment } from "#adapters/postgres/database.ts";
import { claimKey, releaseKey, rememberAnswer, removeOldKeys, type KeyedRequest } from "#adapters/postgres/idempotency-keys.ts";
import { sha256 } from "#adapters/sha256.ts";
import { attempt } from "#adapters/unavailable.ts";
import type { Caller } from "#core/contracts/api/caller.ts";
import { failure } from "#core/contracts/error.ts";
import type { AppEnvironment } from "../environment.ts";
import type { Handled, RequestFacts } from "./handler.ts";

export const idempotencyHeader = "idempotency-key";

/** An outcome, and whether it is that of the same request before. */
export interface Once {
  readonly result: Handled<unknown>;
  readonly isReplayed: boolean;
  /** It is worth trying again in a second. */
  readonly isUnderWay: boolean;
}

type Work = (remember: RequestFacts["remember"]) => Promise<Handled<unknown>>;

const nothingToRemember = async (): Promise<readonly []> => await Promise.resolve([]);

/**
 * Runs a creation once for each idempotency key of a caller. `asked` is all that was asked. The answer is sealed and
 * stored in one transaction with what was made; a request that fails is not remembered.
 */
export async function runOnce(
  env: AppEnvironment,
  { caller, key, asked }: { readonly caller: Caller; readonly key: string | undefined; readonly asked: unknown },
  work: Work,
): Promise<Once> {
  if (key === undefined) return fresh(await work(nothingToRemember));
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    return fresh(failure("invalid_header", "`Idempotency-Key` must be 1 to 255 visible ASCII characters.", idempotencyHeader));
  const request: KeyedRequest = {
    owner: caller.kind === "admin" ? "admin" : caller.keyId,
    key,
    requestHash: await sha256(JSON.stringify(asked)),
    atMs: Date.now(),
  };
  const place = `idempotency/${request.owner}/${key}`;
  const database = connect(env);
  const claim = await attempt("postgres", async () => await claimKey(database, request));
  if (claim.kind === "unavailable") return fresh(claim);
  switch (claim.value.kind) {
    case "claimed": {
      const result = await work(async (answer) => [
        rememberAnswer(database, request, await seal(JSON.stringify(answer), env.CREDENTIALS_KEY, place)),
      ]);
      if (result.kind !== "answered") await release(env, request);
      return fresh(result);
    }
    case "done": {
      const opened = await open(claim.value.sealedAnswer, env.CREDENTIALS_KEY, place);
      if (opened.kind === "unreadable") return fresh(conflict("was answered, and the answer can no longer be read"));
      return { result: { kind: "answered", value: JSON.parse(opened.text) }, isReplayed: true, isUnderWay: false };
    }
    case "under-way":
      return { result: conflict("is of a request that is still under way"), isReplayed: false, isUnderWay: true };
    case "other-request":
      return fresh(conflict("was used for another request"));
  }
}

function fresh(result: Handled<unknown>): Once {
  return { result, isReplayed: false, isUnderWay: false };
}

function conflict(what: string) {
  return failure("conflict", `This \`Idempotency-Key\` ${what}.`, idempotencyHeader);
}

/** Where it cannot be let go now it ends by itself, a minute later. */
async function release(env: AppEnvironment, request: KeyedRequest): Promise<void> {
  const done = await attempt("postgres", async () => await releaseKey(connect(env), request));
  if (done.kind === "unavailable") log("idempotency_key_not_let_go", { code: done.code });
}

/** Removes what is remembered for longer than a day. Never throws: the next minute tries again. */
export async function forgetOldAnswers(env: PostgresEnvironment, nowMs: number): Promise<void> {
  const done = await attempt("postgres", async () => await removeOldKeys(connect(env), nowMs));
  if (done.kind === "unavailable") log("idempotency_keys_not_removed", { code: done.code });
}
