import type { Find } from "./find.ts";

/** Something that must not be stored, and what stands in its place: `[<name>]`. */
export interface TextRule {
  readonly name: string;
  readonly find: Find;
}

/** What stands in the place of something. */
export function maskOf(name: string): string {
  return `[${name}]`;
}

/** A text as an expression that matches only it. */
export function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** What one rule takes out may let another find something that stood too close to it. */
const roundsMax = 8;

/**
 * A text with a mask in the place of all that the rules find, applied until they find nothing more: masked again it stays as
 * it is. Masks that already stand there, of any of the `names`, are never looked into.
 */
export function textMasker(rules: readonly TextRule[], names: readonly string[]): (text: string) => string {
  if (rules.length === 0) return (text) => text;
  const masks = new RegExp(names.map((name) => literally(maskOf(name))).join("|"), "g");
  return (text) => {
    let masked = text;
    for (let round = 0; round < roundsMax; round += 1) {
      const before = masked;
      for (const rule of rules) masked = withRule(masked, rule, masks);
      if (masked === before) break;
    }
    return masked;
  };
}

function withRule(text: string, { name, find }: TextRule, masks: RegExp): string {
  const found = find(text);
  if (found.length === 0) return text;
  const standing = Array.from(text.matchAll(masks), (match) => ({ start: match.index, end: match.index + match[0].length }));
  const pieces: string[] = [];
  let copiedTo = 0;
  let next = 0;
  const put = (start: number, end: number): void => {
    if (end <= start) return;
    pieces.push(text.slice(copiedTo, start), maskOf(name));
    copiedTo = end;
  };
  for (const { start, end } of found) {
    let from = start;
    while (next < standing.length && (standing[next]?.end ?? 0) <= from) next += 1;
    for (let mask = standing[next]; mask !== undefined && mask.start < end; mask = standing[next]) {
      put(from, mask.start);
      from = mask.end;
      if (mask.end > end) break;
      next += 1;
    }
    put(from, end);
  }
  return pieces.join("") + text.slice(copiedTo);
}
