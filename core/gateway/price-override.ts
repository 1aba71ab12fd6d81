import type { PricedRates } from "../contracts/cost.ts";
import type { KeySnapshot } from "../contracts/key-snapshot.ts";

/**
 * The organisation's own rates for a model, `null` where it has none. A bucket left out costs what the bucket it is
 * a part of costs; a request costs its tokens only.
 */
export function overrideRates(
  snapshot: Pick<KeySnapshot, "priceOverrides">,
  provider: string,
  models: readonly string[],
): PricedRates | null {
  for (const model of models) {
    const override = snapshot.priceOverrides[`${provider}/${model}`];
    if (override === undefined) continue;
    const known = override.ratesNanoUsdPerThousand;
    return {
      source: "override",
      priceVersion: override.priceVersion,
      requestNanoUsd: 0,
      tiers: [
        {
          fromInputTokens: 0,
          ratesNanoUsdPerThousand: {
            inputTokens: known.inputTokens,
            inputCachedTokens: known.inputCachedTokens ?? known.inputTokens,
            cacheWriteTokens: known.cacheWriteTokens ?? known.inputTokens,
            cacheWriteHourTokens: known.cacheWriteHourTokens ?? known.cacheWriteTokens ?? known.inputTokens,
            inputAudioTokens: known.inputAudioTokens ?? known.inputTokens,
            inputImageTokens: known.inputImageTokens ?? known.inputTokens,
            outputTokens: known.outputTokens,
            reasoningTokens: known.reasoningTokens ?? known.outputTokens,
            outputAudioTokens: known.outputAudioTokens ?? known.outputTokens,
          },
        },
      ],
    };
  }
  return null;
}
