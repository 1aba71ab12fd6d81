import fc from "fast-check";
import { describe, test } from "vitest";
import type { OutputBound } from "./output-bound.ts";
import { firstBlock, nextBlock } from "./stream-blocks.ts";

const output: OutputBound = {
  tokens: 16_384,
  answers: 1,
  extraTokens: 0,
  hasAudio: false,
  thinkingTokens: 0,
  capField: "max_tokens",
  isCapped: true,
};
const streamed = { streamed: true, fields: {} };

describe("a stream in blocks", () => {
  test("begins with a part of a long answer, and with all of a short one", ({ expect }) => {
    expect(firstBlock(streamed, "gpt-4o", output)).toBe(3_072);
    expect(firstBlock(streamed, "gpt-4o", { ...output, tokens: 3_072 })).toBeNull();
    expect(firstBlock({ ...streamed, streamed: false }, "gpt-4o", output)).toBeNull();
  });

  test("is none where a model writes what it does not send", ({ expect }) => {
    const of = (model: string, fields = {}) => firstBlock({ streamed: true, fields }, model, output) !== null;
    expect(["gpt-5", "o3-mini", "gemini-2.5-pro", "deepseek-reasoner", "a-model-of-tomorrow"].filter((model) => of(model))).toEqual([]);
    expect([of("claude-sonnet-4-5"), of("claude-sonnet-4-5", { thinking: { type: "enabled" } })]).toEqual([true, false]);
    expect(firstBlock(streamed, "gpt-4o", { ...output, answers: 2 })).toBeNull();
    expect(firstBlock(streamed, "gpt-4o", { ...output, hasAudio: true })).toBeNull();
  });

  test("is none where its answer has what is not read, and so neither counted nor written anew", ({ expect }) => {
    const of = (model: string, fields: object) => firstBlock({ streamed: true, fields: { ...fields } }, model, output) !== null;
    expect(of("gpt-4o", { functions: [{ name: "f" }] })).toBe(false);
    expect(of("gpt-4o", { function_call: "auto" })).toBe(false);
    expect(of("gpt-4o", { functions: null, function_call: null, tools: [{ type: "function", function: { name: "f" } }] })).toBe(true);
    expect(
      of("gpt-4.1", {
        tools: [
          { type: "function", name: "f" },
          { type: "custom", name: "c" },
        ],
      }),
    ).toBe(false);
    // In Anthropic's API that is what a caller's own tools are.
    expect(of("claude-sonnet-4-5", { tools: [{ type: "custom", name: "c" }] })).toBe(true);
    expect(of("gemini-2.0-flash-thinking-exp", {})).toBe(false);
    expect(of("gemini-2.0-flash-preview-image-generation", {})).toBe(false);
    expect(of("gemini-2.0-flash", {})).toBe(true);
    // As providers of chat completions ask Anthropic's models to think.
    expect(of("anthropic/claude-sonnet-4.5", { reasoning: { effort: "high" } })).toBe(false);
    expect(of("anthropic/claude-sonnet-4.5", { reasoning_effort: "high" })).toBe(false);
    expect(of("anthropic/claude-sonnet-4.5", {})).toBe(true);
  });

  test("always holds what has come and what is under way, and never more than its cap", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_000), { maxLength: 60 }), (pieces) => {
        let held = firstBlock(streamed, "gpt-4o", output) ?? 0;
        let written = 0;
        for (const piece of pieces) {
          written = Math.min(output.tokens, written + piece);
          held = nextBlock(held, written, output.tokens) ?? held;
          expect(held).toBeGreaterThanOrEqual(Math.min(output.tokens, written + 2_048));
          expect(held).toBeLessThanOrEqual(output.tokens);
        }
      }),
    );
  });
});
