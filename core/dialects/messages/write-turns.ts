import type { Turn } from "../conversation.ts";
import { alternate, type RoleContent } from "./alternate.ts";
import { ownFields, type PlacedExtras } from "./placed-extras.ts";
import type { Fields } from "./request-fields.ts";
import { writeBlock } from "./write-blocks.ts";

/** The request's `system`, absent where nothing is said, and its `messages`. */
export function writeTurns(turns: readonly Turn[], extras: PlacedExtras, dropped: Set<string>): Fields {
  const system: Fields[] = [];
  const messages: RoleContent<Fields>[] = [];
  turns.forEach(({ role, blocks }, turn) => {
    const isSystem = role === "system" || role === "developer";
    const items: Fields[] = [];
    blocks.forEach((block, index) => {
      const place = `turns.${turn}.blocks.${index}`;
      if (isSystem && block.kind !== "text") {
        dropped.add(`${place} (${block.kind})`);
        return;
      }
      const written = writeBlock(block, place, dropped);
      if (written !== null) (isSystem ? system : items).push(written);
    });
    if (!isSystem) messages.push({ role, items });
  });

  const completed = alternate(messages, isResult).map(({ role, items }, index) => ({
    role,
    items: extras.completeList(items, `messages.${index}.content`, (block, path) => completeBlock(block, path, extras)),
  }));
  const said = completed.filter(({ items }) => items.length > 0);
  const completedSystem = extras.completeList(system, "system", (block, path) => extras.complete(block, path, ownFields.block));
  return {
    ...(completedSystem.length === 0 ? {} : { system: shortest(completedSystem) }),
    messages: (said.length === completed.length ? completed : alternate(said, isResult)).map(({ role, items }) => ({
      role,
      content: items,
    })),
  };
}

function isResult(block: Fields): boolean {
  return block["type"] === "tool_result";
}

function completeBlock(block: Fields, path: string, extras: PlacedExtras): Fields {
  const completed = extras.complete(block, path, ownFields.block);
  const content = block["content"];
  if (!isResult(block) || !Array.isArray(content)) return completed;
  const blocks = extras.completeList(content, `${path}.content`, (one, place) => extras.complete(one, place, ownFields.block));
  return { ...completed, content: blocks };
}

/** A single plain text needs no list. */
function shortest(blocks: readonly Fields[]): unknown {
  const [only] = blocks;
  return blocks.length === 1 && only !== undefined && Object.keys(only).length === 2 ? only["text"] : blocks;
}
