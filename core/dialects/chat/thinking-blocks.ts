import { asRecord } from "../../gateway/json.ts";
import type { RedactedThinkingBlock, Seal, ThinkingBlock } from "../conversation.ts";
import { readForeignSeal, sealText } from "../seal.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * One entry of `thinking_blocks`, the field in which sealed thinking goes out to a client of this dialect and comes back:
 * `{ type: "thinking", thinking, signature }` or `{ type: "redacted_thinking", data }`. `null`: it is neither.
 */
export function readThinkingBlock(entry: unknown): ThinkingBlock | RedactedThinkingBlock | null {
  const fields = asRecord(entry);
  if (fields?.["type"] === "thinking") {
    const { thinking = "", signature = "" } = fields;
    if (typeof thinking !== "string" || (typeof signature !== "string" && signature !== null)) return null;
    return { kind: "thinking", text: thinking, seal: signature === "" || signature === null ? null : sealOf(signature) };
  }
  if (fields?.["type"] !== "redacted_thinking") return null;
  const { data } = fields;
  return typeof data === "string" && data !== "" ? { kind: "redacted-thinking", seal: sealOf(data) } : null;
}

export function writeThinkingBlock(block: ThinkingBlock | RedactedThinkingBlock): Fields {
  if (block.kind === "redacted-thinking") return { type: "redacted_thinking", data: sealText(block.seal, "chat") };
  const signature = block.seal === null ? {} : { signature: sealText(block.seal, "chat") };
  return { type: "thinking", thinking: block.text, ...signature };
}

/** A value that does not say where it comes from is Anthropic's: the field was theirs before it was ours. */
function sealOf(text: string): Seal {
  return readForeignSeal(text) ?? { origin: "messages", value: text };
}
