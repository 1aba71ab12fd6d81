import { failure, type Failure } from "#core/contracts/error.ts";
import { virtualKeyPattern } from "#core/contracts/key-snapshot.ts";

/** `null`: the request carries the admin key. Without an admin key in the environment nobody may do anything. */
export async function authorize(authorization: string | undefined, adminKey: string | undefined): Promise<Failure | null> {
  const [, sent] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (sent === undefined) return failure("missing_api_key", "No admin key was sent. Send it as `Authorization: Bearer ef_admin_…`.");
  if (adminKey !== undefined && adminKey !== "" && (await isEqual(sent, adminKey))) return null;
  return failure(virtualKeyPattern.test(sent) ? "insufficient_scope" : "invalid_api_key");
}

/** Compares hashes, all of their bytes: how long it takes tells nothing of where two texts differ. */
async function isEqual(left: string, right: string): Promise<boolean> {
  const [leftHash, rightHash] = await Promise.all([digest(left), digest(right)]);
  return leftHash.reduce((difference, byte, index) => difference | (byte ^ (rightHash[index] ?? 0)), 0) === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
