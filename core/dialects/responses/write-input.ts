import type { Block, ToolResultBlock, Turn } from "../conversation.ts";
import type { Fields } from "./findings.ts";
import { returnReasoningItem } from "./reasoning-item.ts";
import { isInput, writePart } from "./write-parts.ts";

/** A turn's items, and what they leave out, each with its place and kind. */
interface WrittenTurns {
  readonly instructions: string | null;
  readonly items: readonly Fields[];
  readonly dropped: readonly string[];
}

type Note = (place: string) => void;

/**
 * The first turn is `instructions` where it is one text of the system; every other one is items. Two system turns are
 * not joined: reading them again gives two.
 */
export function writeInput(turns: readonly Turn[]): WrittenTurns {
  const dropped: string[] = [];
  const instructions = instructionsOf(turns[0]);
  const items: Fields[] = [];
  for (const [index, turn] of turns.entries()) {
    if (index === 0 && instructions !== null) continue;
    const written = turn.role === "assistant" ? writeAnswered : writeAsked;
    const note = (place: string): void => void dropped.push(`turns.${index}.${place}`);
    for (const item of written(turn, note)) items.push(item);
  }
  return { instructions, items, dropped };
}

function instructionsOf(turn: Turn | undefined): string | null {
  const [block, ...others] = turn?.blocks ?? [];
  const isOne = turn?.role === "system" && others.length === 0 && block?.kind === "text" && block.text !== "";
  return isOne ? block.text : null;
}

/** A turn of the user, the system or the developer: what tools gave back, then one message with all else. */
function writeAsked(turn: Turn, note: Note): readonly Fields[] {
  const outputs: Fields[] = [];
  const parts: Fields[] = [];
  for (const [index, block] of turn.blocks.entries()) {
    const place = `blocks.${index}`;
    if (block.kind === "tool-result" && turn.role === "user") {
      outputs.push(writeOutput(block, place, note));
    } else if (isInput(block)) {
      const part = writePart(block, place, note);
      if (part !== null) parts.push(part);
    } else note(`${place} (${block.kind})`);
  }
  if (parts.length === 0 && turn.blocks.length > 0) return outputs;
  return [...outputs, { type: "message", role: turn.role, content: contentOf(parts) }];
}

function writeOutput(block: ToolResultBlock, place: string, note: Note): Fields {
  const parts = block.blocks.map((inner, index) => writePart(inner, `${place}.blocks.${index}`, note)).filter((part) => part !== null);
  // The API has no field for it; where there is text, the text tells it.
  if (block.isError && !block.blocks.some((inner) => inner.kind === "text" && inner.text !== "")) note(`${place} (isError)`);
  return { type: "function_call_output", call_id: block.callId, output: parts.length === 0 ? "" : contentOf(parts) };
}

/** A single text is written as such: every server takes that. */
function contentOf(parts: readonly Fields[]): unknown {
  const [part] = parts;
  const isOneText = parts.length === 1 && part?.["type"] === "input_text" && part["text"] !== "";
  return isOneText ? part["text"] : parts;
}

/** A turn of the assistant: items in the order of its blocks; texts and refusals that follow each other are one message. */
function writeAnswered(turn: Turn, note: Note): readonly Fields[] {
  const items: Fields[] = [];
  let parts: Fields[] | null = null;
  for (const [index, block] of turn.blocks.entries()) {
    const part = answeredPart(block);
    if (part !== null) {
      if (parts === null) items.push({ type: "message", role: "assistant", content: (parts = []) });
      parts.push(part);
      continue;
    }
    const item = answeredItem(block);
    if (item === null) {
      note(`blocks.${index} (${block.kind})`);
      continue;
    }
    parts = null;
    items.push(item);
  }
  return turn.blocks.length === 0 ? [{ type: "message", role: "assistant", content: [] }] : items;
}

function answeredPart(block: Block): Fields | null {
  if (block.kind === "text") return { type: "output_text", text: block.text };
  return block.kind === "refusal" ? { type: "refusal", refusal: block.text } : null;
}

function answeredItem(block: Block): Fields | null {
  if (block.kind === "thinking") return returnReasoningItem(block);
  if (block.kind !== "tool-call") return null;
  return { type: "function_call", call_id: block.id, name: block.name, arguments: block.arguments };
}
