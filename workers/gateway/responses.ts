import { errors, toOpenAiError, type Failure } from "#core/contracts/error.ts";
import type { RequestId, TraceId } from "#core/contracts/id.ts";

/** What every answer says of its call. */
export interface AnswerIds {
  readonly requestId: RequestId;
  readonly traceId: TraceId;
  /** Empty where no provider was chosen. */
  readonly provider: string;
}

/** Headers of a provider's answer that mean something to the caller; every other one (whose account it was) ends here. */
const passedHeaders: ReadonlySet<string> = new Set([
  "content-type",
  "openai-processing-ms",
  "openai-version",
  "retry-after",
  "retry-after-ms",
  "x-request-id",
  "x-should-retry",
]);
const passedPrefix = "x-ratelimit-";

/** As a plain object: every step on the platform's own `Headers` is a step out of JavaScript. */
export function answerHeaders({ requestId, traceId, provider }: AnswerIds, upstream: Headers | null): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of upstream ?? []) {
    if (passedHeaders.has(name) || name.startsWith(passedPrefix)) headers[name] = value;
  }
  headers["x-evalforge-request-id"] = requestId;
  headers["x-evalforge-trace-id"] = traceId;
  if (provider !== "") headers["x-evalforge-provider"] = provider;
  return headers;
}

/** A failure in OpenAI's shape, with the status of its row; `upstream`: the headers of the answer that it is about. */
export function failureResponse(fault: Failure, ids: AnswerIds | null = null, upstream: Headers | null = null): Response {
  const headers = ids === null ? {} : answerHeaders(ids, upstream);
  headers["content-type"] = "application/json";
  if (fault.code === "overloaded" || fault.code === "record_unavailable") headers["retry-after"] = "1";
  return new Response(JSON.stringify(toOpenAiError(fault)), { status: errors[fault.code].httpStatus, headers });
}
