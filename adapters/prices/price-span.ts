import { bookRates } from "./price-book.ts";
import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import type { Span } from "#core/contracts/span.ts";
import { priceUsage } from "#core/gateway/cost.ts";
import { overrideRates } from "#core/gateway/price-override.ts";
import { providerRow } from "#core/providers/providers.ts";

/** The span with what its usage cost at the time it was received; where the sender told that, or without usage or a known price, it stays as it is. */
export function priceSpan(span: Span, overrides: Pick<KeySnapshot, "priceOverrides">, nowMs: number): Span {
  if (span.usage === null || span.cost !== null) return span;
  const models = [span.modelServed, span.modelRequested];
  const rates =
    overrideRates(overrides, span.provider, models) ?? bookRates(providerRow(span.provider)?.priceBookId ?? null, models, nowMs);
  return rates === null ? span : { ...span, cost: priceUsage(span.usage, rates) };
}
