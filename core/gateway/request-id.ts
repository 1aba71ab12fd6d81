import { requestIdSchema, spanIdSchema, traceIdSchema, type RequestId, type SpanId, type TraceId } from "../contracts/id.ts";

/** A UUIDv7 (RFC 9562 §5.7) of a time in epoch milliseconds and at least 10 random bytes, which it uses up. */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const time = nowMs.toString(16).padStart(12, "0");
  random[0] = 0x70 | ((random[0] ?? 0) & 0x0f);
  random[2] = 0x80 | ((random[2] ?? 0) & 0x3f);
  let rest = "";
  for (const byte of random.subarray(0, 10)) rest += byte.toString(16).padStart(2, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`;
}

/** The ids of one call. Trace and span are derived from the request, so that a repeated record is the same record. */
export function requestIds(nowMs: number, random: Uint8Array): { readonly requestId: RequestId; readonly traceId: TraceId; readonly spanId: SpanId } {
  const requestId = requestIdSchema.parse(uuidV7(nowMs, random));
  const hex = requestId.replaceAll("-", "");
  return { requestId, traceId: traceIdSchema.parse(hex), spanId: spanIdSchema.parse(hex.slice(16)) };
}
