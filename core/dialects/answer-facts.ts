import type { Answer } from "./answer.ts";
import { isUsualTier, type AnswerFacts } from "./chat/answer.ts";

/** What a span keeps of an answer. `usageBlock`: as the provider sent it; `null`: it sent none. */
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
