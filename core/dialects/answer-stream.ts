import type { Failure } from "../contracts/error.ts";
import type { AnswerFacts } from "./answer-facts.ts";

/** What a run of events means for the client. */
export interface StreamStep {
  /** What goes on to the client, without the end mark; `whole`: every byte as it came. */
  readonly forward: { readonly kind: "whole" } | { readonly kind: "text"; readonly text: string };
  /** Whether any of it was more than a comment. */
  readonly hasData: boolean;
  /** `done`: the end mark came, and the answer is whole. */
  readonly end: "open" | "done" | Failure;
}

/** A streamed answer as it passes: what its client gets, and what its record says. */
export interface AnswerStream {
  /** `text`: whole events. What comes after the end mark, or after a failure, is not read. */
  readonly read: (text: string) => StreamStep;
  /** The provider's body has ended. `rest`: what came after its last whole event, where a blank line may be missing. */
  readonly end: (rest: string) => StreamStep;
  readonly facts: () => AnswerFacts;
  /** The answer put together so far, in the client's dialect. `null`: nothing has come. `too-large`: it is not kept. */
  readonly output: () => Readonly<Record<string, unknown>> | "too-large" | null;
  /** What ends a whole stream, and what no cut one may hold. */
  readonly endText: () => string;
  /** `null`: it passes as it came, and is neither counted nor cut. */
  readonly cutting: StreamCutting | null;
}

/** Of a stream that is written anew, so that what ends it early fits to what came before. */
export interface StreamCutting {
  /** How many tokens the model has written at most, of what has come so far. */
  readonly tokensMax: () => number;
  /** What ends it for the client as an answer that has reached its cap. */
  readonly cut: () => string;
}
