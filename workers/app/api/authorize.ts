import { lookUpApiKey } from "#adapters/api-keys.ts";
import type { PostgresEnvironment } from "#adapters/postgres/database.ts";
import { isSameSecret } from "#adapters/same-secret.ts";
import { apiKeyPattern } from "#core/contracts/api/api-keys.ts";
import type { Caller } from "#core/contracts/api/caller.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import { virtualKeyPattern } from "#core/contracts/key-snapshot.ts";

const missing = failure("missing_api_key", "No key was sent. Send the admin key or an API key as `Authorization: Bearer ef_…`.");
const virtualKey = failure(
  "insufficient_scope",
  "This is a virtual key: it calls the gateway and sends events. Send the admin key or an API key.",
);

/** Whose request it is. Without an admin key in the environment nobody is admin. */
export async function authorize(
  env: PostgresEnvironment & { readonly ADMIN_KEY: string },
  authorization: string | undefined,
): Promise<Caller | Failure> {
  const [, sent] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (sent === undefined) return missing;
  if (apiKeyPattern.test(sent)) return await lookUpApiKey(env, sent);
  if (env.ADMIN_KEY !== "" && (await isSameSecret(sent, env.ADMIN_KEY))) return { kind: "admin" };
  return virtualKeyPattern.test(sent) ? virtualKey : failure("invalid_api_key");
}
