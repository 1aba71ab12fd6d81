import type { Program } from "./compile-pattern.ts";
import type { Assertion } from "./pattern-node.ts";

/** A piece of a text: `end` is the index after it, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A character's code point, and what stands for none at the text's ends. */
const none = -1;

/** Threads of one position: the steps they wait at, oldest start first, each step once. */
class Threads {
  readonly steps: number[] = [];
  readonly starts: number[] = [];

  add(step: number, start: number): void {
    this.steps.push(step);
    this.starts.push(start);
  }

  clear(): void {
    this.steps.length = 0;
    this.starts.length = 0;
  }
}

/**
 * All pieces of a text that some match of a program covers, joined where they overlap; a match of nothing is none. One pass,
 * in time linear in the text and the program: at each character every step is waited at by one thread at most, the one that
 * began first (R. Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009, with a start kept for each thread).
 */
export function coverOf(program: Program, text: string): Range[] {
  const run = new Run(program);
  let before = none;
  for (let at = 0; at < text.length;) {
    const codePoint = text.codePointAt(at) ?? none;
    if (run.isWaiting || program.mayBegin(codePoint)) run.step(at, before, codePoint);
    before = codePoint;
    at += codePoint > 0xffff ? 2 : 1;
  }
  run.step(text.length, before, none);
  return run.covered;
}

/** A program on its way through a text. */
class Run {
  readonly covered: Range[] = [];
  readonly #program: Program;
  /** At which position a step was last reached. */
  readonly #seenAt: Int32Array;
  readonly #stack: number[] = [];
  readonly #reached = new Threads();
  /** Where the threads stand after the last character; read while the next one is taken. */
  readonly #waiting = new Threads();

  constructor(program: Program) {
    this.#program = program;
    this.#seenAt = new Int32Array(program.steps.length).fill(none);
  }

  get isWaiting(): boolean {
    return this.#waiting.steps.length > 0;
  }

  /** Goes over the character at an index, `none` at the text's end. */
  step(at: number, before: number, codePoint: number): void {
    const { steps, start, mayBegin } = this.#program;
    const [reached, waiting] = [this.#reached, this.#waiting];
    reached.clear();
    for (let place = 0; place < waiting.steps.length; place += 1)
      this.#follow(waiting.steps[place] ?? 0, waiting.starts[place] ?? at, { at, before, codePoint });
    waiting.clear();
    if (codePoint === none) return;
    if (mayBegin(codePoint)) this.#follow(start, at, { at, before, codePoint });
    for (let place = 0; place < reached.steps.length; place += 1) {
      const step = steps[reached.steps[place] ?? 0];
      if (step?.kind === "set" && step.set.has(codePoint)) waiting.add(step.next, reached.starts[place] ?? at);
    }
  }

  /** Adds what a thread that began at an index may wait at from a step on. */
  #follow(
    from: number,
    began: number,
    { at, before, codePoint }: { readonly at: number; readonly before: number; readonly codePoint: number },
  ): void {
    const stack = this.#stack;
    stack.push(from);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (this.#seenAt[index] === at) continue;
      this.#seenAt[index] = at;
      const step = this.#program.steps[index];
      if (step === undefined) continue;
      switch (step.kind) {
        case "set":
          this.#reached.add(index, began);
          break;
        case "split":
          stack.push(step.other, step.next);
          break;
        case "assertion":
          if (holds(step.assertion, before, codePoint)) stack.push(step.next);
          break;
        case "end":
          if (began < at) cover(this.covered, began, at);
          break;
      }
    }
  }
}

/** Joins a piece with those before it that it overlaps; pieces come by their ends. */
function cover(covered: Range[], start: number, end: number): void {
  let from = start;
  for (let last = covered.at(-1); last !== undefined && last.end > from; last = covered.at(-1)) {
    from = Math.min(from, last.start);
    covered.pop();
  }
  covered.push({ start: from, end });
}

const lineFeed = 0x0a;

function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case "text-start":
      return before === none;
    case "text-end":
      return after === none;
    case "line-start":
      return before === none || before === lineFeed;
    case "line-end":
      return after === none || after === lineFeed;
    case "word-edge":
      return isWord(before) !== isWord(after);
    case "no-word-edge":
      return isWord(before) === isWord(after);
  }
}

function isWord(codePoint: number): boolean {
  return (
    (codePoint >= 0x30 && codePoint <= 0x39) ||
    (codePoint >= 0x41 && codePoint <= 0x5a) ||
    (codePoint >= 0x61 && codePoint <= 0x7a) ||
    codePoint === 0x5f
  );
}
