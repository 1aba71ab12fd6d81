import { lookUpKey, type KeyLookup, type KeysEnvironment } from "#adapters/virtual-keys.ts";
import { failure } from "#core/contracts/error.ts";
import type { Region } from "#core/contracts/region.ts";

/** Where the SDKs of the field put their key; one virtual key works in all of them. */
const keyHeaders = ["x-api-key", "x-goog-api-key", "api-key"] as const;

/** The first stage: whose call this is. */
export async function identify(
  env: KeysEnvironment,
  context: Pick<ExecutionContext, "waitUntil">,
  headers: ReadonlyMap<string, string>,
  region: Region,
): Promise<KeyLookup> {
  const keyText = readKey(headers);
  return keyText === "" ? failure("missing_api_key") : await lookUpKey(env, context, region, keyText);
}

function readKey(headers: ReadonlyMap<string, string>): string {
  const authorization = headers.get("authorization");
  if (authorization !== undefined) return authorization.replace(/^Bearer\s+/i, "").trim();
  const name = keyHeaders.find((header) => headers.has(header));
  return name === undefined ? "" : (headers.get(name) ?? "");
}
