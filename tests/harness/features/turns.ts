import type { Fields } from "../wire/fields.ts";
import type { Dialect } from "../wire/wire.ts";
import { alike, type Feature } from "./feature.ts";

/** What a user says, in each dialect. */
export const user: Readonly<Record<Dialect, (text: string) => Fields>> = {
  chat: (content) => ({ role: "user", content }),
  messages: (text) => ({ role: "user", content: [{ type: "text", text }] }),
  responses: (content) => ({ type: "message", role: "user", content }),
};

/** What a model said, in each dialect. */
export const assistant: typeof user = {
  chat: (content) => ({ role: "assistant", content }),
  messages: (text) => ({ role: "assistant", content: [{ type: "text", text }] }),
  responses: (text) => ({ type: "message", role: "assistant", content: [{ type: "output_text", text }] }),
};

const brief = "Be brief.";
const french = "Answer in French.";
const moved = "Stands in the `system` field, before all turns.";
const { chat, messages, responses } = user;

export const turns: readonly Feature[] = [
  alike("plain text", {
    chat: { messages: [chat("Grüß dich 👋")] },
    messages: { messages: [messages("Grüß dich 👋")] },
    responses: { input: [responses("Grüß dich 👋")] },
  }),
  alike("system prompt", {
    chat: { messages: [{ role: "system", content: brief }, chat("Hi")] },
    messages: { system: brief, messages: [messages("Hi")] },
    responses: { instructions: brief, input: [responses("Hi")] },
  }),
  {
    name: "developer turn",
    asks: {
      chat: { messages: [{ role: "developer", content: brief }, chat("Hi")] },
      responses: { input: [{ type: "message", role: "developer", content: brief }, responses("Hi")] },
    },
    sees: {
      chat: { messages: [{ role: "developer", content: brief }, chat("Hi")] },
      messages: { system: brief, messages: [messages("Hi")] },
      responses: { input: [{ type: "message", role: "developer", content: brief }, responses("Hi")] },
    },
    remarks: { "chat > messages": moved, "responses > messages": moved },
  },
  {
    name: "system turn in the middle",
    asks: {
      chat: { messages: [chat("Hi"), assistant.chat("Hello."), { role: "system", content: french }, chat("And you?")] },
      responses: {
        input: [
          responses("Hi"),
          assistant.responses("Hello."),
          { type: "message", role: "system", content: french },
          responses("And you?"),
        ],
      },
    },
    sees: {
      chat: { messages: [chat("Hi"), assistant.chat("Hello."), { role: "system", content: french }, chat("And you?")] },
      messages: { system: french, messages: [messages("Hi"), assistant.messages("Hello."), messages("And you?")] },
      responses: {
        input: [
          responses("Hi"),
          assistant.responses("Hello."),
          { type: "message", role: "system", content: french },
          responses("And you?"),
        ],
      },
    },
    remarks: { "chat > messages": moved, "responses > messages": moved },
  },
  alike("several turns", {
    chat: { messages: [chat("Hi"), assistant.chat("Hello."), chat("And you?")] },
    messages: { messages: [messages("Hi"), assistant.messages("Hello."), messages("And you?")] },
    responses: { input: [responses("Hi"), assistant.responses("Hello."), responses("And you?")] },
  }),
];
