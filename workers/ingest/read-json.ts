import { failure, type Failure } from "#core/contracts/error.ts";

/** The largest body of a batch of events. */
export const bodyBytesMax = 5 * 1024 * 1024;

export type ReadJson = { readonly kind: "json"; readonly value: unknown } | Failure;

/** A request's body as JSON, of at most 5 MB whether its length is told or not. */
export async function readJson(request: Request): Promise<ReadJson> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") return failure("invalid_header", "`content-encoding` must be `identity` or left out.", "content-encoding");
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) return tooLarge();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let text = "";
  let bytes = 0;
  const body: ReadableStream<Uint8Array> | null = request.body;
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > bodyBytesMax) return tooLarge();
      text += decoder.decode(chunk, { stream: true });
    }
    return { kind: "json", value: JSON.parse(text + decoder.decode()) };
  } catch {
    return failure("invalid_json");
  }
}

function tooLarge(): Failure {
  return failure("request_too_large", `The request body is larger than ${bodyBytesMax} bytes (5 MB).`);
}
