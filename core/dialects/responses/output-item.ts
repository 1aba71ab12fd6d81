import { asRecord } from "../../gateway/json.ts";
import type { AnswerBlock } from "../answer.ts";
import type { Fields } from "./findings.ts";
import { readReasoningItem, reasoningItemId, writeReasoningItem } from "./reasoning-item.ts";

/** A block of an output item, and the place of its part among the item's own. */
export interface PlacedBlock {
  readonly part: number;
  readonly block: AnswerBlock;
}

const readers: ReadonlyMap<unknown, (item: Fields) => readonly PlacedBlock[] | null> = new Map([
  ["message", readMessage],
  ["function_call", readCall],
  ["reasoning", (item: Fields) => [{ part: 0, block: readReasoningItem(item) }]],
]);

/** The blocks of one output item; none where it is of a type that only tells what a hosted tool did. `null`: it cannot be read. */
export function readOutputItem(value: unknown): readonly PlacedBlock[] | null {
  const item = asRecord(value);
  if (item === null) return null;
  const read = readers.get(item["type"]);
  return read === undefined ? [] : read(item);
}

function readMessage(item: Fields): readonly PlacedBlock[] | null {
  if (!Array.isArray(item["content"])) return null;
  const blocks: PlacedBlock[] = [];
  for (const [part, element] of item["content"].entries()) {
    const block = readPart(element);
    if (block !== null) blocks.push({ part, block });
  }
  return blocks;
}

/** A text or a refusal; `null`: the part is neither. */
export function readPart(value: unknown): AnswerBlock | null {
  const part = asRecord(value);
  if (part?.["type"] === "output_text" && typeof part["text"] === "string") {
    return { kind: "text", text: part["text"], logprobs: logprobsOf(part["logprobs"]) };
  }
  if (part?.["type"] === "refusal" && typeof part["refusal"] === "string") return { kind: "refusal", text: part["refusal"] };
  return null;
}

export function logprobsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readCall(item: Fields): readonly PlacedBlock[] | null {
  const { call_id: callId, id, name, arguments: text } = item;
  const own = typeof callId === "string" && callId !== "" ? callId : id;
  if (typeof own !== "string" || typeof name !== "string") return null;
  const written = text ?? "";
  if (typeof written !== "string") return null;
  return [{ part: 0, block: { kind: "tool-call", id: own, name, arguments: written === "" ? "{}" : written } }];
}

const idPrefixes = { text: "msg_", refusal: "msg_", "tool-call": "fc_" } as const;

/** The id of a block's item. `suffix`: what it is made of where the block does not tell it. */
export function outputItemId(block: AnswerBlock, suffix: string): string {
  const isThinking = block.kind === "thinking" || block.kind === "redacted-thinking";
  return isThinking ? reasoningItemId(block, suffix) : `${idPrefixes[block.kind]}${suffix}`;
}

/** The whole item that tells a block. */
export function writeOutputItem(block: AnswerBlock, id: string): Fields {
  switch (block.kind) {
    case "text":
    case "refusal":
      return { id, type: "message", status: "completed", role: "assistant", content: [writePart(block)] };
    case "tool-call":
      return { id, type: "function_call", status: "completed", call_id: block.id, name: block.name, arguments: block.arguments };
    case "thinking":
    case "redacted-thinking":
      return writeReasoningItem(block, id);
  }
}

/** The content part that tells a text or a refusal. */
export function writePart(block: Extract<AnswerBlock, { kind: "text" | "refusal" }>): Fields {
  if (block.kind === "refusal") return { type: "refusal", refusal: block.text };
  return { type: "output_text", text: block.text, annotations: [], logprobs: block.logprobs };
}
