import { errors, type Failure } from "#core/contracts/error.ts";
import type { CallTarget } from "#core/gateway/call-span.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import { noAnswer } from "#core/providers/openai/answer.ts";
import type { Call, TargetedCall } from "./call.ts";
import { recordCall } from "./record-call.ts";
import { answerHeaders, failureResponse } from "./responses.ts";

/** What is known of the provider's part in a failure. */
interface UpstreamPart {
  readonly upstreamStatus: number | null;
  /** What it answered. */
  readonly output?: string;
  /** Its headers, of which some pass. */
  readonly headers?: Headers;
  /** The status for the caller, where it is not that of the failure's row. */
  readonly status?: number;
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
  const status = part.status ?? errors[fault.code].httpStatus;
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
  const told = failureResponse(fault, ids);
  const headers = answerHeaders(ids, part.headers ?? null);
  headers["content-type"] = "application/json";
  const retryAfter = told.headers.get("retry-after");
  if (retryAfter !== null) headers["retry-after"] = retryAfter;
  return new Response(told.body, { status, headers });
}
