import { calcPrice, type ModelPrice } from "@pydantic/genai-prices";
import type { PricedRates, RateTier, Rates } from "#core/contracts/cost.ts";

const priceVersion = "genai-prices@0.1.8";

/** Some prices depend on the time of day. What is asked of one minute is answered alike, whenever it is asked. */
const minuteMs = 60_000;
const rememberedMax = 2_000;
const remembered = new Map<string, PricedRates | null>();

/**
 * Rates of the price book for the first of the models that it knows; `null` where it knows none.
 * `bookProvider`: the provider's id in the book, `null` where it has none.
 */
export function bookRates(bookProvider: string | null, models: readonly string[], nowMs: number): PricedRates | null {
  if (bookProvider === null) return null;
  for (const model of models) {
    const rates = model === "" ? null : ratesOf(bookProvider, model, nowMs);
    if (rates !== null) return rates;
  }
  return null;
}

function ratesOf(bookProvider: string, model: string, nowMs: number): PricedRates | null {
  const minute = Math.floor(nowMs / minuteMs);
  const name = `${minute}/${bookProvider}/${model}`;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  if (remembered.size >= rememberedMax) remembered.clear();
  const rates = lookUp(bookProvider, model, minute * minuteMs);
  remembered.set(name, rates);
  return rates;
}

function lookUp(bookProvider: string, model: string, nowMs: number): PricedRates | null {
  const result = calcPrice({ input_tokens: 1 }, model, { providerId: bookProvider, timestamp: new Date(nowMs) });
  if (result === null) return null;
  const price = result.model_price;
  if (price["input_mtok"] === undefined || Object.keys(price).some(isUnseenOutput)) return null;
  return { source: "price-book", priceVersion, requestNanoUsd: requestNanoUsd(price), tiers: tiersOf(price) };
}

const seenOutputs: ReadonlySet<string> = new Set(["output_mtok", "output_reasoning_mtok", "output_audio_mtok"]);

/** Output with a price of its own that a usage block does not tell from the rest: images, video, citations. */
function isUnseenOutput(name: string): boolean {
  return name.startsWith("output_") && !seenOutputs.has(name);
}

/** Perplexity's fee for each request, which the book gives in dollars for a thousand. */
function requestNanoUsd(price: ModelPrice): number {
  const usdPerThousand = price["requests_kcount"];
  return typeof usdPerThousand === "number" ? Math.round(usdPerThousand * 1e6) : 0;
}

function tiersOf(price: ModelPrice): PricedRates["tiers"] {
  const starts = Object.values(price).flatMap((value) => (typeof value === "object" ? value.tiers.map((tier) => tier.start) : []));
  const tierAbove = (start: number): RateTier => ({
    // The book's tier holds for more than `start` tokens.
    fromInputTokens: start + 1,
    ratesNanoUsdPerThousand: ratesAbove(price, start),
  });
  const rising = [...new Set(starts)].toSorted((left, right) => left - right);
  return [{ fromInputTokens: 0, ratesNanoUsdPerThousand: ratesAbove(price, -1) }, ...rising.map(tierAbove)];
}

/** The book counts inclusively: a part without a rate of its own costs what the whole costs. Audio never does. */
function ratesAbove(price: ModelPrice, start: number): Rates {
  const rate = (name: string): number | null => {
    const value = price[name];
    if (value === undefined) return null;
    const usdPerMillion = typeof value === "number" ? value : (value.tiers.findLast((tier) => tier.start <= start)?.price ?? value.base);
    return Math.round(usdPerMillion * 1e6);
  };
  const inputTokens = rate("input_mtok");
  const outputTokens = rate("output_mtok");
  return {
    inputTokens,
    inputCachedTokens: rate("cache_read_mtok") ?? inputTokens,
    cacheWriteTokens: rate("cache_write_5m_mtok") ?? rate("cache_write_mtok") ?? inputTokens,
    cacheWriteHourTokens: rate("cache_write_1h_mtok") ?? rate("cache_write_mtok") ?? inputTokens,
    inputAudioTokens: rate("input_audio_mtok"),
    inputImageTokens: rate("input_image_mtok") ?? inputTokens,
    outputTokens,
    reasoningTokens: rate("output_reasoning_mtok") ?? outputTokens,
    outputAudioTokens: rate("output_audio_mtok"),
  };
}
