import type { Seal } from "./conversation.ts";

/**
 * A provider's thinking comes with a value that only that provider can check, and that it wants back. In its own dialect
 * the value stands as it is; a client of another dialect carries it, unread, with its origin before it.
 */
const pattern = /^evalforge:(messages|responses):/;

/** The text of a seal for a client that speaks `dialect`. */
export function sealText(seal: Seal, dialect: string): string {
  return seal.origin === dialect ? seal.value : `evalforge:${seal.origin}:${seal.value}`;
}

/** The seal that a client of `dialect`, one of the two that have seals of their own, gave back. */
export function readSeal(text: string, dialect: Seal["origin"]): Seal {
  return readForeignSeal(text) ?? { origin: dialect, value: text };
}

/** The seal of another dialect; `null`: the text is none of ours. */
export function readForeignSeal(text: string): Seal | null {
  const [prefix, origin] = pattern.exec(text) ?? [];
  return prefix !== undefined && (origin === "messages" || origin === "responses") ? { origin, value: text.slice(prefix.length) } : null;
}
