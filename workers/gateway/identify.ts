import { lookUpKey, lookUpKeyById, type KeyLookup, type KeysEnvironment } from "#adapters/virtual-keys.ts";
import { failure } from "#core/contracts/error.ts";
import { keyIdSchema } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { trustedKeyHeader } from "#core/gateway/trusted-key.ts";

/** Where the SDKs of the field put their key; one virtual key works in all of them. */
const keyHeaders = ["x-api-key", "x-goog-api-key", "api-key"] as const;

/** The first stage: whose call this is. */
export type Identify = (
  env: KeysEnvironment,
  context: Pick<ExecutionContext, "waitUntil">,
  headers: ReadonlyMap<string, string>,
  region: Region,
) => Promise<KeyLookup>;

/** By the key's text, that only who may call with it knows. */
export const identify: Identify = async (env, context, headers, region) => {
  const keyText = readKey(headers);
  return keyText === "" ? failure("missing_api_key") : await lookUpKey(env, context, region, keyText);
};

/** By the key's id alone. */
export const identifyTrusted: Identify = async (env, _context, headers, region) => {
  const keyId = keyIdSchema.safeParse(headers.get(trustedKeyHeader));
  return keyId.success ? await lookUpKeyById(env, region, keyId.data) : failure("missing_api_key");
};

function readKey(headers: ReadonlyMap<string, string>): string {
  const authorization = headers.get("authorization");
  if (authorization !== undefined) return authorization.replace(/^Bearer\s+/i, "").trim();
  const name = keyHeaders.find((header) => headers.has(header));
  return name === undefined ? "" : (headers.get(name) ?? "");
}
