import { charSet } from "./char-set.ts";
import { readClass, readEscape, type PatternReader } from "./read-class.ts";
import type { Assertion, PatternNode } from "./pattern-node.ts";

export type ParsedPattern = { readonly kind: "parsed"; readonly node: PatternNode } | { readonly kind: "invalid"; readonly reason: string };

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
}

const depthMax = 50;
const repeatMax = 1_000;

/** What is wrong with a pattern; it never leaves `parsePattern`. */
class PatternFault extends Error {}

/** Reads RE2's syntax, but for what says which of several matches is meant (lazy repetition): all of them are. */
export function parsePattern(text: string): ParsedPattern {
  try {
    const parser = new PatternParser(text);
    return { kind: "parsed", node: parser.parse() };
  } catch (error) {
    if (error instanceof PatternFault) return { kind: "invalid", reason: error.message };
    throw error;
  }
}

const assertions: Readonly<Record<string, Assertion>> = { b: "word-edge", B: "no-word-edge", A: "text-start", z: "text-end" };

class PatternParser implements PatternReader {
  readonly text: string;
  at = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  parse(): PatternNode {
    const node = this.#choice({ ignoreCase: false, dotAll: false, multiline: false });
    if (this.at < this.text.length) this.fail("has a `)` that closes nothing");
    return node;
  }

  fail(reason: string): never {
    throw new PatternFault(reason);
  }

  /** The next character, a whole code point, or nothing at the end. */
  peek(): string {
    const codePoint = this.text.codePointAt(this.at);
    return codePoint === undefined ? "" : String.fromCodePoint(codePoint);
  }

  next(): string {
    const character = this.peek();
    if (character === "") this.fail("ends in the middle");
    this.at += character.length;
    return character;
  }

  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  #choice(outer: Flags): PatternNode {
    this.#depth += 1;
    if (this.#depth > depthMax) this.fail(`has groups in groups, more than ${depthMax} deep`);
    let flags = outer;
    const options: PatternNode[] = [];
    let parts: PatternNode[] = [];
    while (this.at < this.text.length && this.peek() !== ")") {
      if (this.take("|")) {
        options.push({ kind: "sequence", parts });
        parts = [];
        continue;
      }
      const set = this.#flagsOnly(flags);
      if (set !== null) {
        flags = set;
        continue;
      }
      parts.push(this.#repeated(this.#atom(flags)));
    }
    this.#depth -= 1;
    options.push({ kind: "sequence", parts });
    return options.length === 1 ? { kind: "sequence", parts } : { kind: "choice", options };
  }

  /** `(?i)`: what holds from here to the end of the group. */
  #flagsOnly(flags: Flags): Flags | null {
    const [whole, letters] = /^\(\?([a-zA-Z-]+)\)/.exec(this.text.slice(this.at, this.at + 20)) ?? [];
    if (whole === undefined || letters === undefined) return null;
    this.at += whole.length;
    return this.#flagged(flags, letters);
  }

  #flagged(flags: Flags, letters: string): Flags {
    const [on = "", off = "", ...rest] = letters.split("-");
    if (rest.length > 0 || !/^[ims]*$/.test(on + off)) this.fail(`has the unknown flags \`${letters}\``);
    const decide = (letter: string, before: boolean) => (on.includes(letter) ? true : off.includes(letter) ? false : before);
    return { ignoreCase: decide("i", flags.ignoreCase), multiline: decide("m", flags.multiline), dotAll: decide("s", flags.dotAll) };
  }

  #atom(flags: Flags): PatternNode {
    const character = this.next();
    switch (character) {
      case "(":
        return this.#group(flags);
      case "[":
        return { kind: "set", set: charSet(readClass(this), flags.ignoreCase) };
      case ".":
        return { kind: "set", set: charSet(flags.dotAll ? "." : "[^\\n]", false) };
      case "^":
        return { kind: "assertion", assertion: flags.multiline ? "line-start" : "text-start" };
      case "$":
        return { kind: "assertion", assertion: flags.multiline ? "line-end" : "text-end" };
      case "*":
      case "+":
      case "?":
        return this.fail(`has a \`${character}\` that repeats nothing`);
      case "\\": {
        const assertion = assertions[this.peek()];
        if (assertion !== undefined) {
          this.next();
          return { kind: "assertion", assertion };
        }
        return { kind: "set", set: charSet(`[${readEscape(this)}]`, flags.ignoreCase) };
      }
      default:
        return { kind: "set", set: charSet(`\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`, flags.ignoreCase) };
    }
  }

  #group(outer: Flags): PatternNode {
    let flags = outer;
    if (this.take("?")) {
      const [head] = /^(?:P?<[A-Za-z]\w*>|[a-zA-Z-]*:)/.exec(this.text.slice(this.at, this.at + 200)) ?? [];
      if (head === undefined) this.fail("looks around with `(?=`, `(?!`, `(?<=` or `(?<!`, or has a group of an unknown kind");
      this.at += head.length;
      if (head.endsWith(":")) flags = this.#flagged(outer, head.slice(0, -1));
    }
    const node = this.#choice(flags);
    if (!this.take(")")) this.fail("has a `(` that is not closed");
    return node;
  }

  #repeated(node: PatternNode): PatternNode {
    const range = this.#quantifier();
    if (range === null) return node;
    if (node.kind === "assertion") this.fail("repeats a place, not a text");
    if (this.peek() === "?")
      this.fail(
        "repeats lazily (`*?`), which means nothing here: all that any match covers is masked. Say what it must not pass, as in `[^;]*`",
      );
    if (this.#quantifier() !== null) this.fail("repeats a repetition; put it into a group");
    return { kind: "repeat", node, ...range };
  }

  #quantifier(): { readonly min: number; readonly max: number | null } | null {
    if (this.take("*")) return { min: 0, max: null };
    if (this.take("+")) return { min: 1, max: null };
    if (this.take("?")) return { min: 0, max: 1 };
    const [whole, least, comma, most] = /^\{(\d{1,9})(?:(,)(\d{0,9}))?\}/.exec(this.text.slice(this.at, this.at + 25)) ?? [];
    if (whole === undefined) return null;
    this.at += whole.length;
    const min = Number(least);
    const max = comma === undefined ? min : most === "" ? null : Number(most);
    if (min > repeatMax || (max ?? 0) > repeatMax) this.fail(`repeats more than ${repeatMax} times`);
    if (max !== null && max < min) this.fail(`repeats \`${whole}\` times, more at least than at most`);
    return { min, max };
  }
}
