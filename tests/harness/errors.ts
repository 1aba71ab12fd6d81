import * as z from "zod";
import type { Api } from "./fault-wire.ts";

const openAiBody = z.strictObject({
  error: z.strictObject({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string().nullable() }),
});
const anthropicBody = z.strictObject({ type: z.literal("error"), error: z.strictObject({ type: z.string(), message: z.string() }) });
const responsesEvent = z.strictObject({
  type: z.literal("error"),
  code: z.string(),
  message: z.string(),
  param: z.string().nullable(),
  sequence_number: z.int(),
});

export interface ToldError {
  readonly message: string;
  /** Anthropic's errors have none. */
  readonly param?: string | null;
}

/** An error as clients of an API read it; throws where its body has another shape. */
export function errorOf(api: Api, body: unknown): ToldError {
  return api === "messages" ? anthropicBody.parse(body).error : openAiBody.parse(body).error;
}

/** The error that a stream ended in; throws where its last event is none of its API. */
export function lastEventOf(api: Api, text: string): ToldError {
  const [, name, data = ""] = /(?:^|\n\n)(?:event: (\w+)\n)?data: ([^\n]*)\n\n$/.exec(text) ?? [];
  if (name !== (api === "chat" ? undefined : "error")) throw new Error(`an event named ${String(name)}`);
  const body: unknown = JSON.parse(data);
  return api === "responses" ? responsesEvent.parse(body) : errorOf(api, body);
}
