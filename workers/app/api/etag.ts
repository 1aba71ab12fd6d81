import { sha256 } from "#adapters/sha256.ts";

/** The strong ETag of an answer: the same for the same answer, whoever gives it. */
export async function etagOf(value: unknown): Promise<string> {
  return `"${(await sha256(JSON.stringify(value))).slice(0, 32)}"`;
}

/**
 * Whether an `If-Match` or `If-None-Match` (a list of ETags, or `*`) names this one. A proxy that compresses makes an ETag
 * weak (`W/"…"`); it is of the same content all the same.
 */
export function namesEtag(header: string, etag: string): boolean {
  return header.split(",").some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === etag);
}
