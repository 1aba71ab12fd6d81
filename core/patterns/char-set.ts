/** A set of code points, asked for one at a time. */
export interface CharSet {
  readonly has: (codePoint: number) => boolean;
}

const asciiCount = 128;

/**
 * The characters that one class of a regular expression holds: its source (`[a-z]`, `\p{L}`, `\u{41}`) as `RegExp` writes
 * it in Unicode mode. One character is asked at a time, so whatever it is takes constant time.
 */
export function charSet(source: string, ignoreCase: boolean): CharSet {
  const one = new RegExp(`^${source}$`, ignoreCase ? "isu" : "su");
  const ascii = new Uint8Array(asciiCount);
  for (let codePoint = 0; codePoint < asciiCount; codePoint += 1) ascii[codePoint] = one.test(String.fromCodePoint(codePoint)) ? 1 : 0;
  return { has: (codePoint) => (codePoint < asciiCount ? ascii[codePoint] === 1 : one.test(String.fromCodePoint(codePoint))) };
}

/** A character as a class that holds only it. */
export function literalSource(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** RE2's classes: of ASCII alone, whatever the language of the text. */
export const classSources: Readonly<Record<string, string>> = { d: "0-9", w: "0-9A-Za-z_", s: "\\t\\n\\f\\r\\x20" };

/** `[:alpha:]` and its like. */
export const posixSources: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7f",
  blank: "\\t\\x20",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "\\x21-\\x7e",
  lower: "a-z",
  print: "\\x20-\\x7e",
  punct: "\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e",
  space: "\\t\\n\\v\\f\\r\\x20",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** `L`, `Lu`, or a script's name, as `RegExp` writes it; `null` where Unicode has none of this name. */
export function propertySource(name: string, negated: boolean): string | null {
  if (!/^\w+$/.test(name)) return null;
  for (const source of [`\\${negated ? "P" : "p"}{${name}}`, `\\${negated ? "P" : "p"}{Script=${name}}`]) {
    try {
      return new RegExp(source, "u").unicode ? source : null;
    } catch {
      continue;
    }
  }
  return null;
}
