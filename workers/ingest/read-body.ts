import { joinBytes } from "#core/bytes.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import { unpackGzip } from "./unpack.ts";

/** The largest body of a request, as it is sent and as it is when unpacked. */
export const bodyBytesMax = 5 * 1024 * 1024;

export type ReadBody = { readonly kind: "body"; readonly bytes: Uint8Array } | Failure;

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** How a body is unpacked, by its `content-encoding`. */
const encodings = new Map<string, (body: Bytes) => AsyncIterable<Uint8Array>>([
  ["identity", (body) => body],
  ["gzip", unpackGzip],
]);

/**
 * A request's body, unpacked, read no further than its limit; `limits` tells that limit to who sent more.
 * What was unpacked so far is all that is held, so a small body that unpacks to a large one costs no more.
 */
export async function readBody(request: Request, limits: string): Promise<ReadBody> {
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  const unpack = encodings.get(encoding);
  if (unpack === undefined) {
    const known = [...encodings.keys()].map((name) => `\`${name}\``).join(" or ");
    return failure("unsupported_media_type", `\`content-encoding\` must be ${known}.`, "content-encoding");
  }
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) return failure("request_too_large", limits);
  const body: Bytes | null = request.body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body === null ? [] : unpack(body)) {
      bytes += chunk.length;
      if (bytes > bodyBytesMax) return failure("request_too_large", limits);
      chunks.push(chunk);
    }
  } catch {
    return failure("invalid_field", `The body is not whole \`${encoding}\`.`);
  }
  return { kind: "body", bytes: chunks.length === 1 ? (chunks[0] ?? new Uint8Array()) : joinBytes(chunks) };
}
