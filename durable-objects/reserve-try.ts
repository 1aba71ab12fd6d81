import type { HoldReceipt, ReserveReply } from "#core/limits/limiter-rpc.ts";
import type { OpenBook } from "./open-book.ts";
import type { WantedShare } from "./limiter-rates.ts";

/** A book that has too little for a call. */
export interface Short {
  readonly open: OpenBook;
  readonly amount: number;
}

/** What a call lacks: all of it, so that one draw asks for everything. */
export interface Wanting {
  readonly kind: "wanting";
  readonly short: readonly Short[];
  /** Rates of which the region's share is too small. */
  readonly shares: readonly WantedShare[];
}

/** What came of trying to take all that a call claims. */
export type Tried = ReserveReply | Wanting;

export interface HeldClaim {
  readonly open: OpenBook;
  readonly amount: number;
  readonly receipt: HoldReceipt;
}
