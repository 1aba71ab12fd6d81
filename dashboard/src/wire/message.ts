export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: JSON text, or what was meant to be. */
  readonly argumentsText: string;
}

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "refusal"; readonly text: string }
  | { readonly kind: "image"; readonly url: string }
  | { readonly kind: "attachment"; readonly label: string }
  /** A part of a type that this page does not know. */
  | { readonly kind: "other"; readonly value: unknown };

/** One turn of a conversation, in the same shape whatever sent it. */
export interface Message {
  readonly role: string;
  readonly name: string;
  /** The call that a `tool` message answers; empty otherwise. */
  readonly toolCallId: string;
  /** A `tool` message says that its call failed. */
  readonly isError: boolean;
  readonly parts: readonly Part[];
  readonly toolCalls: readonly ToolCall[];
}

/** A turn of which only `said` is known. */
export function message(role: string, said: Partial<Omit<Message, "role">>): Message {
  return { role: role || "unknown", name: "", toolCallId: "", isError: false, parts: [], toolCalls: [], ...said };
}

/** What cannot be read, as it is. */
export function unreadMessage(value: unknown): Message {
  return message("unknown", { parts: [{ kind: "other", value }] });
}
