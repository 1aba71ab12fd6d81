import type { PageEnd } from "#core/analytics/page-query.ts";

/** A value is as long as a 128-bit number holds. */
const pattern = /^([A-Za-z]{1,20})\.([da])\.(-?\d{1,37})\.(.+)$/s;

type Order = "descending" | "ascending";

/** A page's end as the text that callers send back; it holds for one sorting. */
export function formatPageEnd(sort: string, order: Order, { value, id }: PageEnd): string {
  return `${sort}.${order === "descending" ? "d" : "a"}.${value}.${encodeURIComponent(id)}`;
}

/** `null`: the text is no end of a page of this sorting. */
export function parsePageEnd(text: string, sort: string, order: Order): PageEnd | null {
  const [, ofSort, ofOrder, value, id] = pattern.exec(text) ?? [];
  if (ofSort !== sort || ofOrder !== (order === "descending" ? "d" : "a") || value === undefined || id === undefined) return null;
  try {
    return { value, id: decodeURIComponent(id) };
  } catch {
    return null;
  }
}
