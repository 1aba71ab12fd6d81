import { errors, type Failure } from "#core/contracts/error.ts";
import type { FailedAttempt } from "#core/gateway/attempts.ts";
import type { CallTarget } from "#core/gateway/call-span.ts";
import type { RequestBody } from "#core/gateway/request-body.ts";
import { noAnswer } from "#core/dialects/answer-facts.ts";
import { providerErrorBody } from "#core/dialects/error-body.ts";
import type { Call, TargetedCall } from "./call.ts";
import { recordCall } from "./record-call.ts";
import { failureResponse, idsOf } from "./responses.ts";

/** What is known of the provider's part in a failure. */
interface UpstreamPart {
  /** `null`: it did not answer. */
  readonly upstreamStatus: number | null;
  /** What it answered. */
  readonly output?: string;
  /** Its headers, of which some pass. */
  readonly headers?: Headers;
  /** The provider's own status and words, where the caller gets these instead of the failure's row. */
  readonly passed?: { readonly status: number; readonly bytes: Uint8Array<ArrayBuffer> | null };
}

/** An attempt that failed before anything of its answer reached the client. */
export interface Failed extends FailedAttempt {
  readonly kind: "failed";
  readonly fault: Failure;
  readonly part: UpstreamPart;
  /** `null`: it never reached for a provider. */
  readonly call: TargetedCall | null;
}

export function failed(call: TargetedCall | null, fault: Failure, part: UpstreamPart = { upstreamStatus: null }): Failed {
  const text = (name: string): string => part.headers?.get(name) ?? "";
  const retryAfter = { retryAfterMs: text("retry-after-ms"), retryAfter: text("retry-after"), shouldRetry: text("x-should-retry") };
  return { kind: "failed", code: fault.code, upstreamStatus: part.upstreamStatus, retryAfter, fault, part, call };
}

/** Ends a call by its last attempt: records it, and tells the caller. */
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
  const ids = idsOf(call, target);
  if (unsafe !== null) return failureResponse(unsafe, ids);
  const told = failureResponse(fault, ids, part.headers ?? null);
  if (part.passed === undefined) return told;
  const text = part.passed.bytes ?? JSON.stringify(providerErrorBody(ids.dialect, fault, status));
  return new Response(text, { status, headers: told.headers });
}
