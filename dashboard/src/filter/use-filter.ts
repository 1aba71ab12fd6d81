import { useMemo } from "react";
import { setSearch, useSearch } from "../router.tsx";
import { parseFilter, writeFilter, type Condition } from "./conditions.ts";

/** The filter of the address. */
export function useFilter(): readonly Condition[] {
  const search = useSearch();
  const text = new URLSearchParams(search).get("filter");
  return useMemo(() => (text === null ? [] : parseFilter(`?${new URLSearchParams({ filter: text }).toString()}`)), [text]);
}

export function setFilter(conditions: readonly Condition[]): void {
  setSearch({ filter: conditions.length === 0 ? null : writeFilter(conditions) });
}
