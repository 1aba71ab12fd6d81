import type { Answer } from "./answer.ts";
import type { AnswerContext, Dialect } from "./dialect.ts";

/** An answer names the model that gave it, as its provider calls it: of a route the caller cannot know which it was. */
export function namingModel(context: AnswerContext, model: string): AnswerContext {
  return model === "" ? context : { ...context, model };
}

/** A whole answer, as a client of the dialect expects it. */
export function writeAnswer(dialect: Dialect, answer: Answer, context: AnswerContext): Readonly<Record<string, unknown>> {
  return dialect.writeAnswer(answer, namingModel(context, answer.model));
}
