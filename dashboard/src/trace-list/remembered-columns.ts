const storageKey = "evalforge.columns";

/** The columns that the reader chose last, as the address writes them; empty: none. Read anew each time: another tab may have chosen. */
export function rememberedColumns(): string {
  try {
    return window.localStorage.getItem(storageKey) ?? "";
  } catch {
    return "";
  }
}

export function rememberColumns(columns: readonly string[]): void {
  try {
    window.localStorage.setItem(storageKey, columns.join(","));
  } catch {
    // Where storage is forbidden, the address alone says it.
  }
}
