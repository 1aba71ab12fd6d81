const quote = 0x22;
const backslash = 0x5c;
/** A bracket's code without the bit in which it differs from a brace's. */
const bracketBits = 0xdf;
const opening = 0x5b;
const closing = 0x5d;

/**
 * How deep a JSON text nests, without parsing it: a parser spends memory for every level, so a body of a few megabytes
 * of brackets would end its isolate. Stops counting past `max`. Of a text that is no JSON the answer means nothing.
 */
export function nestingOf(text: string, max: number): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === quote) {
      index = endOfString(text, index);
      if (index === -1) return deepest;
    } else if ((unit & bracketBits) === opening) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > max) return deepest;
    } else if ((unit & bracketBits) === closing) depth -= 1;
  }
  return deepest;
}

/** Strings are most of a body, and jumped over. -1: it has no end. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}

/** Whether a parsed value nests deeper than this. */
export function isDeeperThan(value: unknown, max: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (max === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, max - 1));
}
