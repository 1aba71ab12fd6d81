import type { RateDecision } from "./gcra.ts";
import type { EscrowTerms, RateStanding, Refusal, RegionStanding } from "./limiter-rpc.ts";
import type { RegionRate } from "./region-rate.ts";
import { leavesAtMs } from "./window.ts";

/** Rights come back as calls end, which takes seconds. */
const inFlightRetryMs = 1_000;

interface ShortBook {
  readonly terms: EscrowTerms;
  readonly counted: string;
  readonly window: { readonly startMs: number; readonly endMs: number | null };
  /** As the root said last; `null`: it said nothing. */
  readonly standing: RegionStanding | null;
  readonly book: { readonly free: number };
}

/** What of a budget has room for a call, and what has not. */
interface Room {
  readonly limit: number;
  /** What would be left if calls under way cost nothing. */
  readonly unspent: number;
  readonly left: number;
}

/** Why a call of `amount` is refused that a budget has too little for. */
export function refusalOfBook(short: ShortBook, amount: number, regionLimit: number | null, nowMs: number): Refusal {
  const { terms, counted, standing, book } = short;
  const rooms = [roomOf(terms.total, standing), ...(regionLimit === null ? [] : [roomOf(regionLimit, standing?.inRegion ?? null)])];
  const { limit, left } = rooms.reduce((tightest, room) => (room.left < tightest.left ? room : tightest));
  // What calls under way leave unspent may be enough; if not, only what a window leaves behind is.
  const areCallsUnderWay = rooms.some((room) => room.left < room.unspent);
  const mayFitSoon = terms.unit === "calls" || (areCallsUnderWay && rooms.every(({ unspent }) => amount <= unspent));
  const fitsAtMs = mayFitSoon ? nowMs + inFlightRetryMs : fitsAgainAtMs(short, rooms, amount, nowMs);
  return {
    kind: "refused",
    limitId: terms.limitId,
    counted,
    unit: terms.unit,
    limit,
    left,
    affordable: Math.max(0, book.free),
    retryAfterMs: fitsAtMs === null || rooms.some((room) => amount > room.limit) ? null : Math.max(1, fitsAtMs - nowMs),
    standings: [],
  };
}

/** When a window has left so much behind that the call fits, if nobody spends meanwhile; `null`: never, or nobody knows. */
function fitsAgainAtMs({ terms, window, standing }: ShortBook, rooms: readonly Room[], amount: number, nowMs: number): number | null {
  const { startMs, endMs } = window;
  if (terms.window.kind !== "rolling" || endMs === null) return endMs;
  if (standing?.slots === undefined) return null;
  // It has room, as far as is known: what is left lies where it could not be had just now.
  if (rooms.every(({ left }) => amount <= left)) return nowMs + inFlightRetryMs;
  const { slots, inRegion } = standing;
  const earlier = slots.reduce((sum, slot) => ({ all: sum.all + slot.everywhere, here: sum.here + slot.inRegion }), { all: 0, here: 0 });
  const present = {
    leavesAtMs: leavesAtMs({ startMs, endMs }),
    everywhere: standing.spent + standing.reserved - earlier.all,
    inRegion: inRegion.spent + inRegion.reserved - earlier.here,
  };
  // Below 0 after the limit was lowered: that has to leave first.
  const [ofAll, ofRegion] = rooms;
  let free = (ofAll?.limit ?? 0) - standing.spent - standing.reserved;
  let freeHere = (ofRegion?.limit ?? Number.POSITIVE_INFINITY) - inRegion.spent - inRegion.reserved;
  for (const slot of [...slots, present].toSorted((one, other) => one.leavesAtMs - other.leavesAtMs)) {
    free += slot.everywhere;
    freeHere += slot.inRegion;
    if (amount <= free && amount <= freeHere) return slot.leavesAtMs;
  }
  return null;
}

/** What of a limit is left, and would be if calls under way cost nothing. */
function roomOf(limit: number, standing: { readonly spent: number; readonly reserved: number } | null): Room {
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
