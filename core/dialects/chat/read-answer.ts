import { failure, type Failure } from "../../contracts/error.ts";
import { asRecord } from "../../gateway/json.ts";
import type { Answer, AnswerBlock, AnswerToolCall } from "../answer.ts";
import type { RedactedThinkingBlock, ThinkingBlock } from "../conversation.ts";
import { providerWords } from "../provider-words.ts";
import { callIdOf, readArguments, readLogprobs, readTexts, textOf } from "./answer-texts.ts";
import { readStop } from "./finish-reason.ts";
import { readThinkingBlock } from "./thinking-blocks.ts";
import { readUsage } from "./usage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A `chat.completion`, of which the first choice is read. Some providers send an error as if it were one. */
export function readAnswer(body: Fields): Answer | Failure {
  const choices = body["choices"];
  const choice = Array.isArray(choices) ? asRecord(choices[0]) : null;
  const message = asRecord(choice?.["message"]);
  if (choice === null || message === null) {
    if (asRecord(body["error"]) !== null) return failure("upstream_error", providerWords(body) ?? undefined);
    return failure("upstream_invalid_response", "The provider sent a completion without a message.", "choices.0.message");
  }
  const id = textOf(body["id"]);
  const calls = readCalls(message["tool_calls"], id);
  if ("code" in calls) return calls;
  const blocks = [...readSaid(message, choice), ...calls];
  const hasRefusal = blocks.some(({ kind }) => kind === "refusal");
  return {
    id,
    model: textOf(body["model"]),
    blocks,
    stop: readStop(choice["finish_reason"], { hasToolCalls: calls.length > 0, hasRefusal }) ?? {
      unified: "other",
      raw: "",
      sequence: null,
    },
    usage: readUsage(body["usage"]),
    serviceTier: textOf(body["service_tier"]) || null,
  };
}

/** Thinking, text and refusal: all that is said before tools are called. */
function readSaid(message: Fields, choice: Fields): readonly AnswerBlock[] {
  const { thinking, text, refusal } = readTexts(message);
  const sealed = readThinkingBlocks(message["thinking_blocks"]);
  const blocks: AnswerBlock[] = [...sealed];
  if (sealed.length === 0 && thinking !== "") blocks.push({ kind: "thinking", text: thinking, seal: null });
  const logprobs = readLogprobs(choice);
  if (text !== "" || (logprobs.length > 0 && typeof message["content"] === "string")) blocks.push({ kind: "text", text, logprobs });
  if (refusal !== "") blocks.push({ kind: "refusal", text: refusal });
  return blocks;
}

function readThinkingBlocks(value: unknown): readonly (ThinkingBlock | RedactedThinkingBlock)[] {
  return Array.isArray(value) ? value.flatMap((entry) => readThinkingBlock(entry) ?? []) : [];
}

function readCalls(value: unknown, answerId: string): readonly AnswerToolCall[] | Failure {
  const calls: AnswerToolCall[] = [];
  for (const [index, element] of (Array.isArray(value) ? value : []).entries()) {
    const call = asRecord(element) ?? {};
    const called = asRecord(call["function"]);
    const name = textOf(called?.["name"]);
    if (called === null || name === "") {
      const path = `choices.0.message.tool_calls.${index}.function.name`;
      return failure("upstream_invalid_response", `The provider called a tool without a name: \`${path}\`.`, path);
    }
    const id = callIdOf(call["id"], answerId, index);
    // A tool that takes nothing may be called with no text at all.
    calls.push({ kind: "tool-call", id, name, arguments: readArguments(called["arguments"]) || "{}" });
  }
  return calls;
}
