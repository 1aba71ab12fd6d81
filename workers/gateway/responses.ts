import { errors, type Failure } from "#core/contracts/error.ts";
import type { RequestId, TraceId } from "#core/contracts/id.ts";
import { errorBody } from "#core/dialects/error-body.ts";
import type { DialectName } from "#core/dialects/dialect.ts";
import { shapeDialects } from "#core/gateway/request-body.ts";
import type { CallTarget } from "#core/gateway/call-span.ts";
import type { Call } from "./call.ts";

/** What every answer says of its call. */
export interface AnswerIds {
  readonly requestId: RequestId;
  readonly traceId: TraceId;
  /** Whose errors the caller reads. */
  readonly dialect: DialectName;
  /** `null`: no provider was chosen. */
  readonly target: Pick<CallTarget, "provider" | "dropped"> | null;
  /** How many attempts there were; what never reached for a provider is none. */
  readonly attempts: number;
  /** What limits say; `null`: none holds. */
  readonly limitHeaders: Readonly<Record<string, string>> | null;
}

export function idsOf({ requestId, identity, failedAttempts, limits }: Call, target: CallTarget | null): AnswerIds {
  const attempts = failedAttempts.length + (target === null ? 0 : 1);
  return {
    requestId,
    traceId: identity.traceId,
    dialect: shapeDialects[identity.shape],
    target,
    attempts,
    limitHeaders: limits?.headers ?? null,
  };
}

/** Headers of a provider's answer that mean something to the caller; every other one (whose account it was) ends here. */
const passedHeaders: ReadonlySet<string> = new Set([
  "content-type",
  "openai-processing-ms",
  "openai-version",
  "request-id",
  "retry-after",
  "retry-after-ms",
  "x-request-id",
  "x-should-retry",
]);
const passedPrefixes = ["x-ratelimit-", "anthropic-ratelimit-"] as const;

/** As a plain object: every step on the platform's own `Headers` is a step out of JavaScript. */
export function answerHeaders(
  { requestId, traceId, target, attempts, limitHeaders }: AnswerIds,
  upstream: Headers | null,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of upstream ?? []) {
    if (passedHeaders.has(name) || passedPrefixes.some((prefix) => name.startsWith(prefix))) headers[name] = value;
  }
  headers["x-evalforge-request-id"] = requestId;
  headers["x-evalforge-trace-id"] = traceId;
  if (target !== null) headers["x-evalforge-provider"] = target.provider;
  if (target !== null && target.dropped.length > 0) headers["x-evalforge-dropped"] = headerText(target.dropped);
  if (attempts > 1) headers["x-evalforge-attempts"] = String(attempts);
  // Ours are what binds here: they go over the provider's.
  if (limitHeaders !== null) Object.assign(headers, limitHeaders);
  return headers;
}

/** A failure in the shape of the API that was called, with the status of its row; `upstream`: the headers of the answer that it is about. */
export function failureResponse(fault: Failure, ids: AnswerIds | DialectName, upstream: Headers | null = null): Response {
  const headers = typeof ids === "string" ? {} : answerHeaders(ids, upstream);
  headers["content-type"] = "application/json";
  if (fault.code === "overloaded" || fault.code === "record_unavailable") headers["retry-after"] = "1";
  const body = errorBody(typeof ids === "string" ? ids : ids.dialect, fault);
  return new Response(JSON.stringify(body), { status: errors[fault.code].httpStatus, headers });
}

const headerCharactersMax = 2_000;

/** Names come from the caller's body: what a header cannot hold is escaped. */
function headerText(names: readonly string[]): string {
  const text = names.map((name) => encodeURI(name.toWellFormed()).replaceAll("%20", " ")).join(", ");
  return text.slice(0, headerCharactersMax);
}
