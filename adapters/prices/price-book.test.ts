import { calcPrice, findProvider } from "@pydantic/genai-prices";
import { describe, test } from "vitest";
import { priceUsage } from "#core/gateway/cost.ts";
import { providers } from "#core/providers/providers.ts";
import { bookRates } from "./price-book.ts";

const atMs = Date.parse("2026-11-01T12:00:00Z");
const usageOf = (input: number, cached: number, written: number, output: number) => ({
  inputTokens: input,
  inputCachedTokens: cached,
  cacheWriteTokens: written,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: output,
  reasoningTokens: 0,
  outputAudioTokens: 0,
});

describe("bookRates", () => {
  test("every model of our providers costs what the book's own calculation gives, tiers and request fees included", ({ expect }) => {
    const bookIds = ["anthropic", ...Object.values(providers).map((row) => row.priceBookId)];
    const models = bookIds.flatMap((provider) => findProvider({ providerId: provider })?.models.map(({ id }) => ({ provider, id })) ?? []);
    expect(models.length).toBeGreaterThan(500);
    const unpriced: string[] = [];
    for (const { provider, id } of models) {
      const rates = bookRates(provider, [id], atMs);
      if (rates === null) {
        unpriced.push(`${provider}/${id}`);
        continue;
      }
      for (const tokens of [1, 100_000, 400_000]) {
        const hasOutput = rates.tiers[0].ratesNanoUsdPerThousand.outputTokens !== null;
        const [output, reasoning] = hasOutput ? [tokens, 2 * tokens] : [0, 0];
        const ours = priceUsage(
          { ...usageOf(tokens, 2 * tokens, 3 * tokens, output), cacheWriteHourTokens: 4 * tokens, reasoningTokens: reasoning },
          rates,
        );
        const usage = {
          input_tokens: 10 * tokens,
          cache_read_tokens: 2 * tokens,
          cache_write_tokens: 7 * tokens,
          cache_write_5m_tokens: 3 * tokens,
          cache_write_1h_tokens: 4 * tokens,
          output_tokens: output + reasoning,
          output_reasoning_tokens: reasoning,
        };
        const book = calcPrice(usage, id, { providerId: provider, timestamp: new Date(atMs) });
        const difference = (ours?.totalNanoUsd ?? Number.NaN) - (book?.total_price ?? 0) * 1e9;
        // A rate is a whole number of nano-dollars for 1,000 tokens, a bucket a whole number of them.
        expect(Math.abs(difference), `${provider}/${id} at ${tokens}`).toBeLessThan(3 + (9 * tokens) / 2_000);
      }
    }
    // Without a price for tokens, or with output whose price depends on what a usage block does not tell.
    const untold = ["output_image_mtok", "output_video_mtok", "output_citation_mtok"];
    const reasons = unpriced.filter((name) => {
      const [provider, ...id] = name.split("/");
      const price = calcPrice({ input_tokens: 1 }, id.join("/"), { providerId: String(provider), timestamp: new Date(atMs) })?.model_price;
      return price?.["input_mtok"] !== undefined && !untold.some((key) => key in price);
    });
    expect(reasons).toEqual([]);
  });

  test("Perplexity's fee for a request is part of the price", ({ expect }) => {
    const rates = bookRates("perplexity", ["sonar"], atMs);
    if (rates === null) throw new Error("the book knows this model");
    const book = calcPrice({ input_tokens: 1000, output_tokens: 500 }, "sonar", { providerId: "perplexity", timestamp: new Date(atMs) });
    const cost = priceUsage(usageOf(1000, 0, 0, 500), rates);
    expect(cost).toMatchObject({ buckets: { inputTokens: 1_000_000, outputTokens: 500_000 } });
    expect(cost?.totalNanoUsd).toBe(Math.round((book?.total_price ?? 0) * 1e9));
    expect(rates.requestNanoUsd).toBeGreaterThan(0);
  });

  test("a model whose output is priced by more than a usage block tells has no price", ({ expect }) => {
    expect(bookRates("google", ["gemini-2.5-flash-image"], atMs)).toBeNull();
    expect(bookRates("perplexity", ["sonar-deep-research"], atMs)).toBeNull();
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
