import { asRecord } from "../gateway/json.ts";
import type { CallShape } from "../gateway/request-body.ts";
import { maximaOf } from "./model-maxima.ts";

/** What a request can make a model write, at most. */
export interface OutputBound {
  /** Of each answer, its thinking included. */
  readonly tokens: number;
  readonly answers: number;
  /** Beside all answers: a prediction that is billed also where it was wrong. */
  readonly extraTokens: number;
  readonly hasAudio: boolean;
  /** Of each answer's tokens, those that the request gives to thinking: its provider takes no cap that is not more. */
  readonly thinkingTokens: number;
  /** Which field of the body caps an answer, and whether the request has it. Where it has not, the gateway must write it. */
  readonly capField: string | null;
  readonly isCapped: boolean;
}

const capFields: Readonly<Record<CallShape, readonly string[]>> = {
  chat: ["max_completion_tokens", "max_tokens"],
  messages: ["max_tokens"],
  responses: ["max_output_tokens"],
  embedding: [],
  "count-tokens": [],
};

/** More answers to one call are given nowhere. */
const answersMax = 4_096;

/**
 * The most tokens that a request's answers can have: its own cap (one that is no number above 0 caps nothing, and none is longer
 * than the model's context), else the model's maximum where it is known, else
 * `otherwiseTokens`, which is a bound only if it is written into the request.
 */
export function outputBound(
  shape: CallShape,
  fields: Readonly<Record<string, unknown>>,
  model: string,
  otherwiseTokens: number,
): OutputBound {
  const names = capFields[shape];
  const caps = names.map((name) => fields[name]).filter((value): value is number => typeof value === "number" && value > 0);
  const { contextTokens, outputTokens } = maximaOf(model);
  const asked = caps.length === 0 ? (outputTokens ?? otherwiseTokens) : Math.min(Math.max(...caps), contextTokens);
  const capField = names.find((name) => typeof fields[name] === "number") ?? names[0] ?? null;
  const modalities = fields["modalities"];
  const { n } = fields;
  const prediction = fields["prediction"];
  const thinkingTokens = asRecord(fields["thinking"])?.["budget_tokens"];
  return {
    tokens: capField === null ? 0 : Math.ceil(asked),
    answers: typeof n === "number" && n > 1 ? Math.min(Math.ceil(n), answersMax) : 1,
    extraTokens: asRecord(prediction) === null ? 0 : JSON.stringify(prediction).length * utf8BytesMax,
    hasAudio: Array.isArray(modalities) && modalities.includes("audio"),
    thinkingTokens: typeof thinkingTokens === "number" ? thinkingTokens : 0,
    capField,
    isCapped: caps.length > 0 || capField === null,
  };
}

/** Of one UTF-16 unit. */
const utf8BytesMax = 3;
