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

export function errorEvent(dialect: DialectName, fault: Failure): string {
  return events[dialect](fault);
}
