import type { Endpoint } from "../contracts/api/endpoint.ts";
import { errors, type ErrorCode } from "../contracts/error.ts";

/** What can go wrong with a request to the control API, and when. */
const failures = {
  invalid_json: ({ body }) => body !== null,
  invalid_field: ({ params, query, body }) => body !== null || hasFields(params) || hasFields(query),
  invalid_header: ({ creates }) => creates === true,
  missing_api_key: () => true,
  invalid_api_key: () => true,
  revoked_api_key: () => true,
  insufficient_scope: () => true,
  not_found: ({ params }) => hasFields(params),
  conflict: ({ creates, hasVersion, method }) => creates === true || (hasVersion === true && method !== "GET"),
  precondition_failed: ({ hasVersion, method }) => hasVersion === true && method !== "GET",
  request_too_large: ({ body }) => body !== null,
  internal: () => true,
  dependency_unavailable: () => true,
} as const satisfies Partial<Record<ErrorCode, (endpoint: Endpoint) => boolean>>;

type Failure = keyof typeof failures;

function hasFields({ shape }: Endpoint["params"]): boolean {
  return Object.keys(shape).length > 0;
}

const codes = Object.keys(failures).filter((code): code is Failure => Object.hasOwn(failures, code));

/** Statuses of failures that an endpoint may answer with, in rising order. */
export function failureStatusesOf(endpoint: Endpoint): number[] {
  return [...new Set(codes.filter((code) => failures[code](endpoint)).map((code) => errors[code].httpStatus))].toSorted(
    (one, other) => one - other,
  );
}

/** Every status of a failure, and the codes that come with it. */
export function failuresByStatus(): ReadonlyMap<number, readonly { readonly code: string; readonly publicText: string }[]> {
  const rows = codes.map((code) => ({ code, status: errors[code].httpStatus, publicText: errors[code].publicText }));
  return Map.groupBy(rows, ({ status }) => status);
}
