/** One message's content, read or written. */
export interface RoleContent<Item> {
  readonly role: "user" | "assistant";
  readonly items: Item[];
}

/**
 * Messages as this dialect means them: those of one role that follow each other are one, and in a user's the results of
 * tools stand first. The messages are taken over: a list may get the items of the next.
 */
export function alternate<Item>(messages: readonly RoleContent<Item>[], isResult: (item: Item) => boolean): readonly RoleContent<Item>[] {
  const runs: RoleContent<Item>[] = [];
  for (const message of messages) {
    const last = runs.at(-1);
    if (last?.role !== message.role) runs.push(message);
    else for (const item of message.items) last.items.push(item);
  }
  return runs.map((run) => (run.role === "user" && run.items.some(isResult) ? { ...run, items: resultsFirst(run.items, isResult) } : run));
}

function resultsFirst<Item>(items: readonly Item[], isResult: (item: Item) => boolean): Item[] {
  const results: Item[] = [];
  const others: Item[] = [];
  for (const item of items) (isResult(item) ? results : others).push(item);
  return [...results, ...others];
}
