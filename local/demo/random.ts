/** A bank to draw from; never empty. */
export type Bank<Value> = readonly [Value, ...Value[]];

/** The words of a text, as a bank. */
export function wordsOf(text: string): Bank<string> {
  return listOf(text, /\s+/);
}

/** The lines of a text, as a bank. */
export function linesOf(text: string): Bank<string> {
  return listOf(text, "\n");
}

function listOf(text: string, separator: string | RegExp): Bank<string> {
  const [first = "", ...others] = text
    .trim()
    .split(separator)
    .map((part) => part.trim());
  return [first, ...others];
}

/**
 * Numbers that look random and follow from the seed alone: sfc32 by Chris Doty-Humphrey (PractRand), which passes
 * its author's tests and is a few additions a number; seeded through FNV-1a of the seed's text.
 */
export class Random {
  #a = 0x9e3779b9;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (let index = 0; index < seed.length; index += 1) hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
    this.#b = hash;
    this.#c = Math.imul(hash, 0x85ebca6b) ^ seed.length;
    for (let round = 0; round < 12; round += 1) this.uint32();
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** In [0, 1). */
  unit(): number {
    return this.uint32() / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** A whole number of [from, to]. */
  int(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  pick<Value>(bank: Bank<Value>): Value {
    return bank[Math.floor(this.unit() * bank.length)] ?? bank[0];
  }

  /** As words are used: the first ones of a bank far more often than the last. */
  pickCommon<Value>(bank: Bank<Value>): Value {
    const unit = this.unit();
    return bank[Math.floor(unit * unit * bank.length)] ?? bank[0];
  }

  /** One of the rows, each as often as its weight says. */
  pickWeighted<Row extends { readonly weight: number }>(rows: Bank<Row>): Row {
    let left = this.unit() * rows.reduce((sum, { weight }) => sum + weight, 0);
    return rows.find(({ weight }) => (left -= weight) < 0) ?? rows[0];
  }

  /** About normal, of mean 0 and deviation 1: the sum of twelve uniform ones less 6. */
  normal(): number {
    let sum = -6;
    for (let count = 0; count < 12; count += 1) sum += this.unit();
    return sum;
  }

  /** Log-normal: half of the values lie below `median`; `spread` is the deviation of the logarithm. */
  logNormal(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.uint32().toString(16).padStart(8, "0");
    return text.slice(0, digits);
  }

  /** `length` of these characters. */
  characters(alphabet: string, length: number): string {
    let text = "";
    for (let count = 0; count < length; count += 1) text += alphabet.charAt(Math.floor(this.unit() * alphabet.length));
    return text;
  }
}

/** Letters and digits of ids that providers give. */
export const idAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
