/**
 * A request to a model, in words of no provider: what every dialect is read into and written from. Only what means the
 * same somewhere else has a field of its own; the rest stands in `extras` under its own dialect's name.
 */
export interface Conversation {
  readonly model: string;
  readonly streamed: boolean;
  /** In their order; two of one role may follow each other. */
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  /** `null`: the caller did not say. So it is with every field below. */
  readonly toolChoice: ToolChoice | null;
  readonly parallelToolCalls: boolean | null;
  readonly maxOutputTokens: number | null;
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly topK: number | null;
  readonly stopSequences: readonly string[];
  readonly format: OutputFormat | null;
  readonly reasoning: Reasoning | null;
  /** In OpenAI's words: `auto`, `default`, `flex`, `priority`. */
  readonly serviceTier: string | null;
  /** An opaque id of the end user. */
  readonly user: string | null;
  /** How many alternatives of each token are asked for; 0: only the tokens' own probabilities. */
  readonly topLogprobs: number | null;
  /** Every other field that says something, by its name in the dialect that it came in. */
  readonly extras: ReadonlyMap<string, unknown>;
}

/**
 * `system` and `developer` may stand anywhere. What tools gave back stands in `user` turns, as `tool-result`, in the order
 * it came.
 */
export interface Turn {
  readonly role: "system" | "developer" | "user" | "assistant";
  readonly blocks: readonly Block[];
}

export type Block =
  | TextBlock
  | ImageBlock
  | DocumentBlock
  | AudioBlock
  | ToolCallBlock
  | ToolResultBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | RefusalBlock;

/** How long what comes up to here is kept for the next call. `null`: not marked. */
export type CacheMark = "5m" | "1h" | null;

export interface TextBlock {
  readonly kind: "text";
  readonly text: string;
  readonly cache: CacheMark;
}

export interface ImageBlock {
  readonly kind: "image";
  readonly source: MediaSource;
  /** `low`, `high`, `auto`, `original`; `null`: not said. */
  readonly detail: string | null;
  readonly cache: CacheMark;
}

export interface DocumentBlock {
  readonly kind: "document";
  readonly source: MediaSource | { readonly kind: "text"; readonly text: string };
  /** Empty: it has none. */
  readonly title: string;
  readonly cache: CacheMark;
}

export interface AudioBlock {
  readonly kind: "audio";
  /** Base64. */
  readonly data: string;
  /** `wav`, `mp3`. */
  readonly format: string;
}

/** `file`: an id at the provider, which means nothing to another one. */
export type MediaSource =
  | { readonly kind: "base64"; readonly mediaType: string; readonly data: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "file"; readonly id: string };

export interface ToolCallBlock {
  readonly kind: "tool-call";
  readonly id: string;
  readonly name: string;
  /** JSON text; `{}` where a tool takes nothing. As the model wrote it, which may be no JSON. */
  readonly arguments: string;
  readonly cache: CacheMark;
}

export interface ToolResultBlock {
  readonly kind: "tool-result";
  readonly callId: string;
  readonly blocks: readonly (TextBlock | ImageBlock | DocumentBlock)[];
  readonly isError: boolean;
  readonly cache: CacheMark;
}

/** `text` may be empty: some models only sign. */
export interface ThinkingBlock {
  readonly kind: "thinking";
  readonly text: string;
  /** `null`: its provider does not seal its thinking. */
  readonly seal: Seal | null;
}

/** Thinking that only its provider can read. */
export interface RedactedThinkingBlock {
  readonly kind: "redacted-thinking";
  readonly seal: Seal;
}

export interface RefusalBlock {
  readonly kind: "refusal";
  readonly text: string;
}

/** What a provider wants back, letter for letter, with the next turn; see `seal.ts`. */
export interface Seal {
  readonly origin: "messages" | "responses";
  readonly value: string;
}

export interface Tool {
  readonly name: string;
  /** Empty: it has none. */
  readonly description: string;
  /** JSON Schema of the arguments, as sent; `null`: it takes none. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly strict: boolean | null;
  readonly cache: CacheMark;
}

export type ToolChoice = { readonly kind: "auto" | "none" | "required" } | { readonly kind: "tool"; readonly name: string };

export type OutputFormat =
  | { readonly kind: "text" }
  /** Any JSON object. */
  | { readonly kind: "json" }
  | {
      readonly kind: "schema";
      /** Empty: the dialect gives it none. */
      readonly name: string;
      readonly description: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly strict: boolean | null;
    };

export type Reasoning =
  | { readonly kind: "off" }
  /** `minimal`, `low`, `medium`, `high`, `xhigh`, `max`. */
  | { readonly kind: "effort"; readonly effort: string }
  /** At most so many tokens. */
  | { readonly kind: "budget"; readonly tokens: number }
  /** The model decides; `effort`: `null` where the caller did not say. */
  | { readonly kind: "adaptive"; readonly effort: string | null };
