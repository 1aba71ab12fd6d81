import { chat } from "./chat/chat.ts";
import type { Dialect, DialectName } from "./dialect.ts";
import { messages } from "./messages/messages.ts";
import { responses } from "./responses/responses.ts";

/** The dialects: a new one is a row, and its name in `DialectName`. */
export const dialects = { chat, messages, responses } as const satisfies Record<DialectName, Dialect>;

/** What people call them. */
export const dialectTitles = {
  chat: "OpenAI chat completions",
  messages: "Anthropic messages",
  responses: "OpenAI responses",
} as const satisfies Record<DialectName, string>;
