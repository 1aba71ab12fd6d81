import { noSpending, pocketGrant, type SpendRate } from "#core/limits/grant-policy.ts";
import type { EscrowTerms, RegionStanding } from "#core/limits/limiter-rpc.ts";
import type { RegionBook } from "#core/limits/region-book.ts";
import type { LimitWindow } from "#core/limits/window.ts";

/** Calls of a window may settle for so long after it. */
export const afterEndMs = 1_000;

/** A book, and what is known of it beside its registers. */
export interface OpenBook {
  readonly id: string;
  readonly book: RegionBook;
  terms: EscrowTerms;
  readonly counted: string;
  readonly window: LimitWindow;
  /** As the root said last. */
  standing: RegionStanding | null;
  /** What calls wait for just now. */
  waiting: number;
  spending: SpendRate;
  /** The worst case of its last call. */
  worstCase: number;
  usedAtMs: number;
  /** The root had nothing for a call just now: until then it is not asked again. */
  dryUntilMs: number;
  /** It was asked ahead just now, and had nothing: it is not asked again before. */
  nextAheadAtMs: number;
  /** Something settled since it was stored. */
  hasNews: boolean;
  /** A call was refused in its window. */
  hasRefused: boolean;
  /** The root should hear of it, as it may have to raise an alert. */
  hasTidings: boolean;
  /** What it is being told just now has all of them. */
  isTellingAll: boolean;
  /** What calls cost beyond their reserves, as the root was told. */
  toldOver: number;
}

/** What an isolate may have of a book; 0: it gets no pocket. */
export function lendable({ standing, terms, book }: OpenBook, worstCase: number, perMs: number): number {
  if (standing === null || terms.unit !== "nano-usd") return 0;
  const { limit, spent, reserved } = standing;
  const { count, stranded, inHand } = book.pockets;
  return pocketGrant({ limit, free: limit - spent - reserved, inHand, stranded, perMs, worstCase, pockets: count + 1 });
}

/** Whether its window is over, and the time in which its calls may settle. */
export function isOver({ window }: OpenBook, nowMs: number): boolean {
  return window.endMs !== null && window.endMs + afterEndMs <= nowMs;
}

/** A book as it is before anything is known of it. */
export function opened(known: Pick<OpenBook, "id" | "book" | "terms" | "counted" | "window" | "hasRefused">, nowMs: number): OpenBook {
  return {
    ...known,
    standing: null,
    waiting: 0,
    spending: noSpending,
    worstCase: 0,
    usedAtMs: nowMs,
    dryUntilMs: 0,
    nextAheadAtMs: 0,
    hasNews: false,
    // Nobody knows whether the root was told before it was read.
    hasTidings: known.hasRefused,
    isTellingAll: false,
    toldOver: 0,
  };
}
