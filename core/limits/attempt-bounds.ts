import type { PricedRates } from "../contracts/cost.ts";
import type { CallShape, RequestBody } from "../gateway/request-body.ts";
import { inputBound } from "./input-bound.ts";
import { outputBound, type OutputBound } from "./output-bound.ts";
import { worstCase, type WorstCase } from "./worst-case.ts";

/** What is written as the cap of an answer whose length nothing else bounds. */
const otherwiseTokens = 16_384;

/** The most that an attempt can use. */
export interface AttemptBounds {
  readonly output: OutputBound;
  /** The field that makes its input unbounded; `null`: none does. */
  readonly param: string | null;
  /** Where each answer has so many tokens; `null`: nobody knows. */
  readonly costAt: (outputTokens: number) => WorstCase | null;
  readonly tokensAt: (outputTokens: number) => number | null;
}

/** @param rates `null`: nobody knows the model's price */
export function attemptBounds(
  shape: CallShape,
  body: RequestBody,
  bodyBytes: number,
  model: string,
  rates: PricedRates | null,
): AttemptBounds {
  const output = outputBound(shape, body.fields, model, otherwiseTokens);
  const input = inputBound(shape, body, bodyBytes, model);
  if (input.kind === "unbounded") return { output, param: input.param, costAt: () => null, tokensAt: () => null };
  return {
    output,
    param: null,
    costAt: (tokens) => (rates === null ? null : worstCase(input, { ...output, tokens }, rates)),
    tokensAt: (tokens) => input.tokens + tokens * output.answers + output.extraTokens,
  };
}
