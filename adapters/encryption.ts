import { fromBase64, toBase64 } from "./bytes.ts";

/** Names the algorithm and its layout, so that a later one can live beside it: AES-GCM 256, 12 bytes of nonce first. */
const prefix = "v1.";
const nonceBytes = 12;

export type Opened = { readonly kind: "opened"; readonly text: string } | { readonly kind: "unreadable"; readonly reason: string };

/**
 * Encrypts a text with AES-GCM 256. `keyBase64` is 32 bytes in base64; `owner` (`<organizationId>/<provider>`) is
 * bound to the result, so that it opens for nobody else. Throws where the key is not 32 bytes.
 */
export async function seal(text: string, keyBase64: string, owner: string): Promise<string> {
  const key = await importKey(keyBase64);
  if (key === null) throw new Error("CREDENTIALS_KEY must be 32 bytes in base64");
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const encrypted = await crypto.subtle.encrypt(parameters(nonce, owner), key, new TextEncoder().encode(text));
  const sealed = new Uint8Array(nonceBytes + encrypted.byteLength);
  sealed.set(nonce);
  sealed.set(new Uint8Array(encrypted), nonceBytes);
  return prefix + toBase64(sealed);
}

/** What `seal` encrypted, or why it cannot be read: another key, another owner, changed bytes, an unknown version. */
export async function open(sealed: string, keyBase64: string, owner: string): Promise<Opened> {
  if (!sealed.startsWith(prefix)) return { kind: "unreadable", reason: "unknown version" };
  const bytes = fromBase64(sealed.slice(prefix.length));
  if (bytes === null || bytes.length <= nonceBytes) return { kind: "unreadable", reason: "not a sealed text" };
  const key = await importKey(keyBase64);
  if (key === null) return { kind: "unreadable", reason: "CREDENTIALS_KEY must be 32 bytes in base64" };
  try {
    const text = await crypto.subtle.decrypt(parameters(bytes.slice(0, nonceBytes), owner), key, bytes.slice(nonceBytes));
    return { kind: "opened", text: new TextDecoder().decode(text) };
  } catch {
    // WebCrypto tells nothing more, on purpose.
    return { kind: "unreadable", reason: "wrong key, wrong owner, or changed bytes" };
  }
}

function parameters(nonce: Uint8Array<ArrayBuffer>, owner: string) {
  return { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(owner) };
}

async function importKey(keyBase64: string): Promise<CryptoKey | null> {
  const bytes = fromBase64(keyBase64);
  if (bytes?.length !== 32) return null;
  return await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}
