import { gunzip, isTooLarge } from "#adapters/gzip.ts";
import { joinBytes } from "#core/bytes.ts";
import { failure, type Failure } from "#core/contracts/error.ts";

/** The largest body of a request, as it is sent and as it is when unpacked. */
export const bodyBytesMax = 5 * 1024 * 1024;

/** `packed`: the same under gzip, where it was sent so. */
export type ReadBody = { readonly kind: "body"; readonly bytes: Uint8Array; readonly packed: Uint8Array | null } | Failure;

const encodings = ["identity", "gzip"] as const;

/**
 * A request's body, unpacked, read no further than its limit; `limits` tells that limit to who sent more. A body that
 * unpacks to more than that is unpacked only so far.
 */
export async function readBody(request: Request, limits: string): Promise<ReadBody> {
  const named = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  const encoding = encodings.find((known) => known === named);
  if (encoding === undefined) {
    const known = encodings.map((name) => `\`${name}\``).join(" or ");
    return failure("unsupported_media_type", `\`content-encoding\` must be ${known}.`, "content-encoding");
  }
  const sent = await readBytes(request);
  if (sent === null) return failure("request_too_large", limits);
  if (encoding === "identity") return { kind: "body", bytes: sent, packed: null };
  try {
    return { kind: "body", bytes: gunzip(sent, bodyBytesMax), packed: sent };
  } catch (error) {
    return isTooLarge(error) ? failure("request_too_large", limits) : failure("invalid_field", `The body is not whole \`${encoding}\`.`);
  }
}

/** The bytes of a body; `null`: there are more than it may have. */
async function readBytes(request: Request): Promise<Uint8Array | null> {
  const told = request.headers.get("content-length");
  if (told !== null) return Number(told) > bodyBytesMax ? null : new Uint8Array(await request.arrayBuffer());
  const body: ReadableStream<Uint8Array> | null = request.body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return joinBytes(chunks);
}
