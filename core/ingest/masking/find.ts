import type { Range } from "../../patterns/cover.ts";

/** The pieces of a text that must not be stored, in their order, none over another. */
export type Find = (text: string) => readonly Range[];

/**
 * The matches of a `g` expression, each as long as `lengthOf` says; 0: it is none after all, and the search goes on behind its
 * first character. The expression's repetitions must be bounded, so that a long text costs neither time nor stack.
 */
export function findAll(expression: RegExp, text: string, lengthOf: (match: string, start: number) => number): Range[] {
  const found: Range[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const length = lengthOf(match[0], match.index);
    if (length > 0) found.push({ start: match.index, end: match.index + length });
    expression.lastIndex = match.index + Math.max(length, 1);
  }
  return found;
}

/** Letters and digits of every language: what a token goes on with. */
const wordCharacter = /^[\p{L}\p{N}]/u;

/** Whether a text goes on at an index with a letter or a digit. */
export function goesOn(text: string, at: number): boolean {
  return wordCharacter.test(text.slice(at, at + 2));
}
