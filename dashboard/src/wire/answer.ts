import * as z from "zod";
import { accumulateChat, type AccumulatedChat } from "./chat-stream.ts";
import { embeddingAnswerSchema, type VectorGlimpse } from "./embedding.ts";
import { readEventStream } from "./event-stream.ts";
import { parseJson } from "./json.ts";
import { readMessage } from "./message.ts";

/** What came back, as a person reads it. */
export type AnswerView =
  | ({ readonly kind: "chat" } & AccumulatedChat)
  | { readonly kind: "vectors"; readonly vectors: readonly VectorGlimpse[] }
  | { readonly kind: "text"; readonly text: string };

const chatAnswerSchema = z.object({
  choices: z.array(z.object({ index: z.int().catch(0), message: z.unknown(), finish_reason: z.string().nullish().catch(null) })).min(1),
});

/** The text of an answer (plain JSON, or a stream of server-sent events) → messages, vectors, or the text itself. */
export function readAnswer(text: string, mediaType: string): AnswerView {
  if (mediaType.startsWith("text/event-stream")) {
    const accumulated = accumulateChat(readEventStream(text));
    return accumulated.choices.length > 0 || accumulated.errorText !== "" ? { kind: "chat", ...accumulated } : { kind: "text", text };
  }
  const parsed = parseJson(text);
  if (parsed.kind === "not-json") return { kind: "text", text };
  const chat = chatAnswerSchema.safeParse(parsed.value);
  if (chat.success) {
    const choices = chat.data.choices.map((choice) => ({
      index: choice.index,
      message: readMessage(choice.message),
      finishReason: choice.finish_reason ?? "",
    }));
    return { kind: "chat", choices, complete: true, errorText: "" };
  }
  const vectors = embeddingAnswerSchema.safeParse(parsed.value);
  return vectors.success ? { kind: "vectors", vectors: vectors.data.data } : { kind: "text", text };
}
