/**
 * What one node of the tree of rights (root, region, a region's memory, an isolate's pocket) has of one budget in one
 * window. Plain numbers in the budget's unit (nano-dollars, or slots of calls), each written by this node alone.
 *
 * `received`, `returned`, `settled`, `refunded` and `presumed` never fall; a root's `received` is its limit, which an admin
 * sets. The escrow of O'Neil (1986) and the bounded counter of Balegas et al. (2015), with registers in place of messages
 * that must come exactly once.
 */
export interface Account {
  /** Which window of the budget: rights of one are worth nothing in another. */
  readonly window: string;
  /** Which link of its grantor it spends from; 0 for a root, which has none. */
  readonly epoch: number;
  /** All rights ever heard of. */
  readonly received: number;
  /** All rights ever given back. */
  readonly returned: number;
  /** All that was ever spent here: actual costs, and the whole reserve where the cost is not known. */
  readonly settled: number;
  /** What of `presumed` turned out not to be spent. */
  readonly refunded: number;
  /** What of `settled` is a reserve whose cost is not known. */
  readonly presumed: number;
  /** What calls cost beyond their reserves: the bound was wrong. */
  readonly over: number;
  /** The open holds together. */
  readonly reserved: number;
  /** What the links below have been granted and have not given back: spent, as far as this node knows. */
  readonly lent: number;
  /** Numbers given to holds, to links and to reports so far. */
  readonly holds: number;
  readonly links: number;
  readonly reports: number;
  /** A closed account holds nothing and takes nothing. */
  readonly closed: boolean;
  /** The version of the policy that a root's limit comes from. */
  readonly limitVersion: number;
}

/** An account without rights. */
export function openAccount(window: string, epoch: number): Account {
  return {
    window,
    epoch,
    received: 0,
    returned: 0,
    settled: 0,
    refunded: 0,
    presumed: 0,
    over: 0,
    reserved: 0,
    lent: 0,
    holds: 0,
    links: 0,
    reports: 0,
    closed: false,
    limitVersion: 0,
  };
}

/** What may be reserved, lent or given back. Below 0: a lowered limit, or a provider that billed more than was reserved. */
export function freeOf(account: Account): number {
  return account.received - account.returned - account.settled + account.refunded - account.reserved - account.lent;
}

/** What was spent here, as far as is known. */
export function spentOf(account: Account): number {
  return account.settled - account.refunded;
}

/** What of that no call was said to have cost: reserves of calls that ended unheard, and what died with a memory or an isolate. */
export function presumedOf(account: Account): number {
  return account.presumed - account.refunded;
}
