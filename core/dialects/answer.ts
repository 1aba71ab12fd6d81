import type { Usage } from "../contracts/usage.ts";
import type { RedactedThinkingBlock, RefusalBlock, Seal, ThinkingBlock } from "./conversation.ts";

/** A model's whole answer, in words of no provider. */
export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly blocks: readonly AnswerBlock[];
  readonly stop: Stop;
  /** `null`: the provider did not say. */
  readonly usage: Usage | null;
  /** As the provider calls it; `null`: it did not say. */
  readonly serviceTier: string | null;
}

export type AnswerBlock = AnswerText | AnswerToolCall | ThinkingBlock | RedactedThinkingBlock | RefusalBlock;

export interface AnswerText {
  readonly kind: "text";
  readonly text: string;
  /** OpenAI's entries of its tokens, as sent; empty: not asked for. */
  readonly logprobs: readonly unknown[];
}

export interface AnswerToolCall {
  readonly kind: "tool-call";
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

export interface Stop {
  /** A refusal of the model itself is a `content_filter`. */
  readonly unified: "stop" | "length" | "tool_calls" | "content_filter" | "other";
  /** The provider's own word. */
  readonly raw: string;
  /** Which of the caller's stop sequences it was, where the provider says so. */
  readonly sequence: string | null;
}

/**
 * One step of a streamed answer. Blocks are numbered from 0 in their order. A block is started, continued and stopped
 * before the next one starts, except tool calls, which some providers write side by side.
 */
export type AnswerEvent =
  | { readonly kind: "start"; readonly id: string; readonly model: string }
  | { readonly kind: "block-start"; readonly index: number; readonly block: BlockStart }
  /** More of a text, of thinking, of a refusal, or of a tool call's arguments. */
  | { readonly kind: "delta"; readonly index: number; readonly text: string; readonly logprobs: readonly unknown[] }
  /** Of a thinking block; comes before its stop. */
  | { readonly kind: "seal"; readonly index: number; readonly seal: Seal }
  | { readonly kind: "block-stop"; readonly index: number }
  | { readonly kind: "stop"; readonly stop: Stop }
  /** All that is known of it by now: a later one replaces an earlier one. */
  | { readonly kind: "usage"; readonly usage: Usage; readonly serviceTier: string | null }
  /** The dialect's end mark: the answer is whole. Nothing follows. */
  | { readonly kind: "end" }
  /** The provider says that it fails. Nothing follows. `raw`: its type or code. */
  | { readonly kind: "error"; readonly message: string; readonly raw: string };

export type BlockStart =
  | { readonly kind: "text" | "thinking" | "refusal" }
  | { readonly kind: "redacted-thinking"; readonly seal: Seal }
  | { readonly kind: "tool-call"; readonly id: string; readonly name: string };
