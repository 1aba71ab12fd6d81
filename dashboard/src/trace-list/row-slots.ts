/**
 * Which of a list's elements shows which row. A row keeps its element as long as it is drawn, and with it the focus. Where a
 * screen shares no row with the one before, as under a fast scroll, its rows take the elements of those, in their order:
 * browsers style new elements for longer than it takes to draw them.
 */
export class RowSlots {
  #slots: ReadonlyMap<string, number> = new Map();
  #made = 0;

  /** The slots of the rows that are drawn now, by their ids from above; asked again with the same rows they are the same. */
  take(ids: readonly string[]): ReadonlyMap<string, number> {
    const former = this.#slots;
    const free = ids.some((id) => former.has(id)) ? [] : [...former.values()];
    this.#slots = new Map(ids.map((id, place) => [id, former.get(id) ?? free[place] ?? this.#make()]));
    return this.#slots;
  }

  #make(): number {
    this.#made += 1;
    return this.#made;
  }
}
