/** The value of an attribute, as JSON could write it. Integers past 2^53 and doubles that are no number are text. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[] | { readonly [name: string]: AttributeValue };

/** Attributes in the order in which they were sent. */
export type Attributes = readonly (readonly [name: string, value: AttributeValue])[];

/** How deep lists and maps in an attribute may nest. */
export const attributeLevelsMax = 32;

/** The value as text: as it is, or written as JSON. */
export function textOf(value: AttributeValue): string {
  return typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
}

/** The value as a number: one, or a text that is all of one; `null` where it is neither. */
export function numberOf(value: AttributeValue | undefined): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A double as JSON can write it: those that are no number become their name. */
export function fromDouble(value: number): string | number {
  return Number.isFinite(value) ? value : String(value);
}

/** An integer of 64 bits: a number where that holds it exactly, else its digits. */
export function fromInteger(value: bigint): string | number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** The value as metadata holds it: numbers, true and false as they are, all else as text. */
export function plainOf(value: AttributeValue): string | number | boolean {
  return typeof value === "number" || typeof value === "boolean" ? value : textOf(value);
}
