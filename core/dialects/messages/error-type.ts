/** Anthropic's types of errors. */
const types: ReadonlySet<string> = new Set([
  "api_error",
  "authentication_error",
  "billing_error",
  "invalid_request_error",
  "not_found_error",
  "overloaded_error",
  "permission_error",
  "rate_limit_error",
  "request_too_large",
  "timeout_error",
]);

/** The type of an error for a client of this dialect: the provider's own word where it is one here. */
export function errorTypeOf(raw: string): string {
  return types.has(raw) ? raw : "api_error";
}
