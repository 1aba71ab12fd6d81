import type { SentCall } from "./calls.ts";
import type { Api } from "./fault-wire.ts";

/** The API that a client speaks, and the one that its provider is called in. */
export interface Pair {
  readonly api: Api;
  readonly upstream: Api;
}

export const pairs: readonly Pair[] = [
  { api: "chat", upstream: "messages" },
  { api: "messages", upstream: "messages" },
  { api: "messages", upstream: "chat" },
  { api: "responses", upstream: "responses" },
  { api: "responses", upstream: "messages" },
  { api: "chat", upstream: "responses" },
];

export const models = {
  chat: "openai/gpt-4o",
  messages: "anthropic/claude-sonnet-4-5",
  responses: "openai/gpt-4o",
} as const satisfies Record<Api, string>;

/** A call from one API to another. */
export function sentOver(
  { api, upstream, key }: Pair & { readonly key: string },
  fields: Readonly<Record<string, unknown>>,
  headers: SentCall["headers"] = {},
): SentCall {
  return { api, key, fields: { model: models[upstream], ...fields }, headers: { "x-evalforge-upstream-api": upstream, ...headers } };
}
