import type { Answer, AnswerBlock } from "../answer.ts";
import type { AnswerContext } from "../dialect.ts";
import { writeFinishReason } from "./finish-reason.ts";
import { writeThinkingBlock } from "./thinking-blocks.ts";
import { writeUsage } from "./write-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A `chat.completion` of one choice. */
export function writeAnswer(answer: Answer, context: AnswerContext): Fields {
  const logprobs = answer.blocks.flatMap((block) => (block.kind === "text" ? block.logprobs : []));
  return {
    id: completionId(answer.id, context),
    object: "chat.completion",
    created: context.createdAtSeconds,
    model: context.model,
    choices: [
      {
        index: 0,
        message: writeMessage(answer.blocks),
        logprobs: writeLogprobs(logprobs),
        finish_reason: writeFinishReason(answer.stop),
      },
    ],
    ...(answer.usage === null ? {} : { usage: writeUsage(answer.usage) }),
    ...(answer.serviceTier === null ? {} : { service_tier: answer.serviceTier }),
  };
}

/** The answer's own id where it has OpenAI's form. */
export function completionId(id: string, context: AnswerContext): string {
  return id.startsWith("chatcmpl-") ? id : `chatcmpl-${context.id}`;
}

/** A choice's `logprobs`; those of a refusal are never known here. */
export function writeLogprobs(content: readonly unknown[]): Fields | null {
  return content.length === 0 ? null : { content, refusal: null };
}

function writeMessage(blocks: readonly AnswerBlock[]): Fields {
  const texts = blocks.flatMap((block) => (block.kind === "text" ? block.text : []));
  const refusals = blocks.flatMap((block) => (block.kind === "refusal" ? block.text : []));
  const thinking = blocks.filter((block) => block.kind === "thinking");
  const reasoning = thinking.map(({ text }) => text).join("");
  const kept = blocks.filter((block) => block.kind === "thinking" || block.kind === "redacted-thinking");
  const calls = blocks.filter((block) => block.kind === "tool-call");
  const isSilent = texts.length === 0 && (calls.length > 0 || refusals.length > 0);
  return {
    role: "assistant",
    content: isSilent ? null : texts.join(""),
    refusal: refusals.length === 0 ? null : refusals.join(""),
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(kept.some(({ seal }) => seal !== null) ? { thinking_blocks: kept.map(writeThinkingBlock) } : {}),
    ...(calls.length === 0
      ? {}
      : { tool_calls: calls.map(({ id, name, ...call }) => ({ id, type: "function", function: { name, arguments: call.arguments } })) }),
  };
}
