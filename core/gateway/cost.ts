import type { Cost, PricedRates, Rates } from "../contracts/cost.ts";
import { isNanoUsd, nanoUsdSchema, type NanoUsd } from "../contracts/money.ts";
import { usageBuckets, type Usage } from "../contracts/usage.ts";

const inputBuckets = [
  "inputTokens",
  "inputCachedTokens",
  "cacheWriteTokens",
  "cacheWriteHourTokens",
  "inputAudioTokens",
  "inputImageTokens",
] as const;

/**
 * What a call cost at these rates: each bucket rounded half up to a whole nano-dollar, the total their sum and the fee
 * for the request. The tier is chosen by all input tokens together, and prices the whole call, output included.
 *
 * @returns `null` where a bucket with tokens has no known rate (a part of a price is not a price), or where the usage is
 * so absurd that a sum is no safe integer.
 */
export function priceUsage(usage: Usage, priced: PricedRates): Cost | null {
  const rates = ratesAt(
    priced,
    inputBuckets.reduce((sum, bucket) => sum + usage[bucket], 0),
  );
  const buckets: Record<keyof Rates, NanoUsd> = {
    inputTokens: zero,
    inputCachedTokens: zero,
    cacheWriteTokens: zero,
    cacheWriteHourTokens: zero,
    inputAudioTokens: zero,
    inputImageTokens: zero,
    outputTokens: zero,
    reasoningTokens: zero,
    outputAudioTokens: zero,
  };
  let total = priced.requestNanoUsd;
  for (const bucket of usageBuckets) {
    if (usage[bucket] === 0) continue;
    const rate = rates[bucket];
    if (rate === null) return null;
    const nanoUsd = Math.round((usage[bucket] * rate) / 1000);
    if (!isNanoUsd(nanoUsd)) return null;
    buckets[bucket] = nanoUsd;
    total += nanoUsd;
  }
  return isNanoUsd(total) ? { source: priced.source, priceVersion: priced.priceVersion, buckets, totalNanoUsd: total } : null;
}

const zero = nanoUsdSchema.parse(0);

function ratesAt(priced: PricedRates, inputTokens: number): Rates {
  return (priced.tiers.findLast((tier) => tier.fromInputTokens <= inputTokens) ?? priced.tiers[0]).ratesNanoUsdPerThousand;
}
