import { calcPrice } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, test } from "vitest";
import { priceUsage } from "#core/gateway/cost.ts";
import { bookRates } from "./price-book.ts";

const atMs = Date.parse("2026-11-01T12:00:00Z");
const usageOf = (input: number, cached: number, written: number, output: number) => ({
  inputTokens: input,
  inputCachedTokens: cached,
  cacheWriteTokens: written,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: output,
  reasoningTokens: 0,
  outputAudioTokens: 0,
});

describe("bookRates", () => {
  test("whole nano-dollars agree with the book's own calculation, long-context tiers included", ({ expect }) => {
    const models = [
      ["openai", "gpt-4o-2024-08-06"],
      ["openai", "gpt-5-mini"],
      ["anthropic", "claude-sonnet-4-5"],
      ["google", "gemini-2.5-pro"],
      ["deepseek", "deepseek-chat"],
    ] as const;
    const tokens = fc.nat(400_000);
    fc.assert(
      fc.property(fc.constantFrom(...models), tokens, tokens, tokens, ([provider, model], input, cached, output) => {
        const rates = bookRates(provider, [model], atMs);
        const ours = rates === null ? null : priceUsage(usageOf(input, cached, 0, output), rates);
        const usage = { input_tokens: input + cached, cache_read_tokens: cached, output_tokens: output };
        const book = calcPrice(usage, model, { providerId: provider, timestamp: new Date(atMs) });
        expect(Math.abs((ours?.totalNanoUsd ?? Number.NaN) - (book?.total_price ?? 0) * 1e9)).toBeLessThan(2);
      }),
    );
  });

  test("a tier begins one token after its bound", ({ expect }) => {
    const rates = bookRates("anthropic", ["claude-sonnet-4-5"], atMs);
    if (rates === null) throw new Error("the book knows this model");
    expect(priceUsage(usageOf(200_000, 0, 0, 0), rates)?.totalNanoUsd).toBe(600_000_000);
    expect(priceUsage(usageOf(200_001, 0, 0, 0), rates)?.totalNanoUsd).toBe(1_200_006_000);
  });

  test("the first model that the book knows is the one that is priced", ({ expect }) => {
    expect(bookRates("openai", ["", "never-heard-of-it", "gpt-4o-mini"], atMs)).toEqual(bookRates("openai", ["gpt-4o-mini"], atMs));
  });

  test("an unknown model, and an unknown provider, have no price rather than a price of 0", ({ expect }) => {
    expect(bookRates("openai", ["never-heard-of-it"], atMs)).toBeNull();
    expect(bookRates(null, ["gpt-4o"], atMs)).toBeNull();
  });

  test("audio without a rate of its own makes the whole price unknown", ({ expect }) => {
    const rates = bookRates("openai", ["gpt-4o-mini"], atMs);
    if (rates === null) throw new Error("the book knows this model");
    expect(priceUsage({ ...usageOf(1, 0, 0, 1), inputAudioTokens: 5 }, rates)).toBeNull();
  });
});
