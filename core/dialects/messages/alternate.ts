/** One message's content, read or written. */
export interface RoleContent<Item> {
  readonly role: "user" | "assistant";
  readonly items: readonly Item[];
}

/**
 * Messages as this dialect means them: those of one role that follow each other are one, and in a user's the results of
 * tools stand first.
 */
export function alternate<Item>(messages: readonly RoleContent<Item>[], isResult: (item: Item) => boolean): readonly RoleContent<Item>[] {
  const runs: { readonly role: "user" | "assistant"; readonly items: Item[] }[] = [];
  for (const { role, items } of messages) {
    const last = runs.at(-1);
    if (last?.role !== role) runs.push({ role, items: [...items] });
    else for (const item of items) last.items.push(item);
  }
  return runs.map((run) => (run.role === "user" && run.items.some(isResult) ? { ...run, items: resultsFirst(run.items, isResult) } : run));
}

function resultsFirst<Item>(items: readonly Item[], isResult: (item: Item) => boolean): readonly Item[] {
  const results: Item[] = [];
  const others: Item[] = [];
  for (const item of items) (isResult(item) ? results : others).push(item);
  return [...results, ...others];
}
