import { classSources, literalSource, posixSources, propertySource } from "./char-set.ts";

/** What reads a pattern from left to right. */
export interface PatternReader {
  readonly peek: () => string;
  readonly next: () => string;
  readonly take: (expected: string) => boolean;
  readonly fail: (reason: string) => never;
}

const controls: Readonly<Record<string, string>> = { a: "\\x07", f: "\\f", n: "\\n", r: "\\r", t: "\\t", v: "\\v" };

/** What follows a backslash, as it is written between `[` and `]` of a `RegExp`. */
export function readEscape(reader: PatternReader): string {
  const letter = reader.next();
  const lower = letter.toLowerCase();
  const source = classSources[lower];
  if (source !== undefined) return letter === lower ? source : (complements[letter] ?? reader.fail(`has the unknown \`\\${letter}\``));
  if (lower === "p") return readProperty(reader, letter === "P");
  if (letter === "x") return `\\u{${readHex(reader)}}`;
  const control = controls[letter];
  if (control !== undefined) return control;
  if (/\d/.test(letter)) return reader.fail(`has the backreference \`\\${letter}\`, which no linear time allows`);
  if (/[A-Za-z]/.test(letter)) return reader.fail(`has the unknown \`\\${letter}\``);
  return literalSource(letter);
}

/** Of `\D`, `\W` and `\S`: all other characters. */
const complements: Readonly<Record<string, string>> = {
  D: "\\x00-\\x2f\\x3a-\\u{10ffff}",
  W: "\\x00-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\u{10ffff}",
  S: "\\x00-\\x08\\x0b\\x0e-\\x1f\\x21-\\u{10ffff}",
};

/** The braces are optional round two digits; the letters of a property may stand alone. */
function readHex(reader: PatternReader): string {
  let digits = "";
  if (reader.take("{")) while (!reader.take("}")) digits += reader.next();
  else digits = reader.next() + reader.next();
  if (!/^[0-9A-Fa-f]{1,6}$/.test(digits) || Number.parseInt(digits, 16) > 0x10ffff)
    return reader.fail(`has \`\\x{${digits}}\`, which is no character`);
  return digits;
}

function readProperty(reader: PatternReader, negated: boolean): string {
  let name = "";
  if (reader.take("{")) while (!reader.take("}")) name += reader.next();
  else name = reader.next();
  return propertySource(name, negated) ?? reader.fail(`has \`\\p{${name}}\`, which is no class of Unicode`);
}

/** What follows a `[`, as the source of a `RegExp` class. */
export function readClass(reader: PatternReader): string {
  let source = reader.take("^") ? "[^" : "[";
  // A `]` that comes first is one of the characters.
  if (reader.take("]")) source += literalSource("]");
  while (!reader.take("]")) {
    if (reader.take("[:")) {
      source += readPosix(reader);
      continue;
    }
    const low = readMember(reader);
    if (reader.peek() !== "-") {
      source += low.source;
      continue;
    }
    reader.next();
    // A `-` that comes last is one of the characters.
    if (reader.peek() === "]") {
      source += low.source + literalSource("-");
      continue;
    }
    const high = readMember(reader);
    if (low.codePoint === null || high.codePoint === null || low.codePoint > high.codePoint)
      return reader.fail("has a range in `[…]` that holds nothing");
    source += `${low.source}-${high.source}`;
  }
  return `${source}]`;
}

function readPosix(reader: PatternReader): string {
  let name = "";
  while (!reader.take(":]")) name += reader.next();
  return posixSources[name] ?? reader.fail(`has \`[:${name}:]\`, which is no class`);
}

/** One character of a class (`codePoint`), or a class in it. */
function readMember(reader: PatternReader): { readonly source: string; readonly codePoint: number | null } {
  const character = reader.next();
  if (character !== "\\") return { source: literalSource(character), codePoint: character.codePointAt(0) ?? null };
  const source = readEscape(reader);
  const [, hex] = /^\\(?:u\{|x)([0-9a-fA-F]+)\}?$/.exec(source) ?? [];
  return { source, codePoint: hex === undefined ? (plainControls[source] ?? null) : Number.parseInt(hex, 16) };
}

const plainControls: Readonly<Record<string, number>> = { "\\f": 12, "\\n": 10, "\\r": 13, "\\t": 9, "\\v": 11 };
