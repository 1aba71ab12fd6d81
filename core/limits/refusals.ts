import type { RateDecision } from "./gcra.ts";
import type { BudgetStanding, EscrowTerms, RateStanding, Refusal } from "./limiter-rpc.ts";
import type { RegionRate } from "./region-rate.ts";

/** Rights come back as calls end, which takes seconds. */
const inFlightRetryMs = 1_000;

interface ShortBook {
  readonly terms: EscrowTerms;
  readonly counted: string;
  readonly window: { readonly endMs: number | null };
  /** As the root said last; `null`: it said nothing. */
  readonly standing: BudgetStanding | null;
  readonly book: { readonly free: number };
}

/** Why a call of `amount` is refused that a budget has too little for. */
export function refusalOfBook(
  { terms, counted, window, standing, book }: ShortBook,
  amount: number,
  regionLimit: number | null,
  nowMs: number,
): Refusal {
  const limit = regionLimit ?? terms.total;
  const spent = standing?.spent ?? 0;
  const left = Math.max(0, terms.total - spent - (standing?.reserved ?? 0));
  // What calls under way leave unspent may be enough; if not, only a new window is.
  const mayFitSoon = terms.unit === "calls" || (amount <= terms.total - spent && left < terms.total - spent);
  const retryAfterMs = mayFitSoon ? inFlightRetryMs : window.endMs === null ? null : Math.max(1, window.endMs - nowMs);
  return {
    kind: "refused",
    limitId: terms.limitId,
    counted,
    unit: terms.unit,
    limit,
    left,
    affordable: Math.max(0, book.free),
    retryAfterMs: amount > limit ? null : retryAfterMs,
    standings: [],
  };
}

/** Why a call is refused that a rate has no room for. */
export function refusalOfRate(
  { rate, counted }: { readonly rate: RegionRate; readonly counted: string },
  decision: Exclude<RateDecision, { kind: "admitted" }>,
  standings: readonly RateStanding[],
  nowMs: number,
): Refusal {
  const { terms } = rate;
  const { remaining, resetMs } = rate.standing(nowMs);
  const tooLarge = rate.isWhole ? null : resetMs;
  return {
    kind: "refused",
    limitId: terms.limitId,
    counted,
    unit: terms.unit,
    limit: terms.rate.limit,
    left: remaining,
    affordable: remaining,
    retryAfterMs: decision.kind === "limited" ? decision.retryAfterMs : tooLarge,
    standings,
  };
}
