import type { Block, Turn } from "../conversation.ts";
import { alternate, type RoleContent } from "./alternate.ts";
import { type ReadBlock, readContent, readSystem, readSystemContent } from "./read-blocks.ts";
import { type FieldReader, type Fields, restOf } from "./request-fields.ts";

const messageNames = new Set(["role", "content"]);

/**
 * The turns of a request: `system` first, then the messages as this dialect means them: one a change of role. A `system`
 * message among them is told with the others of its kind. Extras are named by where they stand in that order.
 */
export function readTurns(body: Fields, read: FieldReader, extras: Map<string, unknown>): readonly Turn[] {
  const system = [...readSystem(body, read)];
  const messages: RoleContent<ReadBlock>[] = [];
  if (!Array.isArray(body["messages"])) read.refuse("messages", "must be a list");
  read.optionalList(body, "", "messages").forEach((element, index) => {
    const path = `messages.${index}`;
    const message = read.record(element, path);
    for (const [suffix, value] of restOf(message, messageNames)) extras.set(`${path}${suffix}`, value);
    const role = message["role"];
    if (message["content"] === undefined || message["content"] === null) read.refuse(`${path}.content`, "must be given");
    if (role === "system") for (const one of readSystemContent(message, path, read)) system.push(one);
    else if (role === "user" || role === "assistant") {
      const items = readContent(message, path, read);
      if (items.length > 0) messages.push({ role, items });
    } else read.refuse(`${path}.role`, "must be `user`, `assistant` or `system`");
  });
  const turns: Turn[] = [];
  if (system.length > 0) turns.push({ role: "system", blocks: blocksOf(system, null, extras) });
  alternate(messages, isResult).forEach(({ role, items }, index) => {
    turns.push({ role, blocks: blocksOf(items, index, extras) });
  });
  return turns;
}

function isResult(one: ReadBlock): boolean {
  return one.block?.kind === "tool-result";
}

/** @param message `null`: they are those of `system` */
function blocksOf(items: readonly ReadBlock[], message: number | null, extras: Map<string, unknown>): readonly Block[] {
  const blocks: Block[] = [];
  items.forEach((one, index) => {
    if (one.block !== null) blocks.push(one.block);
    // Most have none, and a name costs more than all else here.
    if (one.extras.length === 0) return;
    const path = message === null ? `system.${index}` : `messages.${message}.content.${index}`;
    for (const [suffix, value] of one.extras) extras.set(`${path}${suffix}`, value);
  });
  return blocks;
}
