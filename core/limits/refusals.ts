import type { RateDecision } from "./gcra.ts";
import type { EscrowTerms, RateStanding, Refusal, RegionStanding } from "./limiter-rpc.ts";
import type { RegionRate } from "./region-rate.ts";

/** Rights come back as calls end, which takes seconds. */
const inFlightRetryMs = 1_000;

interface ShortBook {
  readonly terms: EscrowTerms;
  readonly counted: string;
  readonly window: { readonly endMs: number | null };
  /** As the root said last; `null`: it said nothing. */
  readonly standing: RegionStanding | null;
  readonly book: { readonly free: number };
}

/** Why a call of `amount` is refused that a budget has too little for. */
export function refusalOfBook(
  { terms, counted, window, standing, book }: ShortBook,
  amount: number,
  regionLimit: number | null,
  nowMs: number,
): Refusal {
  const rooms = [roomOf(terms.total, standing), ...(regionLimit === null ? [] : [roomOf(regionLimit, standing?.inRegion ?? null)])];
  const { limit, left } = rooms.reduce((tightest, room) => (room.left < tightest.left ? room : tightest));
  // What calls under way leave unspent may be enough; if not, only a new window is.
  const areCallsUnderWay = rooms.some((room) => room.left < room.unspent);
  const mayFitSoon = terms.unit === "calls" || (areCallsUnderWay && rooms.every(({ unspent }) => amount <= unspent));
  const retryAfterMs = mayFitSoon ? inFlightRetryMs : window.endMs === null ? null : Math.max(1, window.endMs - nowMs);
  return {
    kind: "refused",
    limitId: terms.limitId,
    counted,
    unit: terms.unit,
    limit,
    left,
    affordable: Math.max(0, book.free),
    retryAfterMs: rooms.some((room) => amount > room.limit) ? null : retryAfterMs,
    standings: [],
  };
}

/** What of a limit is left, and would be if calls under way cost nothing. */
function roomOf(limit: number, standing: { readonly spent: number; readonly reserved: number } | null) {
  const unspent = Math.max(0, limit - (standing?.spent ?? 0));
  return { limit, unspent, left: Math.max(0, unspent - (standing?.reserved ?? 0)) };
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
