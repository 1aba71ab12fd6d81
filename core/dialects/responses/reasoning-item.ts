import { asRecord } from "../../gateway/json.ts";
import type { RedactedThinkingBlock, Seal, ThinkingBlock } from "../conversation.ts";
import { readForeignSeal, sealText } from "../seal.ts";
import type { Fields } from "./findings.ts";

/**
 * OpenAI takes `encrypted_content` back only with the id that it came with. A seal of this origin holds both:
 * `<id>:<encrypted_content>`; ids have no colon.
 *
 * On the wire a seal stands in `encrypted_content` in one of two forms: as OpenAI made it, beside its own id; or, where
 * the item has another id or the seal another origin, as `evalforge:<origin>:<value>`. A redacted block has the second
 * form and an id of the prefix below, so that it differs from thinking that is only signed.
 */
const redactedPrefix = "rs_redacted_";

/** The thinking that a reasoning item holds. Whatever is not of the expected type is taken as missing. */
export function readReasoningItem(item: Fields): ThinkingBlock | RedactedThinkingBlock {
  const id = typeof item["id"] === "string" ? item["id"] : "";
  const encrypted = typeof item["encrypted_content"] === "string" ? item["encrypted_content"] : "";
  const redacted = id.startsWith(redactedPrefix) ? readForeignSeal(encrypted) : null;
  if (redacted !== null) return { kind: "redacted-thinking", seal: redacted };
  return { kind: "thinking", text: readReasoningText(item), seal: encrypted === "" ? null : sealOf(id, encrypted) };
}

/** Whether an item of this id may hold a redacted block, which is known only by its seal. */
export function mayBeRedacted(id: unknown): boolean {
  return typeof id === "string" && id.startsWith(redactedPrefix);
}

/** The item that tells a block to a client. `id`: the item's own, which a seal of another id does not change. */
export function writeReasoningItem(block: ThinkingBlock | RedactedThinkingBlock, id: string): Fields {
  const summary = block.kind === "redacted-thinking" || block.text === "" ? [] : [{ type: "summary_text", text: block.text }];
  const item = { id, type: "reasoning", summary };
  return block.seal === null ? item : { ...item, encrypted_content: encryptedOf(block, id) };
}

/** The item that gives thinking back to OpenAI as it came; `null`: it is not OpenAI's own. */
export function returnReasoningItem(block: ThinkingBlock): Fields | null {
  if (block.seal?.origin !== "responses") return null;
  const { id } = splitSeal(block.seal);
  const { id: _id, ...item } = writeReasoningItem(block, id);
  return id === "" ? item : { id, ...item };
}

/** The id that a block's item gets: OpenAI's own where its seal tells it, else one made of `suffix`. */
export function reasoningItemId(block: ThinkingBlock | RedactedThinkingBlock, suffix: string): string {
  if (block.kind === "redacted-thinking") return `${redactedPrefix}${suffix}`;
  const own = block.seal?.origin === "responses" ? splitSeal(block.seal).id : "";
  return own === "" || mayBeRedacted(own) ? `rs_${suffix}` : own;
}

function readReasoningText(item: Fields): string {
  const content = textsOf(item["content"]);
  return content.length > 0 ? content.join("") : textsOf(item["summary"]).join("\n\n");
}

function textsOf(parts: unknown): readonly string[] {
  if (!Array.isArray(parts)) return [];
  return parts.map((part) => asRecord(part)?.["text"]).filter((text) => typeof text === "string");
}

function sealOf(id: string, encrypted: string): Seal {
  return readForeignSeal(encrypted) ?? { origin: "responses", value: `${id}:${encrypted}` };
}

function encryptedOf(block: ThinkingBlock | RedactedThinkingBlock, id: string): string {
  const seal = block.seal;
  if (seal === null) return "";
  const own = splitSeal(seal);
  const isVerbatim = block.kind === "thinking" && seal.origin === "responses" && own.id === id && own.encrypted !== "";
  // `sealText` for a dialect that has no seals of its own names the origin of any.
  return isVerbatim ? own.encrypted : sealText(seal, "");
}

function splitSeal(seal: Seal): { readonly id: string; readonly encrypted: string } {
  const colon = seal.value.indexOf(":");
  return { id: seal.value.slice(0, Math.max(colon, 0)), encrypted: seal.value.slice(colon + 1) };
}
