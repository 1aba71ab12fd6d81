import { errors, toOpenAiError, type Failure } from "../contracts/error.ts";
import type { DialectName } from "./dialect.ts";

type Fields = Readonly<Record<string, unknown>>;

const toAnthropic = ({ code, message }: Failure): Fields => ({
  type: "error",
  error: { type: errors[code].anthropicType, message },
});

/** The bodies that the clients of each dialect read an error from. */
const bodies = { chat: toOpenAiError, responses: toOpenAiError, messages: toAnthropic } as const satisfies Record<
  DialectName,
  (fault: Failure) => Fields
>;

const event = (name: string, data: Fields): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** The event that ends a stream which is not whole, in each dialect: every official client throws at it. */
const events = {
  chat: (fault) => `data: ${JSON.stringify(toOpenAiError(fault))}\n\n`,
  responses: ({ code, message, param }) => event("error", { type: "error", code, message, param, sequence_number: 0 }),
  messages: (fault) => event("error", toAnthropic(fault)),
} as const satisfies Record<DialectName, (fault: Failure) => string>;

export function errorBody(dialect: DialectName, fault: Failure): Fields {
  return bodies[dialect](fault);
}

/** What each API calls an error of a provider, by its status. */
const providerTypes: Readonly<Record<number, { readonly openai: string; readonly anthropic: string }>> = {
  400: { openai: "invalid_request_error", anthropic: "invalid_request_error" },
  403: { openai: "permission_error", anthropic: "permission_error" },
  404: { openai: "not_found_error", anthropic: "not_found_error" },
  413: { openai: "invalid_request_error", anthropic: "request_too_large" },
  422: { openai: "invalid_request_error", anthropic: "invalid_request_error" },
  429: { openai: "rate_limit_error", anthropic: "rate_limit_error" },
  503: { openai: "server_error", anthropic: "overloaded_error" },
  504: { openai: "server_error", anthropic: "timeout_error" },
  529: { openai: "server_error", anthropic: "overloaded_error" },
};

/** The body of an error of the provider's own, whose status passes: told with the type that the status has in this API. */
export function providerErrorBody(dialect: DialectName, { code, message, param }: Failure, status: number): Fields {
  const { openai, anthropic } = providerTypes[status] ?? { openai: "server_error", anthropic: "api_error" };
  if (dialect === "messages") return { type: "error", error: { type: anthropic, message } };
  return { error: { message, type: openai, param, code } };
}

export function errorEvent(dialect: DialectName, fault: Failure): string {
  return events[dialect](fault);
}
