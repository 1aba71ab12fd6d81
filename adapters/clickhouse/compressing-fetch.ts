import { gzip } from "../gzip.ts";

/** A smaller body is not worth it. */
const compressedFromBytes = 16 * 1024;

/**
 * `fetch` with large bodies under gzip: an insert is a megabyte or two, which has a sixth of that to go. Over plain
 * HTTP the server stands beside us, and the way costs less than gzip. The client's own option for it exists on Node only.
 */
export async function compressingFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const body = init?.body;
  const isSecure = (input instanceof Request ? input.url : String(input)).startsWith("https:");
  if (!isSecure || !(typeof body === "string" || body instanceof Uint8Array) || body.length < compressedFromBytes)
    return await fetch(input, init);
  const headers = new Headers(init?.headers);
  headers.set("content-encoding", "gzip");
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return await fetch(input, { ...init, headers, body: await gzip(bytes) });
}
