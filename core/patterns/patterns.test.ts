import fc from "fast-check";
import { describe, test } from "vitest";
import { compilePattern } from "./compile-pattern.ts";
import { coverOf } from "./cover.ts";

/** The covered pieces of a text; or why the pattern is none. */
function covered(pattern: string, text: string): string[] | string {
  const compiled = compilePattern(pattern);
  return compiled.kind === "invalid" ? compiled.reason : coverOf(compiled.program, text).map(({ start, end }) => text.slice(start, end));
}

/** The same, tried out: every piece of the text against `RegExp`, joined where they overlap. */
function coveredSlowly(source: string, text: string): string[] {
  const whole = new RegExp(`^(?:${source})$`, "u");
  const taken = Array.from({ length: text.length }, () => -1);
  for (let start = 0; start < text.length; start += 1) {
    for (let end = start + 1; end <= text.length; end += 1) {
      if (!whole.test(text.slice(start, end))) continue;
      for (let at = start; at < end; at += 1) taken[at] = Math.max(taken[at] ?? -1, end);
    }
  }
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = taken[at] ?? -1;
    if (end < 0) {
      at += 1;
      continue;
    }
    for (let inside = at; inside < end; inside += 1) end = Math.max(end, taken[inside] ?? -1);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

describe("a pattern", () => {
  test.for([
    ["EMP-\\d{6}", "see EMP-123456, EMP-12345 and EMP-1234567", ["EMP-123456", "EMP-123456"]],
    ["\\bEMP-\\d{6}\\b", "EMP-1234567 EMP-123456", ["EMP-123456"]],
    ["cat|category", "a category of cat", ["category", "cat"]],
    ["(?i)straße|ÉTÉ", "STRAßE été Ete", ["STRAßE", "été"]],
    ["(?:a(?i:b))+", "abaBAB", ["abaB"]],
    ["^a|c$", "abca c\nc", ["a", "c"]],
    ["(?m)^a|c$", "abc\na", ["a", "c", "a"]],
    ["a.c", "a\nc abc", ["abc"]],
    ["(?s)a.c", "a\nc abc", ["a\nc", "abc"]],
    ["[]a-c-]+", "x]a-cx", ["]a-c"]],
    ["[^a-c\\s]+", "abc d\te", ["d", "e"]],
    ["[[:upper:]\\d]{2,}", "aAB1c9", ["AB1"]],
    ["\\p{Greek}+|\\p{Lu}", "x λόγος Y", ["λόγος", "Y"]],
    ["\\x41\\x{1F600}\\.", "A😀. A😀x", ["A😀."]],
    ["(?P<digits>\\d)(?<rest>\\D)", "1a2", ["1a"]],
    ["a{2}b{0,1}c{1,}", "aabcc aac abc", ["aabcc", "aac"]],
    // All that any match covers: none of these is the one that is meant.
    ["\\d{4}", "123456 123", ["123456"]],
    ["x*", "aaxxa", ["xx"]],
    ["a{,2}", "a{,2}", ["a{,2}"]],
    ["", "abc", []],
  ] as const)("%s of %j is %j", ([pattern, text, pieces], { expect }) => {
    expect(covered(pattern, text)).toEqual(pieces);
  });

  test.for([
    ["(a", "has a `(` that is not closed"],
    ["a)", "has a `)` that closes nothing"],
    ["*a", "has a `*` that repeats nothing"],
    ["a**", "repeats a repetition; put it into a group"],
    ["^*", "repeats a place, not a text"],
    ["[a", "ends in the middle"],
    ["[z-a]", "has a range in `[…]` that holds nothing"],
    ["[\\d-z]", "has a range in `[…]` that holds nothing"],
    ["[[:nothing:]]", "has `[:nothing:]`, which is no class"],
    ["\\", "ends in the middle"],
    ["(a)\\1", "has the backreference `\\1`, which no linear time allows"],
    ["\\y", "has the unknown `\\y`"],
    ["\\p{Nothing}", "has `\\p{Nothing}`, which is no class of Unicode"],
    ["\\x{110000}", "has `\\x{110000}`, which is no character"],
    ["(?=a)", "looks around with `(?=`, `(?!`, `(?<=` or `(?<!`, or has a group of an unknown kind"],
    ["(?<!a)", "looks around with `(?=`, `(?!`, `(?<=` or `(?<!`, or has a group of an unknown kind"],
    ["(?x)a", "has the unknown flags `x`"],
    ["a{2,1}", "repeats `{2,1}` times, more at least than at most"],
    ["a{1001}", "repeats more than 1000 times"],
    ["(?:a{100}){100}", "is too large: its repetitions come to more than 1000 steps"],
    ["(".repeat(60), "has groups in groups, more than 50 deep"],
  ] as const)("%s is refused: it %s", ([pattern, reason], { expect }) => {
    expect(covered(pattern, "a")).toBe(reason);
  });

  test("that repeats lazily is refused, and told what to write instead", ({ expect }) => {
    expect(covered("a.*?b", "ab")).toContain("`[^;]*`");
  });

  const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "(?:a|bc)", "(?:ab)", "(?:|c)");
  const piece = fc.tuple(atom, fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,2}")).map(([node, times]) => node + times);
  const sequence = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(""));
  const pattern = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((options) => options.join("|"));

  test("covers what every piece of the text, tried one by one, covers", ({ expect }) => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom("a", "b", "c", "😀"), maxLength: 9 }), (source, text) => {
        const slowly = coveredSlowly(source, text);
        expect(covered(source, text)).toEqual(slowly);
      }),
      { numRuns: 500 },
    );
  });

  test.for(["(a*)*b", "(a|a)*b", "(a|aa)+$b", "a{0,200}b", ".*.*.*b", "(?:x+x+)+y"])(
    "%s takes time in proportion to the text",
    (source, { expect }) => {
      const compiled = compilePattern(source);
      if (compiled.kind === "invalid") throw new Error(compiled.reason);
      const { program } = compiled;
      const timeOf = (length: number) => {
        const text = (source.includes("x") ? "x" : "a").repeat(length);
        const fromMs = performance.now();
        expect(coverOf(program, text)).toEqual([]);
        return performance.now() - fromMs;
      };
      timeOf(2_000);
      const [short, long] = [Math.min(timeOf(2_000), timeOf(2_000)), Math.min(timeOf(20_000), timeOf(20_000))];
      // Ten times the text: a hundred times the time would be quadratic.
      expect(long).toBeLessThan(short * 40 + 50);
    },
  );
});
