import { errors, toOpenAiError, type Failure } from "#core/contracts/error.ts";

/** A failure in OpenAI's shape, with the status of its row. */
export function failureResponse(fault: Failure, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(toOpenAiError(fault), { status: errors[fault.code].httpStatus, headers: { ...noStore, ...headers } });
}

/** What the API says of a project is for whoever asked, now. */
export const noStore = { "cache-control": "no-store" } as const;
