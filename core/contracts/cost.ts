import * as z from "zod";
import { nanoUsdSchema } from "./money.ts";
import { perBucket, type UsageBucket } from "./usage.ts";

/** Where a cost comes from: our price book, an override of the organisation, or the word of who sent the span. */
export const costSourceSchema = z.enum(["price-book", "override", "sender"]);

/** What a call cost. A call whose model has no known price has no `Cost` at all (`null`), never one of 0. */
export const costSchema = z.object({
  source: costSourceSchema,
  /** Which edition of the rates was used, e.g. `genai-prices@0.1.8`; empty where the sender told the cost. */
  priceVersion: z.string(),
  buckets: perBucket(nanoUsdSchema, nanoUsdSchema.prefault(0)),
  /** The buckets together, and the provider's fee for the request itself where it takes one; the sender may know the total alone. */
  totalNanoUsd: nanoUsdSchema,
});
export type Cost = z.infer<typeof costSchema>;

/**
 * Nano-dollars for 1,000 tokens of each bucket: a rate of $0.001 a million tokens is still a whole number.
 * `null`: the rate is not known.
 */
export type Rates = Readonly<Record<UsageBucket, number | null>>;

/** The rates for calls with at least so many input tokens (all input buckets together). */
export interface RateTier {
  readonly fromInputTokens: number;
  readonly ratesNanoUsdPerThousand: Rates;
}

/** Rates with their origin, as the price adapter and overrides give them. The first tier starts at 0; they rise. */
export interface PricedRates {
  readonly source: Exclude<Cost["source"], "sender">;
  readonly priceVersion: string;
  /** What each request costs beside its tokens; 0 with most providers. */
  readonly requestNanoUsd: number;
  readonly tiers: readonly [RateTier, ...RateTier[]];
}
