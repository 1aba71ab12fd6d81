import type { Block, ToolResultBlock, Turn } from "../conversation.ts";
import { writeCache, writeContent, writeParts, type Writing } from "./write-parts.ts";

type Fields = Readonly<Record<string, unknown>>;
/** A block and its number in its turn. */
type Placed<Of extends Block = Block> = readonly [number, Of];

export function writeMessages(turns: readonly Turn[], writing: Writing): readonly Fields[] {
  return turns.flatMap((turn, index) => turnWriters[turn.role]([...turn.blocks.entries()], `turns.${index}.blocks`, writing));
}

type TurnWriter = (blocks: readonly Placed[], path: string, writing: Writing) => readonly Fields[];

const turnWriters = {
  system: (blocks, path, writing) => writeText("system", blocks, path, writing),
  /** OpenAI's own role; what others know by it is `system`. */
  developer: (blocks, path, writing) => writeText(writing.provider === "openai" ? "developer" : "system", blocks, path, writing),
  user: writeUser,
  assistant: writeAssistant,
} as const satisfies Record<Turn["role"], TurnWriter>;

function writeText(role: string, blocks: readonly Placed[], path: string, writing: Writing): readonly Fields[] {
  const parts = writeParts(only(["text"], blocks, path, writing), path, writing);
  return messageOf(role, parts, blocks);
}

/** Tool messages come first: OpenAI takes nothing between a call and its result. */
function writeUser(blocks: readonly Placed[], path: string, writing: Writing): readonly Fields[] {
  const messages: Fields[] = [];
  const shown: Fields[][] = [];
  for (const [index, block] of blocks) {
    if (block.kind !== "tool-result") continue;
    const given = writeParts([...block.blocks.entries()], `${path}.${index}.blocks`, writing);
    const texts = given.filter(({ type }) => type === "text");
    // There is no field that says it; the text of a failed tool does.
    if (block.isError && texts.length === 0) writing.dropped.add(`${path}.${index} (isError)`);
    messages.push(writeToolResult(block, texts, writing.provider));
    // A tool message holds only text: what a tool showed is said right after it.
    shown.push(given.filter(({ type }) => type !== "text"));
  }
  const rest = blocks.filter(([, { kind }]) => kind !== "tool-result");
  const parts = writeParts(only(["text", "image", "document", "audio"], rest, path, writing), path, writing);
  return [...messages, ...messageOf("user", [...shown.flat(), ...parts], blocks)];
}

function writeToolResult({ callId, cache }: ToolResultBlock, texts: readonly Fields[], provider: string): Fields {
  return { role: "tool", tool_call_id: callId, content: writeContent(texts), ...writeCache(cache, provider) };
}

function writeAssistant(blocks: readonly Placed[], path: string, writing: Writing): readonly Fields[] {
  const said = only(["text", "refusal", "tool-call", "thinking"], blocks, path, writing);
  const thinking: string[] = [];
  const content: Placed[] = [];
  const calls: Fields[] = [];
  for (const [index, block] of said) {
    if (block.kind === "tool-call") {
      const called = { name: block.name, arguments: block.arguments };
      calls.push({ id: block.id, type: "function", function: called, ...writeCache(block.cache, writing.provider) });
    } else if (block.kind !== "thinking") content.push([index, block]);
    else if (block.seal === null) thinking.push(block.text);
    else writing.dropped.add(`${path}.${index} (thinking)`);
  }
  const refusal = lastRefusal(content);
  const parts = writeParts(refusal === null ? content : content.slice(0, -1), path, writing);
  const fields = {
    ...(thinking.length === 0 ? {} : { reasoning_content: thinking.join("") }),
    ...(refusal === null ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  if (Object.keys(fields).length === 0) return messageOf("assistant", parts, blocks);
  const isSilent = parts.length === 0 && (refusal !== null || calls.length > 0);
  return [{ role: "assistant", content: isSilent ? null : writeContent(parts), ...fields }];
}

/** The refusal that a message says in its own field: the one after all else. Others stand among the parts. */
function lastRefusal(content: readonly Placed[]): string | null {
  const last = content.at(-1)?.[1];
  return last?.kind === "refusal" ? last.text : null;
}

/** A turn of which nothing can be said is left out; one that was empty stays. */
function messageOf(role: string, parts: readonly Fields[], blocks: readonly Placed[]): readonly Fields[] {
  return parts.length === 0 && blocks.length > 0 ? [] : [{ role, content: writeContent(parts) }];
}

/** The blocks of those kinds; the others, which this role does not carry here, are named. */
function only(kinds: readonly Block["kind"][], blocks: readonly Placed[], path: string, { dropped }: Writing): readonly Placed[] {
  const isCarried = ([, { kind }]: Placed) => kinds.includes(kind);
  for (const placed of blocks) if (!isCarried(placed)) dropped.add(`${path}.${placed[0]} (${placed[1].kind})`);
  return blocks.filter(isCarried);
}
