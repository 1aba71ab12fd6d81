import { errors, toOpenAiError, type Failure } from "#core/contracts/error.ts";
import type { RequestId, TraceId } from "#core/contracts/id.ts";

/** What every answer says of its call. */
export interface AnswerIds {
  readonly requestId: RequestId;
  readonly traceId: TraceId;
  /** Empty where no provider was chosen. */
  readonly provider: string;
}

/** Headers of a provider's answer that mean something to the caller; every other one ends at the gateway. */
const passedHeaders = ["content-type", "retry-after", "retry-after-ms", "x-request-id", "x-should-retry"] as const;
const passedPrefixes = ["openai-", "x-ratelimit-"] as const;

export function answerHeaders({ requestId, traceId, provider }: AnswerIds, upstream: Headers | null): Headers {
  const headers = new Headers();
  for (const [name, value] of upstream ?? []) {
    if (passedHeaders.some((passed) => passed === name) || passedPrefixes.some((prefix) => name.startsWith(prefix))) headers.set(name, value);
  }
  headers.set("x-evalforge-request-id", requestId);
  headers.set("x-evalforge-trace-id", traceId);
  if (provider !== "") headers.set("x-evalforge-provider", provider);
  return headers;
}

/** A failure in OpenAI's shape, with the status of its row. */
export function failureResponse(fault: Failure, ids: AnswerIds | null = null): Response {
  const headers = ids === null ? new Headers() : answerHeaders(ids, null);
  headers.set("content-type", "application/json");
  if (fault.code === "overloaded" || fault.code === "record_unavailable") headers.set("retry-after", "1");
  return new Response(JSON.stringify(toOpenAiError(fault)), { status: errors[fault.code].httpStatus, headers });
}
