import type { Failure } from "../contracts/error.ts";
import type { Usage } from "../contracts/usage.ts";
import type { ServerSentEvent } from "../gateway/sse.ts";
import type { Answer, AnswerEvent } from "./answer.ts";
import type { Conversation } from "./conversation.ts";

/** The HTTP shapes of the field: OpenAI's chat completions, Anthropic's messages, OpenAI's responses. */
export type DialectName = "chat" | "messages" | "responses";

type Fields = Readonly<Record<string, unknown>>;

/**
 * How one dialect is read and written. Reading is lenient about what it does not know and strict about what it needs;
 * writing tells what it cannot say. Nothing here knows a clock, a network or another dialect.
 */
export interface Dialect {
  readonly name: DialectName;
  /** What this dialect calls the fields of a conversation, for a message to its callers; a field that it lacks is absent. */
  readonly wireNames: Readonly<Partial<Record<keyof Conversation, string>>>;

  /** A request's parsed body. A fault names the field (`messages.2.content.0.type`). */
  readonly readRequest: (body: Fields) => Conversation | Failure;
  /** The same request in this dialect, and what of it this dialect cannot say. */
  readonly writeRequest: (conversation: Conversation, target: WriteTarget) => WrittenRequest;

  /** A whole answer's parsed body. */
  readonly readAnswer: (body: Fields) => Answer | Failure;
  /** The answer as a client of this dialect expects it. */
  readonly writeAnswer: (answer: Answer, context: AnswerContext) => Fields;

  /** A usage block as it stands in this dialect's answers; `null`: it is none. */
  readonly readUsage: (block: unknown) => Usage | null;

  /** Reads a stream's events. A reader serves one stream. */
  readonly openReader: () => AnswerReader;
  /** Writes a stream's events. A writer serves one stream. */
  readonly openWriter: (context: AnswerContext) => AnswerWriter;
}

/** What a writer of requests must know of whom it writes to. */
export interface WriteTarget {
  /** The provider's name for the model. */
  readonly model: string;
  /** The name of the provider's row. */
  readonly provider: string;
}

export interface WrittenRequest {
  readonly kind: "written";
  readonly body: Fields;
  /**
   * What the caller said and `body` does not say, none twice: the key of a field (`topK`), the name of an extra, or the place
   * and kind of content (`turns.1.blocks.0 (audio)`).
   */
  readonly dropped: readonly string[];
}

export interface AnswerContext {
  /** What the answer names as its model. */
  readonly model: string;
  readonly createdAtSeconds: number;
  /** What an answer's id is made of where the provider's has not this dialect's form: letters and digits, unique. */
  readonly id: string;
  /** The caller asked for a stream's usage (chat), or for log probabilities; other dialects tell them always, or never. */
  readonly includeUsage: boolean;
  /** The caller's request, some of whose fields an answer repeats (responses). */
  readonly request: Fields;
}

export interface AnswerReader {
  /** What one event means, in the order it means it; comments and pings mean nothing. */
  readonly read: (event: ServerSentEvent) => readonly AnswerEvent[] | Failure;
}

export interface AnswerWriter {
  /**
   * The text of the events that tell `event`; empty: it tells nothing by itself, as an `error`, which
   * `errorEvent` tells. Never the end mark.
   */
  readonly write: (event: AnswerEvent) => string;
  /** What ends a whole stream, and what no cut one may hold; told after `end` was written. */
  readonly endText: () => string;
}
