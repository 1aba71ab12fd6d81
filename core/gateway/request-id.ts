import { requestIdSchema, spanIdSchema, traceIdSchema, type RequestId, type SpanId, type TraceId } from "../contracts/id.ts";

/** The ids of one call, from its UUIDv7. Trace and span derive from the request: a repeated record is the same record. */
export function callIds(uuid: string): { readonly requestId: RequestId; readonly traceId: TraceId; readonly spanId: SpanId } {
  const hex = uuid.replaceAll("-", "");
  return { requestId: requestIdSchema.parse(uuid), traceId: traceIdSchema.parse(hex), spanId: spanIdSchema.parse(hex.slice(16)) };
}
