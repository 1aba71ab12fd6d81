import { gzip } from "../gzip.ts";

/** A smaller body is not worth it. */
const compressedFromCharacters = 16 * 1024;

/**
 * `fetch` with large text bodies under gzip: an insert is a megabyte or two of JSON, which has a sixth of that to go.
 * The client's own option for it exists on Node only.
 */
export async function compressingFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const body = init?.body;
  if (typeof body !== "string" || body.length < compressedFromCharacters) return await fetch(input, init);
  const headers = new Headers(init?.headers);
  headers.set("content-encoding", "gzip");
  return await fetch(input, { ...init, headers, body: await gzip(new TextEncoder().encode(body)) });
}
