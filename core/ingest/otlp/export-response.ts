import { bytesField, varintField } from "./wire.ts";

/** The encodings of OTLP over HTTP, by media type: an answer is in its request's. */
export const encodings = { "application/x-protobuf": "protobuf", "application/json": "json" } as const;
export type OtlpEncoding = (typeof encodings)[keyof typeof encodings];

/** An `ExportTraceServiceResponse`: empty where all was taken. */
export function exportResponse(encoding: OtlpEncoding, rejectedSpans: number, message: string): Uint8Array<ArrayBuffer> | string {
  if (encoding === "json") {
    return rejectedSpans === 0 ? "{}" : JSON.stringify({ partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage: message } });
  }
  return Uint8Array.from(rejectedSpans === 0 ? [] : bytesField(1, [...varintField(1, rejectedSpans), ...bytesField(2, message)]));
}

/** A `google.rpc.Status`, as an answer that is no success. `code`: of gRPC's table. */
export function statusResponse(encoding: OtlpEncoding, code: number, message: string): Uint8Array<ArrayBuffer> | string {
  if (encoding === "json") return JSON.stringify({ code, message });
  return Uint8Array.from([...varintField(1, code), ...bytesField(2, message)]);
}
