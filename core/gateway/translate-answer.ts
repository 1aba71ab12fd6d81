import { failure, type Failure } from "../contracts/error.ts";
import { factsOf } from "../dialects/answer-facts.ts";
import { FactsReader } from "../dialects/chat/facts-reader.ts";
import { noAnswer, type AnswerFacts } from "../dialects/answer-facts.ts";
import type { AnswerContext, DialectName } from "../dialects/dialect.ts";
import { dialects } from "../dialects/dialects.ts";
import { providerWords } from "../dialects/provider-words.ts";
import { writeAnswer } from "../dialects/write-answer.ts";
import { asRecord } from "./json.ts";
import { shapeDialects, type CallShape } from "./request-body.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface TranslatedAnswer {
  readonly facts: AnswerFacts;
  /** The answer in the caller's dialect; `null`: it came in that. */
  readonly fields: Fields | null;
}

/** Reads a provider's whole answer, and says it in the caller's dialect where it came in another. */
export function translateAnswer(
  shape: CallShape,
  dialect: DialectName,
  body: Fields,
  context: () => AnswerContext,
): TranslatedAnswer | Failure {
  if (shape === "count-tokens") return translateCount(dialect, body);
  if (shape === "embedding" || (shape === "chat" && dialect === "chat")) return passed(shape === "chat" ? "choices" : "data", body);
  const answer = dialects[dialect].readAnswer(body);
  if ("kind" in answer) return answer;
  const own = shapeDialects[shape];
  return {
    facts: factsOf(answer, asRecord(body["usage"])),
    fields: own === dialect ? null : writeAnswer(dialects[own], answer, context()),
  };
}

/** OpenAI's own shapes, of which every field passes; `substance`: the one that makes it an answer. */
function passed(substance: "choices" | "data", body: Fields): TranslatedAnswer | Failure {
  if (!Array.isArray(body[substance])) {
    const words = providerWords(body);
    return words === null
      ? failure("upstream_invalid_response", `The provider's answer has no \`${substance}\`.`)
      : failure("upstream_error", words);
  }
  const reader = new FactsReader();
  reader.read(body);
  return { facts: reader.facts(), fields: null };
}

function translateCount(dialect: DialectName, body: Fields): TranslatedAnswer | Failure {
  const { input_tokens: tokens } = body;
  if (typeof tokens !== "number") return failure("upstream_invalid_response", "The provider's count has no `input_tokens`.");
  return { facts: noAnswer, fields: dialect === "messages" ? null : { input_tokens: tokens } };
}
