import type { Block, Turn } from "../conversation.ts";
import { alternate, type RoleContent } from "./alternate.ts";
import { type ReadBlock, readContent, readSystem, readSystemContent } from "./read-blocks.ts";
import { type FieldReader, type Fields, restOf } from "./request-fields.ts";

const messageNames = new Set(["role", "content"]);

/**
 * The turns of a request: `system` first, then the messages as this dialect means them: one a change of role. A `system`
 * message before all others is told with `system`; a later one holds from where it stands, and is a turn there. Extras are
 * named by where they stand among the messages of users and assistants.
 */
export function readTurns(body: Fields, read: FieldReader, extras: Map<string, unknown>): readonly Turn[] {
  const leading = [...readSystem(body, read)];
  const later: Turn[] = [];
  const messages: RoleContent<ReadBlock>[] = [];
  let count = 0;
  const tellMessages = (): void => {
    for (const { role, items } of alternate(messages.splice(0), isResult)) {
      later.push({ role, blocks: blocksOf(items, `messages.${count}.content`, extras) });
      count += 1;
    }
  };
  if (!Array.isArray(body["messages"])) read.refuse("messages", "must be a list");
  read.optionalList(body, "", "messages").forEach((element, index) => {
    const path = `messages.${index}`;
    const message = read.record(element, path);
    for (const [suffix, value] of restOf(message, messageNames)) extras.set(`${path}${suffix}`, value);
    const role = message["role"];
    if (message["content"] === undefined || message["content"] === null) read.refuse(`${path}.content`, "must be given");
    if (role === "system") {
      const said = readSystemContent(message, path, read);
      tellMessages();
      if (later.length === 0) leading.push(...said);
      else if (said.length > 0) later.push({ role, blocks: blocksOf(said, `${path}.content`, extras) });
    } else if (role === "user" || role === "assistant") {
      const items = readContent(message, path, read);
      if (items.length > 0) messages.push({ role, items });
    } else read.refuse(`${path}.role`, "must be `user`, `assistant` or `system`");
  });
  tellMessages();
  return leading.length === 0 ? later : [{ role: "system", blocks: blocksOf(leading, "system", extras) }, ...later];
}

function isResult(one: ReadBlock): boolean {
  return one.block?.kind === "tool-result";
}

/** `prefix`: of the places of extras. */
function blocksOf(items: readonly ReadBlock[], prefix: string, extras: Map<string, unknown>): readonly Block[] {
  const blocks: Block[] = [];
  items.forEach((one, index) => {
    if (one.block !== null) blocks.push(one.block);
    // Most have none, and a name costs more than all else here.
    if (one.extras.length === 0) return;
    for (const [suffix, value] of one.extras) extras.set(`${prefix}.${index}${suffix}`, value);
  });
  return blocks;
}
