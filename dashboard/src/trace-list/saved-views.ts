import * as z from "zod";
import { parseJson } from "../wire/json.ts";

const viewSchema = z.strictObject({ name: z.string(), search: z.string() });
/** A way to look at the list: the query of its address (filter, range, order, columns) under a name. */
export type SavedView = z.infer<typeof viewSchema>;

/** Ways to look that most readers need some day. */
export const commonViews: readonly SavedView[] = [
  { name: "Failed", search: `?filter=${encodeURIComponent('[{"field":"status","operator":"in","value":["error"]}]')}` },
  { name: "Slowest", search: "?sort=duration" },
  { name: "Dearest", search: "?sort=costNanoUsd" },
];

/** The text of what is stored → views; what cannot be read is none. */
export function parseViews(text: string | null): readonly SavedView[] {
  const parsed = parseJson(text ?? "");
  return z.array(viewSchema).safeParse(parsed.kind === "json" ? parsed.value : null).data ?? [];
}

/** With a view more; one of the same name makes room. Of the address only what says how to look is kept, not what is open. */
export function withView(views: readonly SavedView[], name: string, search: string): readonly SavedView[] {
  return [...views.filter((view) => view.name !== name), { name, search: lookOf(search) }];
}

const looks = ["range", "filter", "sort", "columns"] as const;

/** The part of a query that a view is made of, in one order, so that two that say the same are the same. */
export function lookOf(search: string): string {
  const given = new URLSearchParams(search);
  const kept = new URLSearchParams(looks.flatMap((name) => (given.has(name) ? [[name, given.get(name) ?? ""]] : [])));
  return kept.size === 0 ? "" : `?${kept.toString()}`;
}
