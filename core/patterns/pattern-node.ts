import type { CharSet } from "./char-set.ts";

/** A place in a text, as far as it depends on its neighbours. */
export type Assertion = "text-start" | "text-end" | "line-start" | "line-end" | "word-edge" | "no-word-edge";

/** What a pattern says, parsed. */
export type PatternNode =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  /** `max`: `null` is without end. */
  | { readonly kind: "repeat"; readonly node: PatternNode; readonly min: number; readonly max: number | null };
