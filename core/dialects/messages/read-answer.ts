import { failure, type Failure } from "../../contracts/error.ts";
import { asRecord } from "../../gateway/json.ts";
import type { Answer, AnswerBlock } from "../answer.ts";
import { providerWords } from "../provider-words.ts";
import { readSeal } from "../seal.ts";
import type { Fields } from "./request-fields.ts";
import { readStop } from "./stop-reason.ts";
import { readToolInput } from "./tool-input.ts";
import { readUsage } from "./usage.ts";

/** A whole message. Some providers send an error with the status of a success. */
export function readAnswer(body: Fields): Answer | Failure {
  if (body["type"] === "error") return failure("upstream_error", providerWords(body) ?? undefined);
  const content = body["content"];
  if (!Array.isArray(content)) return unreadable("content");
  const blocks: AnswerBlock[] = [];
  for (const [index, element] of content.entries()) {
    const fields = asRecord(element);
    if (fields === null) return unreadable(`content.${index}`);
    const reader = blockReaders.get(fields["type"]);
    if (reader === undefined) continue;
    const block = reader(fields);
    if (block === null) return unreadable(`content.${index}`);
    blocks.push(block);
  }
  const reason = body["stop_reason"];
  return {
    id: textOf(body["id"]) ?? "",
    model: textOf(body["model"]) ?? "",
    blocks,
    stop: readStop(textOf(reason), body["stop_sequence"]),
    usage: readUsage(body["usage"]),
    serviceTier: textOf(asRecord(body["usage"])?.["service_tier"]),
  };
}

/** By type; `null`: the block lacks what it needs. What the provider's own tools did is not read. */
const blockReaders: ReadonlyMap<unknown, (fields: Fields) => AnswerBlock | null> = new Map<unknown, (fields: Fields) => AnswerBlock | null>(
  [
    ["text", readText],
    ["thinking", readThinking],
    ["redacted_thinking", readRedactedThinking],
    ["tool_use", readToolUse],
  ],
);

function readText(fields: Fields): AnswerBlock | null {
  const text = textOf(fields["text"]);
  return text === null ? null : { kind: "text", text, logprobs: [] };
}

function readThinking(fields: Fields): AnswerBlock | null {
  const text = textOf(fields["thinking"]);
  const signature = textOf(fields["signature"]) ?? "";
  return text === null ? null : { kind: "thinking", text, seal: signature === "" ? null : readSeal(signature, "messages") };
}

function readRedactedThinking(fields: Fields): AnswerBlock | null {
  const data = textOf(fields["data"]);
  return data === null ? null : { kind: "redacted-thinking", seal: readSeal(data, "messages") };
}

function readToolUse(fields: Fields): AnswerBlock | null {
  const id = textOf(fields["id"]);
  const name = textOf(fields["name"]);
  const argumentsText = readToolInput(fields["input"] ?? {});
  return id === null || name === null || argumentsText === null ? null : { kind: "tool-call", id, name, arguments: argumentsText };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function unreadable(path: string): Failure {
  return failure("upstream_invalid_response", `The provider sent an answer whose \`${path}\` cannot be read.`);
}
