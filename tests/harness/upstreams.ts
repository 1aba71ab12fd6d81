import { randomBytes } from "node:crypto";
import { anthropicMessages } from "./sdk-anthropic.ts";
import type { SdkClient } from "./sdk-client.ts";
import { openaiChat } from "./sdk-openai-chat.ts";
import { openaiResponses } from "./sdk-openai-responses.ts";
import type { UpstreamApi } from "./scripted-model.ts";

/** How a call is brought to be made in each API of the providers. */
export const upstreams = {
  chat: { api: "chat", provider: "openai", model: "openai/gpt-4o-mini", headers: { "x-evalforge-upstream-api": "chat" } },
  responses: { api: "responses", provider: "openai", model: "openai/gpt-4o-mini", headers: { "x-evalforge-upstream-api": "responses" } },
  messages: { api: "messages", provider: "anthropic", model: "anthropic/claude-sonnet-4-5", headers: {} },
} as const satisfies Record<UpstreamApi, object>;

/** Every official client, by what it calls. */
export const makers = { chat: openaiChat, responses: openaiResponses, messages: anthropicMessages } as const satisfies Record<
  SdkClient["api"],
  unknown
>;

export const apis = ["chat", "responses", "messages"] as const;

/** Every client with every upstream. */
export const pairs = apis.flatMap((client) => apis.map((upstream) => [client, upstream] as const));

/** A call of its own trace, whose id also stands in its text. */
export function newCall(upstream: UpstreamApi, text = "Hi") {
  const { model, headers } = upstreams[upstream];
  const traceId = randomBytes(16).toString("hex");
  return { traceId, asking: { model, text: `${text} (${traceId})`, headers: { ...headers, "x-evalforge-trace-id": traceId } } };
}
