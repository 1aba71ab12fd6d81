import type { AccumulatedChat } from "./chat-stream.ts";
import type { VectorGlimpse } from "./embedding.ts";
import type { Message } from "./message.ts";

/** What a call asked, as a person reads it. */
export type RequestView =
  | { readonly kind: "messages"; readonly messages: readonly Message[] }
  | { readonly kind: "inputs"; readonly inputs: readonly string[] }
  | { readonly kind: "text"; readonly text: string };

/** What came back, as a person reads it. */
export type AnswerView =
  | ({ readonly kind: "chat" } & AccumulatedChat)
  | { readonly kind: "vectors"; readonly vectors: readonly VectorGlimpse[] }
  | { readonly kind: "text"; readonly text: string };

/** Reads the parsed body of one API; `null`: it is none of that API. */
export type RequestReader = (body: unknown) => RequestView | null;
export type AnswerReader = (body: unknown) => AnswerView | null;
