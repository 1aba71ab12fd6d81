import type { Answer } from "../answer.ts";
import type { AnswerContext } from "../dialect.ts";
import type { Fields } from "./findings.ts";
import { outputItemId, writeOutputItem } from "./output-item.ts";
import { contentOf, writeStop, type Content } from "./stop.ts";
import { writeUsage } from "./usage.ts";

/** What a response repeats of its request, and what it says where the caller sent nothing. */
const repeated: readonly (readonly [name: string, unsent: unknown])[] = [
  ["instructions", null],
  ["max_output_tokens", null],
  ["max_tool_calls", null],
  ["metadata", {}],
  ["parallel_tool_calls", true],
  ["previous_response_id", null],
  ["prompt_cache_key", null],
  ["reasoning", { effort: null, summary: null }],
  ["safety_identifier", null],
  ["temperature", null],
  ["text", { format: { type: "text" } }],
  ["tool_choice", "auto"],
  ["tools", []],
  ["top_logprobs", 0],
  ["top_p", null],
  ["truncation", "disabled"],
  ["user", null],
];

/** The whole response object of an answer. */
export function writeAnswer(answer: Answer, context: AnswerContext): Fields {
  const output = answer.blocks.map((block, index) => writeOutputItem(block, outputItemId(block, itemSuffix(context, index))));
  return endedResponse(answer, contentOf(answer.blocks), output, context);
}

/** A response that has ended, with its items as written. */
export function endedResponse(
  answer: Pick<Answer, "id" | "stop" | "usage" | "serviceTier">,
  content: Content,
  output: readonly Fields[],
  context: AnswerContext,
): Fields {
  const { status, reason } = writeStop(answer.stop, content);
  return {
    ...openedResponse(answer.id, context),
    status,
    incomplete_details: reason === null ? null : { reason },
    output,
    service_tier: answer.serviceTier,
    usage: answer.usage === null ? null : writeUsage(answer.usage),
  };
}

/** A response that has only begun. */
export function openedResponse(id: string, context: AnswerContext): Fields {
  const { request } = context;
  return {
    id: id.startsWith("resp_") ? id : `resp_${context.id}`,
    object: "response",
    created_at: context.createdAtSeconds,
    status: "in_progress",
    access_programs: null,
    background: false,
    error: null,
    incomplete_details: null,
    model: context.model,
    output: [],
    service_tier: null,
    store: false,
    usage: null,
    ...Object.fromEntries(repeated.map(([name, unsent]) => [name, request[name] ?? unsent])),
  };
}

/** What the ids of an answer's items are made of; `index`: of the block. */
export function itemSuffix(context: AnswerContext, index: number): string {
  return `${context.id}_${index}`;
}
