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

/**
 * The most tokens that a request's answers can have: its own cap, else the model's maximum where it is known, else
 * `otherwiseTokens`, which is a bound only if it is written into the request.
 */
export function outputBound(
  shape: CallShape,
  fields: Readonly<Record<string, unknown>>,
  model: string,
  otherwiseTokens: number,
): OutputBound {
  const names = capFields[shape];
  const caps = names.map((name) => fields[name]).filter((value) => typeof value === "number");
  const most = maximaOf(model).outputTokens;
  const asked = caps.length === 0 ? (most ?? otherwiseTokens) : Math.max(...caps);
  const capField = names.find((name) => typeof fields[name] === "number") ?? names[0] ?? null;
  const modalities = fields["modalities"];
  const { n } = fields;
  const prediction = fields["prediction"];
  return {
    tokens: capField === null ? 0 : Math.max(0, Math.ceil(asked)),
    answers: typeof n === "number" && n > 1 ? Math.ceil(n) : 1,
    extraTokens: asRecord(prediction) === null ? 0 : JSON.stringify(prediction).length * utf8BytesMax,
    hasAudio: Array.isArray(modalities) && modalities.includes("audio"),
    capField,
    isCapped: caps.length > 0 || capField === null,
  };
}

/** Of one UTF-16 unit. */
const utf8BytesMax = 3;
