import { toHex } from "#core/bytes.ts";
import { keyIdSchema, type KeyId } from "#core/contracts/id.ts";
import { toBase64Url } from "./bytes.ts";

export interface NewVirtualKey {
  readonly keyId: KeyId;
  /** The whole text; to be shown once and stored nowhere. */
  readonly key: string;
  /** What is stored in its stead. */
  readonly secretHash: string;
}

/** A new `ef_<keyId>_<secret>`. */
export async function makeVirtualKey(): Promise<NewVirtualKey> {
  const keyId = keyIdSchema.parse(toHex(crypto.getRandomValues(new Uint8Array(8))));
  const key = `ef_${keyId}_${toBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`;
  return { keyId, key, secretHash: await hashKey(key) };
}

/** SHA-256 of a key's whole text, as hexadecimal. The secret holds 256 random bits, so a plain hash is enough. */
export async function hashKey(key: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key))));
}
