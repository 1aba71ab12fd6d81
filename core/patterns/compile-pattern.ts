import type { CharSet } from "./char-set.ts";
import { parsePattern } from "./parse-pattern.ts";
import type { Assertion, PatternNode } from "./pattern-node.ts";

/** A step of a program: where it goes on is an index into the program. */
export type Step =
  | { readonly kind: "set"; readonly set: CharSet; readonly next: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion; readonly next: number }
  | { readonly kind: "split"; readonly next: number; readonly other: number }
  | { readonly kind: "end" };

/** A pattern as a nondeterministic automaton. */
export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  /** Whether a match may begin with a character: most characters of a text begin none. */
  readonly mayBegin: (codePoint: number) => boolean;
}

export type CompiledPattern =
  | { readonly kind: "program"; readonly program: Program }
  | { readonly kind: "invalid"; readonly reason: string };

/** Each character of a text costs at most so many steps, so that a pattern's cost is bounded beside the text's length. */
const stepsMax = 1_000;

/**
 * Compiles a pattern by Thompson's construction (K. Thompson, "Regular Expression Search Algorithm", CACM 11, 1968), from its
 * end to its start.
 */
export function compilePattern(text: string): CompiledPattern {
  const parsed = parsePattern(text);
  if (parsed.kind === "invalid") return parsed;
  const steps: Step[] = [{ kind: "end" }];
  const start = emit(steps, parsed.node, 0);
  if (start === null) return { kind: "invalid", reason: `is too large: its repetitions come to more than ${stepsMax} steps` };
  return { kind: "program", program: { steps, start, mayBegin: beginnings(steps, start) } };
}

/** What may come first: the sets that are reached from the start without a character. */
function beginnings(steps: readonly Step[], start: number): (codePoint: number) => boolean {
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
  return (codePoint) => (codePoint < 128 ? ascii[codePoint] === 1 : sets.some((set) => set.has(codePoint)));
}

function add(steps: Step[], step: Step): number | null {
  if (steps.length >= stepsMax) return null;
  steps.push(step);
  return steps.length - 1;
}

/** Adds the steps of a node that go on at `next`; where they start, or `null` where they become too many. */
function emit(steps: Step[], node: PatternNode, next: number): number | null {
  switch (node.kind) {
    case "set":
      return add(steps, { kind: "set", set: node.set, next });
    case "assertion":
      return add(steps, { kind: "assertion", assertion: node.assertion, next });
    case "sequence":
      return node.parts.reduceRight<number | null>((after, part) => (after === null ? null : emit(steps, part, after)), next);
    case "choice":
      return node.options.reduceRight<number | null>((other, option, index) => {
        if (other === null) return null;
        const start = emit(steps, option, next);
        if (start === null || index === node.options.length - 1) return start;
        return add(steps, { kind: "split", next: start, other });
      }, next);
    case "repeat":
      return emitRepeat(steps, node, next);
  }
}

function emitRepeat(steps: Step[], { node, min, max }: Extract<PatternNode, { kind: "repeat" }>, end: number): number | null {
  let next: number | null = end;
  if (max === null) {
    // A loop goes back to a step that is only known when its body is there.
    const loop = add(steps, { kind: "split", next: end, other: end });
    if (loop === null) return null;
    const body = emit(steps, node, loop);
    if (body === null) return null;
    steps[loop] = { kind: "split", next: body, other: end };
    next = loop;
  } else {
    for (let count = min; count < max && next !== null; count += 1) {
      const body: number | null = emit(steps, node, next);
      next = body === null ? null : add(steps, { kind: "split", next: body, other: end });
    }
  }
  for (let count = 0; count < min && next !== null; count += 1) next = emit(steps, node, next);
  return next;
}
