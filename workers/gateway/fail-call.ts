import { errors, type Failure } from "#core/contracts/error.ts";
import type { CallTarget } from "#core/gateway/call-span.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import { noAnswer } from "#core/dialects/chat/answer.ts";
import type { Call, TargetedCall } from "./call.ts";
import { recordCall } from "./record-call.ts";
import { failureResponse } from "./responses.ts";

/** What is known of the provider's part in a failure. */
interface UpstreamPart {
  readonly upstreamStatus: number | null;
  /** What it answered. */
  readonly output?: string;
  /** Its headers, of which some pass. */
  readonly headers?: Headers;
  /** The provider's own status and words, where the caller gets these instead of the failure's row. */
  readonly passed?: { readonly status: number; readonly bytes: Uint8Array<ArrayBuffer> | null };
}

/** Ends a call that reached for its provider: records it, and tells the caller. */
export async function failCall(call: TargetedCall, fault: Failure, part: UpstreamPart): Promise<Response> {
  return await endWithFailure(call, call.body, call.target, fault, part, call.upstreamWait.elapsedMs);
}

/** Ends a call before it had a target. */
export async function refuseCall(call: Call, body: RequestBody | null, fault: Failure): Promise<Response> {
  return await endWithFailure(call, body, null, fault, { upstreamStatus: null }, 0);
}

async function endWithFailure(
  call: Call,
  body: RequestBody | null,
  target: CallTarget | null,
  fault: Failure,
  part: UpstreamPart,
  upstreamMs: number,
): Promise<Response> {
  const status = part.passed?.status ?? errors[fault.code].httpStatus;
  const unsafe = await recordCall(call, body, target, {
    endedAtMs: Date.now(),
    failure: fault,
    httpStatus: status,
    upstreamStatus: part.upstreamStatus,
    ttftMs: null,
    upstreamMs,
    facts: noAnswer,
    cost: null,
    output:
      part.output === undefined ? { kind: "omitted", reason: "none" } : { kind: "inline", mediaType: "text/plain", text: part.output },
  });
  const ids = { requestId: call.requestId, traceId: call.identity.traceId, provider: target?.provider ?? "" };
  if (unsafe !== null) return failureResponse(unsafe, ids);
  const told = failureResponse(fault, ids, part.headers ?? null);
  return part.passed === undefined ? told : new Response(part.passed.bytes ?? told.body, { status, headers: told.headers });
}
