import type { Span } from "../contracts/span.ts";
import type { Usage } from "../contracts/usage.ts";
import type { Answer } from "./answer.ts";

/** What a span keeps of an answer, plain or streamed. */
export interface AnswerFacts {
  readonly modelServed: string;
  readonly finishReason: Span["finishReason"];
  /** Names of the tools that the model called, each once. */
  readonly toolNames: readonly string[];
  readonly usage: Usage | null;
  readonly usageRaw: string;
  /** Served at the tier that prices are known for: `flex` costs half, `priority` a multiple of it. */
  readonly isUsualTier: boolean;
}

/** What providers call the tier of a call that asked for none. */
const usualTiers: ReadonlySet<unknown> = new Set([undefined, null, "", "auto", "default", "on_demand", "standard"]);

/** Whether a tier, as its provider calls it, costs what the price book says. */
export function isUsualTier(tier: unknown): boolean {
  return usualTiers.has(tier);
}

/** Facts of a call that has no answer to read. */
export const noAnswer: AnswerFacts = { modelServed: "", finishReason: null, toolNames: [], usage: null, usageRaw: "", isUsualTier: true };

/** The facts of a whole answer. `usageBlock`: as the provider sent it; `null`: it sent none. */
export function factsOf(answer: Answer, usageBlock: Readonly<Record<string, unknown>> | null): AnswerFacts {
  const { model, stop, blocks, usage, serviceTier } = answer;
  return {
    modelServed: model,
    finishReason: stop.raw === "" ? null : { unified: stop.unified, raw: stop.raw },
    toolNames: [...new Set(blocks.flatMap((block) => (block.kind === "tool-call" ? [block.name] : [])))],
    usage,
    usageRaw: usageBlock === null ? "" : JSON.stringify(usageBlock),
    isUsualTier: isUsualTier(serviceTier),
  };
}
