import type { Answer, AnswerBlock } from "../answer.ts";
import type { AnswerContext } from "../dialect.ts";
import { sealText } from "../seal.ts";
import { messageHead, redactedThinkingBlock, saidNever, textBlock, thinkingBlock, toolUseBlock } from "./answer-words.ts";
import type { Fields } from "./request-fields.ts";
import { stopReasonOf } from "./stop-reason.ts";
import { toolInputOf } from "./tool-input.ts";
import { writeUsage } from "./usage.ts";

/** A whole message. */
export function writeAnswer(answer: Answer, context: AnswerContext): Fields {
  const callsTools = answer.blocks.some(({ kind }) => kind === "tool-call");
  return {
    ...messageHead(answer.id, context),
    content: answer.blocks.map(writeBlock),
    stop_reason: stopReasonOf(answer.stop, callsTools),
    stop_sequence: answer.stop.sequence,
    ...saidNever,
    usage: writeUsage(answer.usage, answer.serviceTier),
  };
}

function writeBlock(block: AnswerBlock): Fields {
  switch (block.kind) {
    case "text":
    case "refusal":
      return textBlock(block.text);
    case "thinking":
      return thinkingBlock(block.text, block.seal === null ? "" : sealText(block.seal, "messages"));
    case "redacted-thinking":
      return redactedThinkingBlock(sealText(block.seal, "messages"));
    case "tool-call":
      return toolUseBlock(block.id, block.name, toolInputOf(block.arguments) ?? block.arguments);
  }
}
