import * as z from "zod";
import { readChatMessage } from "./chat-message.ts";
import type { AnswerView, RequestView } from "./view.ts";

const requestSchema = z.object({ messages: z.array(z.unknown()) });

/** A request of OpenAI's chat completions. */
export function readChatRequest(body: unknown): RequestView | null {
  const parsed = requestSchema.safeParse(body);
  return parsed.success ? { kind: "messages", messages: parsed.data.messages.map(readChatMessage) } : null;
}

const answerSchema = z.object({
  choices: z.array(z.object({ index: z.int().catch(0), message: z.unknown(), finish_reason: z.string().nullish().catch(null) })).min(1),
});

/** A plain answer of OpenAI's chat completions; for a streamed one see `chat-stream.ts`. */
export function readChatAnswer(body: unknown): AnswerView | null {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return null;
  const choices = parsed.data.choices.map((choice) => ({
    index: choice.index,
    message: readChatMessage(choice.message),
    finishReason: choice.finish_reason ?? "",
  }));
  return { kind: "chat", choices, complete: true, errorText: "" };
}
