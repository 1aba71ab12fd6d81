/** One row an error: what the caller gets, and whether trying again can help. */
interface ErrorRow {
  readonly httpStatus: number;
  /** OpenAI's `error.type`. */
  readonly openaiType:
    | "invalid_request_error"
    | "authentication_error"
    | "permission_error"
    | "not_found_error"
    | "rate_limit_error"
    | "server_error"
    | "upstream_error";
  /** Anthropic's `error.type`. */
  readonly anthropicType:
    | "invalid_request_error"
    | "authentication_error"
    | "permission_error"
    | "not_found_error"
    | "request_too_large"
    | "rate_limit_error"
    | "timeout_error"
    | "overloaded_error"
    | "api_error";
  readonly retryable: boolean;
  /** What everybody may read. A more exact text may replace it where the fault is the caller's own. */
  readonly publicText: string;
}

/** The error table: code → status, type, retryable, public text. Read in every direction from here alone. */
export const errors = {
  missing_api_key: {
    httpStatus: 401,
    openaiType: "authentication_error",
    anthropicType: "authentication_error",
    retryable: false,
    publicText: "No API key was sent. Send it as `Authorization: Bearer ef_…`.",
  },
  invalid_api_key: {
    httpStatus: 401,
    openaiType: "authentication_error",
    anthropicType: "authentication_error",
    retryable: false,
    publicText: "This API key is not known.",
  },
  revoked_api_key: {
    httpStatus: 401,
    openaiType: "authentication_error",
    anthropicType: "authentication_error",
    retryable: false,
    publicText: "This API key was revoked.",
  },
  insufficient_scope: {
    httpStatus: 403,
    openaiType: "permission_error",
    anthropicType: "permission_error",
    retryable: false,
    publicText: "This key may not do that.",
  },
  invalid_json: {
    httpStatus: 400,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "The request body is not valid JSON.",
  },
  invalid_field: {
    httpStatus: 400,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "A field has a wrong type or value.",
  },
  unsupported_field: {
    httpStatus: 400,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "The provider's API has no counterpart of a field.",
  },
  invalid_header: {
    httpStatus: 400,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "A request header has a wrong value.",
  },
  unknown_model: {
    httpStatus: 404,
    openaiType: "invalid_request_error",
    anthropicType: "not_found_error",
    retryable: false,
    publicText: "This model is not known.",
  },
  unknown_provider: {
    httpStatus: 404,
    openaiType: "invalid_request_error",
    anthropicType: "not_found_error",
    retryable: false,
    publicText: "This provider is not known.",
  },
  missing_credential: {
    httpStatus: 400,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "No credential is stored for this provider.",
  },
  not_found: {
    httpStatus: 404,
    openaiType: "not_found_error",
    anthropicType: "not_found_error",
    retryable: false,
    publicText: "There is nothing at this address.",
  },
  method_not_allowed: {
    httpStatus: 405,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "This address does not take that method.",
  },
  conflict: {
    httpStatus: 409,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "This already exists.",
  },
  precondition_failed: {
    httpStatus: 412,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "It was changed meanwhile. Read it again, and send the change with its new ETag.",
  },
  request_too_large: {
    httpStatus: 413,
    openaiType: "invalid_request_error",
    anthropicType: "request_too_large",
    retryable: false,
    publicText: "The request body is too large.",
  },
  unsupported_media_type: {
    httpStatus: 415,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "This address does not take that type or encoding.",
  },
  budget_exceeded: {
    httpStatus: 429,
    openaiType: "rate_limit_error",
    anthropicType: "rate_limit_error",
    retryable: true,
    publicText: "A budget has too little left for this call.",
  },
  rate_limit_exceeded: {
    httpStatus: 429,
    openaiType: "rate_limit_error",
    anthropicType: "rate_limit_error",
    retryable: true,
    publicText: "A rate limit has no room for this call at the moment.",
  },
  call_unbounded: {
    httpStatus: 400,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "A budget holds for this call, and nobody knows the most that it can cost.",
  },
  limits_unavailable: {
    httpStatus: 503,
    openaiType: "server_error",
    anthropicType: "overloaded_error",
    retryable: true,
    publicText: "A limit that holds for this call cannot be checked at the moment.",
  },
  overloaded: {
    httpStatus: 503,
    openaiType: "server_error",
    anthropicType: "overloaded_error",
    retryable: true,
    publicText: "The gateway is busy. Try again shortly.",
  },
  upstream_unreachable: {
    httpStatus: 502,
    openaiType: "upstream_error",
    anthropicType: "api_error",
    retryable: true,
    publicText: "The provider could not be reached.",
  },
  upstream_timeout: {
    httpStatus: 504,
    openaiType: "upstream_error",
    anthropicType: "timeout_error",
    retryable: true,
    publicText: "The provider did not answer in time.",
  },
  upstream_invalid_response: {
    httpStatus: 502,
    openaiType: "upstream_error",
    anthropicType: "api_error",
    retryable: true,
    publicText: "The provider sent an answer that cannot be read.",
  },
  upstream_cut: {
    httpStatus: 502,
    openaiType: "upstream_error",
    anthropicType: "api_error",
    retryable: true,
    publicText: "The provider ended its answer before it was whole.",
  },
  upstream_error: {
    httpStatus: 502,
    openaiType: "upstream_error",
    anthropicType: "api_error",
    retryable: true,
    publicText: "The provider answered with an error.",
  },
  client_closed: {
    httpStatus: 499,
    openaiType: "invalid_request_error",
    anthropicType: "invalid_request_error",
    retryable: false,
    publicText: "The client went away.",
  },
  record_unavailable: {
    httpStatus: 503,
    openaiType: "server_error",
    anthropicType: "overloaded_error",
    retryable: true,
    publicText: "The call could not be recorded durably, as its policy asks.",
  },
  dependency_unavailable: {
    httpStatus: 503,
    openaiType: "server_error",
    anthropicType: "overloaded_error",
    retryable: true,
    publicText: "A store that this needs cannot be reached.",
  },
  internal: {
    httpStatus: 500,
    openaiType: "server_error",
    anthropicType: "api_error",
    retryable: true,
    publicText: "Something went wrong on our side.",
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errors;

/** A failure as a value: a row of the table, with what the caller may know beyond its public text. */
export interface Failure {
  readonly kind: "failure";
  readonly code: ErrorCode;
  readonly message: string;
  /** The field, header or parameter at fault. */
  readonly param: string | null;
}

/** A failure with the row's public text, or a more exact one. */
export function failure(code: ErrorCode, message: string = errors[code].publicText, param: string | null = null): Failure {
  return { kind: "failure", code, message, param };
}

/** The body that OpenAI's clients read an error from. */
export function toOpenAiError(fault: Failure): { error: { message: string; type: string; param: string | null; code: string } } {
  return { error: { message: fault.message, type: errors[fault.code].openaiType, param: fault.param, code: fault.code } };
}
