/**
 * Which of a list's elements shows which row. A row keeps its element as long as it is drawn, and with it the focus. Where
 * more than half of a screen's rows are others than before, as under a fast scroll, they take the elements of those that left:
 * browsers style new elements for longer than it takes to draw them.
 */
export class RowSlots {
  #slots: ReadonlyMap<string, number> = new Map();
  #made = 0;

  /** The slots of the rows that are drawn now, by their ids from above; asked again with the same rows they are the same. */
  take(ids: readonly string[]): ReadonlyMap<string, number> {
    const former = this.#slots;
    const kept = new Set(ids.filter((id) => former.has(id)));
    const free = kept.size * 2 < ids.length ? [...former].filter(([id]) => !kept.has(id)) : [];
    const next = free.values();
    this.#slots = new Map(ids.map((id) => [id, former.get(id) ?? next.next().value?.[1] ?? this.#make()]));
    return this.#slots;
  }

  #make(): number {
    this.#made += 1;
    return this.#made;
  }
}
