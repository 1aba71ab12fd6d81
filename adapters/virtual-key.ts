import { keyIdSchema, type KeyId } from "#core/contracts/id.ts";
import { toBase64Url, toHex } from "./bytes.ts";
import { sha256 } from "./sha256.ts";

export interface NewKey {
  readonly keyId: KeyId;
  /** The whole text; to be shown once and stored nowhere. */
  readonly key: string;
  /** What is stored in its stead. */
  readonly secretHash: string;
}

/** A new `ef_<keyId>_<secret>`; or another secret for a key that there is. */
export async function makeVirtualKey(keyId: KeyId = newKeyId()): Promise<NewKey> {
  return await withSecret("ef_", keyId);
}

/** A new `ef_api_<keyId>_<secret>`. */
export async function makeApiKey(): Promise<NewKey> {
  return await withSecret("ef_api_", newKeyId());
}

function newKeyId(): KeyId {
  return keyIdSchema.parse(toHex(crypto.getRandomValues(new Uint8Array(8))));
}

async function withSecret(prefix: string, keyId: KeyId): Promise<NewKey> {
  const key = `${prefix}${keyId}_${toBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`;
  return { keyId, key, secretHash: await hashKey(key) };
}

/** SHA-256 of a key's whole text, as hexadecimal. The secret holds 256 random bits, so a plain hash is enough. */
export async function hashKey(key: string): Promise<string> {
  return await sha256(key);
}
