import fc from "fast-check";
import { describe, test } from "vitest";
import type { PricedRates, Rates } from "../contracts/cost.ts";
import { costSchema } from "../contracts/cost.ts";
import type { Usage } from "../contracts/usage.ts";
import { priceUsage } from "./cost.ts";

const rates: Rates = {
  inputTokens: 1_000,
  inputCachedTokens: 100,
  cacheWriteTokens: 1_250,
  cacheWriteHourTokens: 2_000,
  inputAudioTokens: null,
  inputImageTokens: 1_000,
  outputTokens: 4_000,
  reasoningTokens: 4_000,
  outputAudioTokens: null,
};
const priced: PricedRates = {
  source: "override",
  priceVersion: "1",
  requestNanoUsd: 0,
  tiers: [
    { fromInputTokens: 0, ratesNanoUsdPerThousand: rates },
    { fromInputTokens: 100, ratesNanoUsdPerThousand: { ...rates, inputTokens: 2_000 } },
  ],
};
const none: Usage = {
  inputTokens: 0,
  inputCachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  outputAudioTokens: 0,
};

describe("priceUsage", () => {
  test("each bucket is rounded, and the total is their sum and the request's fee", ({ expect }) => {
    expect(priceUsage({ ...none, inputTokens: 7, inputCachedTokens: 5, outputTokens: 3 }, { ...priced, requestNanoUsd: 12_000 })).toEqual({
      source: "override",
      priceVersion: "1",
      buckets: { ...none, inputTokens: 7, inputCachedTokens: 1, outputTokens: 12 },
      totalNanoUsd: 12_020,
    });
  });

  test("the tier of all input tokens prices the whole call", ({ expect }) => {
    expect(priceUsage({ ...none, inputTokens: 60, inputCachedTokens: 40 }, priced)?.totalNanoUsd).toBe(124);
  });

  test("a bucket without a rate makes the whole unknown", ({ expect }) => {
    expect(priceUsage({ ...none, inputTokens: 1, inputAudioTokens: 1 }, priced)).toBeNull();
  });

  test("no usage, however absurd, throws or gives what is no whole number of nano-dollars", ({ expect }) => {
    expect(priceUsage({ ...none, outputTokens: Number.MAX_SAFE_INTEGER }, priced)).toBeNull();
    const nearest = Math.floor(Number.MAX_SAFE_INTEGER / 4);
    expect(priceUsage({ ...none, outputTokens: nearest, reasoningTokens: nearest }, priced)).toBeNull();
    const tokens = fc.maxSafeNat();
    const usages = fc.record({ inputTokens: tokens, inputCachedTokens: tokens, outputTokens: tokens, reasoningTokens: tokens });
    fc.assert(
      fc.property(usages, fc.maxSafeNat(), (usage, rate) => {
        const tier = { fromInputTokens: 0, ratesNanoUsdPerThousand: { ...rates, inputTokens: rate } };
        const cost = priceUsage({ ...none, ...usage }, { ...priced, tiers: [tier] });
        expect(cost === null || costSchema.safeParse(cost).success).toBe(true);
      }),
    );
  });
});
