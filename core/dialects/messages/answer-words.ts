import type { AnswerContext } from "../dialect.ts";
import type { Fields } from "./request-fields.ts";

/** A message without its content, its stop and its usage. `id`: the provider's, which is kept where it has this dialect's form. */
export function messageHead(id: string, context: AnswerContext): Fields {
  return {
    id: id.startsWith("msg_") ? id : `msg_${context.id}`,
    type: "message",
    role: "assistant",
    model: context.model,
  };
}

/** What an answer never says here, and clients may look for. */
export const saidNever = { container: null, stop_details: null } as const satisfies Fields;

/** A text block. */
export function textBlock(text: string): Fields {
  return { type: "text", text, citations: null };
}

/** A thinking block; an empty signature is one that its provider did not make. */
export function thinkingBlock(thinking: string, signature: string): Fields {
  return { type: "thinking", thinking, signature };
}

/** @param data as the provider gave it */
export function redactedThinkingBlock(data: string): Fields {
  return { type: "redacted_thinking", data };
}

/** A tool call that the model itself made. `input`: an object, or the text of arguments that are none. */
export function toolUseBlock(id: string, name: string, input: unknown): Fields {
  return { type: "tool_use", id, name, input, caller: { type: "direct" } };
}
