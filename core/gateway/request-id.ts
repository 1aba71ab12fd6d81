import { isRequestId, isSpanId, isTraceId, type RequestId, type SpanId, type TraceId } from "../contracts/id.ts";

/** The ids of one call, from its UUIDv7. Trace and span derive from the request: a repeated record is the same record. */
export function callIds(uuid: string): { readonly requestId: RequestId; readonly traceId: TraceId; readonly spanId: SpanId } {
  const traceId = uuid.replaceAll("-", "");
  const spanId = traceId.slice(16);
  // Checked by pattern, not by schema: this is done for every call.
  if (!isRequestId(uuid) || !isTraceId(traceId) || !isSpanId(spanId)) throw new Error(`${uuid} is no UUIDv7`);
  return { requestId: uuid, traceId, spanId };
}
