import { failure, type Failure } from "#core/contracts/error.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Bytes as text; a JSON body that is no UTF-8 is no JSON. */
export function readText(bytes: Uint8Array): { readonly kind: "text"; readonly text: string } | Failure {
  try {
    return { kind: "text", text: decoder.decode(bytes) };
  } catch {
    return failure("invalid_json", "The request body is not UTF-8.");
  }
}
