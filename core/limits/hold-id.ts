import type { HoldReceipt } from "./limiter-rpc.ts";

/** What one hold of a budget was settled at. `isPresumed`: nobody said what its call cost, so it is the most that it can. */
interface SettledHold {
  readonly receipt: Pick<HoldReceipt, "book" | "epoch" | "seq">;
  readonly isPocketed: boolean;
  readonly settled: number;
  readonly isPresumed: boolean;
}

/**
 * What the record of a call says of each of its holds: `limit:epoch:number:window:settled`, and `:presumed` where that is so; a
 * pocket's epoch begins with `p`. From these, and what calls cost, the ledger is reconciled with what was recorded.
 */
export function holdIdOf({ receipt: { book, epoch, seq }, isPocketed, settled, isPresumed }: SettledHold): string {
  // What is counted may hold anything, slashes too, and comes last.
  const [limitId, windowId] = book.split("/", 2);
  return [limitId, `${isPocketed ? "p" : ""}${epoch}`, seq, windowId, settled, ...(isPresumed ? ["presumed"] : [])].join(":");
}
