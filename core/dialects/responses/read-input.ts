import type { Block, Turn } from "../conversation.ts";
import { shapes, type Fields, type Findings } from "./findings.ts";
import { readReasoningItem } from "./reasoning-item.ts";
import { readContent, readOutput, textBlock } from "./read-parts.ts";

type Role = Turn["role"];

/** A turn that is being put together. `joins`: the next item of its side belongs to it. */
interface OpenTurn {
  readonly role: Role;
  readonly blocks: Block[];
  joins: boolean;
}

/** How one type of item is read, and which of its fields say what blocks say, or nothing that lasts. */
interface ItemReader {
  readonly known: ReadonlySet<string>;
  readonly read: (item: Fields, path: string, findings: Findings, turns: OpenTurn[]) => void;
}

const itemReaders: ReadonlyMap<string, ItemReader> = new Map([
  ["message", { known: new Set(["type", "id", "status", "role", "content"]), read: readMessage }],
  ["function_call", { known: new Set(["type", "id", "status", "call_id", "name", "arguments"]), read: readCall }],
  ["function_call_output", { known: new Set(["type", "id", "status", "call_id", "name", "output"]), read: readCallOutput }],
  ["reasoning", { known: new Set(["type", "id", "status", "summary", "content", "encrypted_content"]), read: readReasoning }],
]);

const roles: ReadonlyMap<string, Role> = new Map([
  ["system", "system"],
  ["developer", "developer"],
  ["user", "user"],
  ["assistant", "assistant"],
]);

/**
 * The turns of `input`. Items of the assistant that follow each other are one turn; so are the outputs of calls, with the
 * user's message that follows them. Every other message is a turn of its own.
 */
export function readInput(input: unknown, findings: Findings): readonly Turn[] {
  if (typeof input === "string") return [{ role: "user", blocks: [textBlock(input)] }];
  if (!Array.isArray(input)) {
    findings.refuse("input", "must be a string or a list of items");
    return [];
  }
  const turns: OpenTurn[] = [];
  for (const [index, element] of input.entries()) {
    const path = `input.${index}`;
    const item = findings.required(element, path, shapes.record);
    if (item === null) continue;
    const type = typeOf(item, path, findings);
    const reader = itemReaders.get(type);
    if (reader === undefined) {
      if (type !== "") findings.note(`${path} (${type})`, item);
      continue;
    }
    findings.noteRest(item, reader.known, path);
    reader.read(item, path, findings, turns);
  }
  return turns.map(({ role, blocks }) => ({ role, blocks }));
}

/** An item's type; messages and references may leave it out. Empty: it was refused. */
function typeOf(item: Fields, path: string, findings: Findings): string {
  const type = findings.optional(item["type"], `${path}.type`, shapes.text);
  if (type !== null) return type;
  if (item["role"] !== undefined) return "message";
  if (typeof item["id"] === "string") return "item_reference";
  return findings.text(item["type"], `${path}.type`);
}

function readMessage(item: Fields, path: string, findings: Findings, turns: OpenTurn[]): void {
  const name = findings.text(item["role"], `${path}.role`);
  const role = roles.get(name);
  if (role === undefined) return findings.refuse(`${path}.role`, "must be system, developer, user or assistant");
  const isAssistant = role === "assistant";
  const isUser = role === "user";
  append(turns, {
    role,
    blocks: readContent(item["content"], `${path}.content`, findings),
    continues: isAssistant || isUser,
    joins: isAssistant,
  });
}

function readCall(item: Fields, path: string, findings: Findings, turns: OpenTurn[]): void {
  const id = findings.text(item["call_id"], `${path}.call_id`);
  const name = findings.text(item["name"], `${path}.name`);
  const text = findings.text(item["arguments"], `${path}.arguments`);
  const call = { kind: "tool-call", id, name, arguments: text === "" ? "{}" : text, cache: null } as const;
  append(turns, { role: "assistant", blocks: [call], continues: true, joins: true });
}

function readCallOutput(item: Fields, path: string, findings: Findings, turns: OpenTurn[]): void {
  const callId = findings.text(item["call_id"], `${path}.call_id`);
  const blocks = readOutput(item["output"], `${path}.output`, findings);
  const result = { kind: "tool-result", callId, blocks, isError: false, cache: null } as const;
  append(turns, { role: "user", blocks: [result], continues: true, joins: true });
}

function readReasoning(item: Fields, path: string, findings: Findings, turns: OpenTurn[]): void {
  for (const name of ["summary", "content"]) {
    const parts = findings.optional(item[name], `${path}.${name}`, shapes.list) ?? [];
    for (const [index, part] of parts.entries()) {
      const fields = findings.required(part, `${path}.${name}.${index}`, shapes.record);
      if (fields !== null) findings.text(fields["text"], `${path}.${name}.${index}.text`);
    }
  }
  findings.optional(item["id"], `${path}.id`, shapes.text);
  findings.optional(item["encrypted_content"], `${path}.encrypted_content`, shapes.text);
  append(turns, { role: "assistant", blocks: [readReasoningItem(item)], continues: true, joins: true });
}

/** `continues`: the item may belong to the turn before it; `joins`: the next one may belong to its own. */
function append(
  turns: OpenTurn[],
  item: { readonly role: Role; readonly blocks: readonly Block[]; readonly continues: boolean; readonly joins: boolean },
): void {
  const last = turns.at(-1);
  if (last !== undefined && last.role === item.role && last.joins && item.continues) {
    for (const block of item.blocks) last.blocks.push(block);
    last.joins = item.joins;
    return;
  }
  turns.push({ role: item.role, blocks: [...item.blocks], joins: item.joins });
}
