import { failure, type Failure } from "#core/contracts/error.ts";

export const bodyBytesMax = 1_048_576;

/** A request's JSON body, and its text as it was sent, read no further than the limit. */
export async function readJson(
  request: Request,
  bytesMax: number = bodyBytesMax,
): Promise<{ readonly kind: "json"; readonly value: unknown; readonly text: string } | Failure> {
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) return tooLarge(bytesMax);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const body: ReadableStream<Uint8Array<ArrayBuffer>> | null = request.body;
  let bytes = 0;
  if (body !== null) {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) return tooLarge(bytesMax);
      chunks.push(chunk);
    }
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await new Blob(chunks).arrayBuffer());
    return { kind: "json", value: JSON.parse(text), text };
  } catch {
    return failure("invalid_json");
  }
}

function tooLarge(bytesMax: number): Failure {
  return failure("request_too_large", `The request body is larger than ${bytesMax} bytes.`);
}
