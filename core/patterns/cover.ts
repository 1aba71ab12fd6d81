import type { Program, Step } from "./compile-pattern.ts";
import type { Assertion } from "./pattern-node.ts";

/** A piece of a text: `end` is the index after it, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A character's code point, and what stands for none at the text's ends. */
const none = -1;

/** Threads of one position: the steps they wait at, oldest start first, each step once. */
interface Threads {
  readonly steps: number[];
  readonly starts: number[];
}

/**
 * All pieces of a text that some match of a program covers, joined where they overlap; a match of nothing is none. One pass,
 * in time linear in the text and the program: at each character every step is waited at by one thread at most, the one that
 * began first (R. Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009, with a start kept for each thread).
 */
export function coverOf({ steps, start }: Program, text: string): Range[] {
  const first = firstSets(steps, start);
  const seenAt = new Int32Array(steps.length).fill(none);
  const covered: Range[] = [];
  let now: Threads = { steps: [], starts: [] };
  let before = none;
  const stack: number[] = [];

  /** Adds what a thread may wait at from a step on. */
  const follow = (into: Threads, from: number, began: number, at: number, codePoint: number): void => {
    stack.push(from);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (seenAt[index] === at) continue;
      seenAt[index] = at;
      const step = steps[index];
      if (step === undefined) continue;
      switch (step.kind) {
        case "set":
          into.steps.push(index);
          into.starts.push(began);
          break;
        case "split":
          stack.push(step.other, step.next);
          break;
        case "assertion":
          if (holds(step.assertion, before, codePoint)) stack.push(step.next);
          break;
        case "end":
          if (began < at) cover(covered, began, at);
          break;
      }
    }
  };

  for (let at = 0; at <= text.length;) {
    const codePoint = at < text.length ? (text.codePointAt(at) ?? none) : none;
    const reached: Threads = { steps: [], starts: [] };
    for (const [place, index] of now.steps.entries()) follow(reached, index, now.starts[place] ?? at, at, codePoint);
    if (first(codePoint)) follow(reached, start, at, at, codePoint);
    if (codePoint === none) break;
    const next: Threads = { steps: [], starts: [] };
    for (const [place, index] of reached.steps.entries()) {
      const step = steps[index];
      if (step?.kind !== "set" || !step.set.has(codePoint)) continue;
      next.steps.push(step.next);
      next.starts.push(reached.starts[place] ?? at);
    }
    now = next;
    before = codePoint;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return covered;
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

/** Whether a match may begin with a character: most characters of a text begin none. */
function firstSets(steps: readonly Step[], start: number): (codePoint: number) => boolean {
  const seen = new Set<number>();
  const waiting = [start];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const step = steps[index];
    if (step === undefined || seen.has(index)) continue;
    seen.add(index);
    if (step.kind === "split") waiting.push(step.next, step.other);
    if (step.kind === "assertion") waiting.push(step.next);
  }
  const sets = steps.flatMap((step, index) => (step.kind === "set" && seen.has(index) ? [step.set] : []));
  const ascii = Uint8Array.from({ length: 128 }, (_, codePoint) => (sets.some((set) => set.has(codePoint)) ? 1 : 0));
  return (codePoint) => codePoint !== none && (codePoint < 128 ? ascii[codePoint] === 1 : sets.some((set) => set.has(codePoint)));
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
