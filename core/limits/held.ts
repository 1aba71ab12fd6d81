import { rateIdOf, type EscrowClaim, type HoldReceipt, type RateCharge, type Settlement } from "./limiter-rpc.ts";

/** One hold of an attempt. A stream may have several of one account. */
export interface Held {
  /** Under which it was reserved. */
  readonly attemptId: string;
  /** The account, whatever its window. */
  readonly account: string;
  readonly receipt: HoldReceipt;
  /** The most that was to be paid from it. */
  readonly worst: number;
  /** Whether it is the isolate's own rights. */
  readonly isPocketed: boolean;
}

/** What a hold is settled at; `null`: nobody knows. */
export interface SettledHold {
  readonly held: Held;
  readonly nanoUsd: number | null;
}

/** Receipts come in the order of their claims. */
export function holdsOf(attemptId: string, claims: readonly EscrowClaim[], receipts: readonly HoldReceipt[], isPocketed: boolean): Held[] {
  return receipts.map((receipt, index) => {
    const claim = claims[index];
    const account = claim === undefined ? receipt.book : rateIdOf(claim.terms.limitId, claim.counted);
    return { attemptId, account, receipt, worst: claim?.amount ?? receipt.amount, isPocketed };
  });
}

/** Divides what an attempt cost among the holds of each account: each pays up to its worst case, the last one the rest. */
export function settledHolds(holds: readonly Held[], nanoUsd: number | null): readonly SettledHold[] {
  if (nanoUsd === null) return holds.map((held) => ({ held, nanoUsd }));
  const lasts = new Map(holds.map((held) => [held.account, held]));
  const left = new Map<string, number>();
  return holds.map((held) => {
    const unpaid = left.get(held.account) ?? nanoUsd;
    const paid = lasts.get(held.account) === held ? unpaid : Math.min(unpaid, held.worst);
    left.set(held.account, unpaid - paid);
    return { held, nanoUsd: paid };
  });
}

/** What their limiter is told of holds that it gave; what was charged to rates belongs to the attempt itself, and comes first. */
export function settlementsOf(
  attempt: { readonly attemptId: string; readonly charges: readonly RateCharge[] },
  settled: readonly SettledHold[],
  tokens: number | null,
): readonly Settlement[] {
  const told = new Map<string, { readonly attemptId: string; readonly nanoUsd: number | null; readonly receipts: HoldReceipt[] }>();
  for (const { held, nanoUsd } of settled) {
    if (held.isPocketed) continue;
    const name = `${nanoUsd}/${held.attemptId}`;
    const known = told.get(name);
    if (known === undefined) told.set(name, { attemptId: held.attemptId, nanoUsd, receipts: [held.receipt] });
    else known.receipts.push(held.receipt);
  }
  const settlements = [...told.values()].map((each) => ({ ...each, charges: [], tokens }));
  if (attempt.charges.length === 0) return settlements;
  const [first, ...rest] = settlements;
  return first?.attemptId === attempt.attemptId
    ? [{ ...first, charges: attempt.charges }, ...rest]
    : [{ attemptId: attempt.attemptId, receipts: [], charges: attempt.charges, nanoUsd: null, tokens }, ...settlements];
}
