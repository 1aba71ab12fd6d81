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

const no = "I cannot help with that.";
const anew = "OpenAI's models answer it anew, where some of Anthropic's continue it.";
const refused = {
  chat: { messages: [chat("Hi"), { role: "assistant", content: null, refusal: no }, chat("Why?")] },
  messages: { messages: [messages("Hi"), assistant.messages(no), messages("Why?")] },
  responses: {
    input: [responses("Hi"), { type: "message", role: "assistant", content: [{ type: "refusal", refusal: no }] }, responses("Why?")],
  },
} as const;
const middle = {
  chat: { messages: [chat("Hi"), { role: "system", content: french }, assistant.chat("Bonjour."), chat("And you?")] },
  messages: { messages: [messages("Hi"), { role: "system", content: french }, assistant.messages("Bonjour."), messages("And you?")] },
  responses: {
    input: [responses("Hi"), { type: "message", role: "system", content: french }, assistant.responses("Bonjour."), responses("And you?")],
  },
} as const;

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
    asks: middle,
    sees: { ...middle, messages: { system: french, messages: [messages("Hi"), assistant.messages("Bonjour."), messages("And you?")] } },
    remarks: { "chat > messages": moved, "responses > messages": moved },
  },
  alike("several turns", {
    chat: { messages: [chat("Hi"), assistant.chat("Hello."), chat("And you?")] },
    messages: { messages: [messages("Hi"), assistant.messages("Hello."), messages("And you?")] },
    responses: { input: [responses("Hi"), assistant.responses("Hello."), responses("And you?")] },
  }),
  alike(
    "assistant's turn at the end",
    {
      chat: { messages: [chat("Hi"), assistant.chat("Hello")] },
      messages: { messages: [messages("Hi"), assistant.messages("Hello")] },
      responses: { input: [responses("Hi"), assistant.responses("Hello")] },
    },
    { remarks: { "messages > chat": anew, "messages > responses": anew } },
  ),
  {
    name: "refusal in an earlier turn",
    asks: { chat: refused.chat, responses: refused.responses },
    sees: refused,
    remarks: { "chat > messages": "Is said as a text.", "responses > messages": "Is said as a text." },
  },
  {
    name: "name of a speaker",
    asks: { chat: { messages: [{ ...chat("Hi"), name: "ada" }] } },
    sees: {},
    called: { chat: "name" },
  },
];
