import { errors, toOpenAiError, type Failure } from "#core/contracts/error.ts";

/** A second, as the buffer asks for. */
const retryAfter = { "retry-after": "1" } as const;

/** What tells a client when to come again; nothing where that cannot help. */
export function retryHeaders({ code }: Failure): Readonly<Record<string, string>> {
  return errors[code].retryable ? retryAfter : {};
}

/** A failure in OpenAI's shape, with the status of its row. */
export function answerFailure(fault: Failure): Response {
  return Response.json(toOpenAiError(fault), { status: errors[fault.code].httpStatus, headers: retryHeaders(fault) });
}
