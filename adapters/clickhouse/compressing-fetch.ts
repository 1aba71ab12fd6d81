import { gzip } from "../gzip.ts";

/** A smaller body is not worth it. */
const compressedFromBytes = 16 * 1024;

/**
 * A request with a large body under gzip: an insert is a megabyte or two, which has a sixth of that to go. Over plain
 * HTTP the server stands beside us, and the way costs less than gzip. The client's own option for it exists on Node only.
 */
export function compressed(address: string, init?: RequestInit): RequestInit | undefined {
  const body = init?.body;
  const isSecure = address.startsWith("https:");
  if (!isSecure || !(typeof body === "string" || body instanceof Uint8Array) || body.length < compressedFromBytes) return init;
  const headers = new Headers(init?.headers);
  headers.set("content-encoding", "gzip");
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { ...init, headers, body: gzip(bytes) };
}

/** `fetch` of what is `compressed`. */
export async function compressingFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return await fetch(input, compressed(input instanceof Request ? input.url : String(input), init));
}
