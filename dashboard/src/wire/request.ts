import * as z from "zod";
import { parseJson } from "./json.ts";
import { readMessage, type Message } from "./message.ts";

/** What a call asked, as a person reads it. */
export type RequestView =
  | { readonly kind: "messages"; readonly messages: readonly Message[] }
  | { readonly kind: "inputs"; readonly inputs: readonly string[] }
  | { readonly kind: "text"; readonly text: string };

const chatSchema = z.object({ messages: z.array(z.unknown()) });
const inputItem = z.union([z.string(), z.array(z.number()).transform((tokens) => `[${tokens.length} token ids]`)]);
const embeddingSchema = z.object({
  input: z.union([
    z.string().transform((input) => [input]),
    z.array(z.string()),
    z.array(z.number()).transform((tokens) => [`[${tokens.length} token ids]`]),
    z.array(inputItem),
  ]),
});

/** The text of a request body → chat messages, inputs to embed, or the text itself. */
export function readRequest(text: string): RequestView {
  const parsed = parseJson(text);
  if (parsed.kind === "not-json") return { kind: "text", text };
  const chat = chatSchema.safeParse(parsed.value);
  if (chat.success) return { kind: "messages", messages: chat.data.messages.map(readMessage) };
  const embedding = embeddingSchema.safeParse(parsed.value);
  return embedding.success ? { kind: "inputs", inputs: embedding.data.input } : { kind: "text", text };
}
