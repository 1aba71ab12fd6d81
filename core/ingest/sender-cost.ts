import type { Cost } from "../contracts/cost.ts";
import { nanoUsdSchema, type NanoUsd } from "../contracts/money.ts";

const zero = nanoUsdSchema.parse(0);

/** A cost by the word of the sender, who may know the total alone, or what input and output cost. */
export function senderCost(
  totalNanoUsd: NanoUsd,
  { input = zero, output = zero }: { readonly input?: NanoUsd; readonly output?: NanoUsd } = {},
): Cost {
  return {
    source: "sender",
    priceVersion: "",
    buckets: {
      inputTokens: input,
      inputCachedTokens: zero,
      cacheWriteTokens: zero,
      cacheWriteHourTokens: zero,
      inputAudioTokens: zero,
      inputImageTokens: zero,
      outputTokens: output,
      reasoningTokens: zero,
      outputAudioTokens: zero,
    },
    totalNanoUsd,
  };
}
