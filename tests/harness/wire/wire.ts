import { chatAnswer, chatStream, foldChat } from "./chat.ts";
import type { Fields } from "./fields.ts";
import { foldMessages, messagesAnswer, messagesStream } from "./messages.ts";
import { foldResponses, responsesAnswer, responsesStream } from "./responses.ts";

export const dialects = ["chat", "messages", "responses"] as const;
export type Dialect = (typeof dialects)[number];

/** How a dialect looks on the wire, written apart from the gateway's own code. */
export interface Wire {
  readonly title: string;
  readonly path: string;
  /** A model of a provider that is called in this dialect, as the gateway and as the provider call it. */
  readonly model: { readonly asked: string; readonly own: string };
  /** The least that a request says. */
  readonly request: Fields;
  /** What a client that streams says beside `stream`. */
  readonly streaming: Fields;
  /** A provider's usual answer. */
  readonly answer: Fields;
  readonly streamOf: (answer: Fields) => string;
  readonly fold: (stream: string) => Fields;
}

export const wires: Readonly<Record<Dialect, Wire>> = {
  chat: {
    title: "chat completions",
    path: "/chat/completions",
    model: { asked: "openai/gpt-4o", own: "gpt-4o" },
    request: { messages: [{ role: "user", content: "Hi" }] },
    streaming: { stream_options: { include_usage: true } },
    answer: chatAnswer(),
    streamOf: chatStream,
    fold: foldChat,
  },
  messages: {
    title: "messages",
    path: "/messages",
    model: { asked: "anthropic/claude-sonnet-4-5", own: "claude-sonnet-4-5" },
    request: { max_tokens: 1024, messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }] },
    streaming: {},
    answer: messagesAnswer(),
    streamOf: messagesStream,
    fold: foldMessages,
  },
  responses: {
    title: "responses",
    path: "/responses",
    model: { asked: "openai/gpt-4o", own: "gpt-4o" },
    request: { input: [{ type: "message", role: "user", content: "Hi" }] },
    streaming: {},
    answer: responsesAnswer(),
    streamOf: responsesStream,
    fold: foldResponses,
  },
};
