import { freeOf, presumedOf, spentOf, type Account } from "./account.ts";

/**
 * What one call has reserved at one account: a row beside the account, stored with it. The row is the evidence that a
 * call is settled at most once: who settles takes it away in the same step.
 */
export interface Hold {
  readonly window: string;
  readonly epoch: number;
  readonly seq: number;
  readonly amount: number;
  /** `presumed`: counted as spent in full, as nobody said what it cost; what says so later refunds the rest. */
  readonly state: "open" | "presumed";
}

/** What a grantor says: all that it ever granted on a link, so that one that is lost, doubled or late does no harm. */
export interface Grant {
  readonly window: string;
  readonly epoch: number;
  readonly granted: number;
  /** Free rights beyond this are wanted back; `null`: none are. A level, not a difference, so that it may come twice. */
  readonly keep: number | null;
}

/** What a holder says: its registers, and up to where it wants to be granted. */
export interface Report {
  readonly window: string;
  readonly epoch: number;
  /** Of two reports the one with the higher number is the newer. */
  readonly seq: number;
  /** Grants up to this, all grants together, are wanted. */
  readonly target: number;
  readonly returned: number;
  /** With what is spent and reserved below it; for showing. On a closing report: the whole truth. */
  readonly spent: number;
  readonly reserved: number;
  /** What of `spent` no call was said to have cost; for showing. Left out by an older release. */
  readonly presumed?: number;
  /** What of it calls cost beyond their reserves; for alerts. Left out by an older release. */
  readonly over?: number;
  /** How many holds it had numbered: later ones are not in the rows that are stored with this report. */
  readonly holds: number;
  /** The account is closed: what it did not spend is free again. */
  readonly closing: boolean;
}

/** What the links below a node have spent and reserved, as last heard. */
export interface Below {
  readonly spent: number;
  readonly reserved: number;
  readonly presumed: number;
  readonly over: number;
}

export const nothingBelow: Below = { spent: 0, reserved: 0, presumed: 0, over: 0 };

export type Reserved =
  | { readonly kind: "held"; readonly account: Account; readonly hold: Hold }
  /** Nothing changed; with so much more it would fit. */
  | { readonly kind: "short"; readonly by: number };

/** Takes a grant in. One of another window or link is none, and one that is older than what is known says nothing new. */
export function receive(account: Account, grant: Grant): Account {
  if (account.closed || grant.window !== account.window || grant.epoch !== account.epoch) return account;
  return grant.granted > account.received ? { ...account, received: grant.granted } : account;
}

/** Reserves before a call is sent; `amount` is the most that it can cost. */
export function reserve(account: Account, amount: number): Reserved {
  const free = freeOf(account);
  if (account.closed || amount > free) return { kind: "short", by: account.closed ? amount : amount - free };
  const seq = account.holds + 1;
  return {
    kind: "held",
    account: { ...account, reserved: account.reserved + amount, holds: seq },
    hold: { window: account.window, epoch: account.epoch, seq, amount, state: "open" },
  };
}

/** A hold of nothing, for a call that goes on whatever is left (a soft budget): all that it costs is a debt. */
export function holdNothing(account: Account): Extract<Reserved, { readonly kind: "held" }> {
  const seq = account.holds + 1;
  return {
    kind: "held",
    account: { ...account, holds: seq },
    hold: { window: account.window, epoch: account.epoch, seq, amount: 0, state: "open" },
  };
}

/** Reserves more for a call under way (the next block of a stream, a retry, a hedge). A hold that is no longer open cannot grow. */
export function extend(account: Account, hold: Hold, more: number): Reserved {
  const free = freeOf(account);
  if (account.closed || hold.state !== "open" || more > free) return { kind: "short", by: Math.max(0, more - free) };
  return { kind: "held", account: { ...account, reserved: account.reserved + more }, hold: { ...hold, amount: hold.amount + more } };
}

/**
 * Settles a call at what it cost. `hold`: the row, which the caller removes in the same step; without a row there is
 * nothing to settle, and nothing changes. A cost beyond the reserve is spent all the same: the account is in debt until
 * its next grants have paid it. `worst`: the most that it could cost, where it went on with fewer rights than that.
 */
export function settle(account: Account, hold: Hold | null, actual: number, worst = hold?.amount ?? 0): Account {
  if (hold === null || hold.window !== account.window || hold.epoch !== account.epoch) return account;
  const over = account.over + Math.max(0, actual - worst);
  if (hold.state === "open") return { ...account, over, reserved: account.reserved - hold.amount, settled: account.settled + actual };
  return {
    ...account,
    over,
    refunded: account.refunded + Math.max(0, hold.amount - actual),
    settled: account.settled + Math.max(0, actual - hold.amount),
  };
}

/** Settles a call whose cost is not known at its reserve. The row stays, as `presumed`, for whoever says later what it cost. */
export function presume(account: Account, hold: Hold): { readonly account: Account; readonly hold: Hold } {
  if (hold.state === "presumed" || hold.window !== account.window || hold.epoch !== account.epoch) return { account, hold };
  return {
    account: {
      ...account,
      reserved: account.reserved - hold.amount,
      settled: account.settled + hold.amount,
      presumed: account.presumed + hold.amount,
    },
    hold: { ...hold, state: "presumed" },
  };
}

/** Gives rights back, as far as they are free; the next report says so. */
export function giveBack(account: Account, amount: number): Account {
  const given = Math.min(amount, freeOf(account));
  return given > 0 ? { ...account, returned: account.returned + given } : account;
}

/** Answers a grantor that wants rights back. */
export function recall(account: Account, grant: Grant): Account {
  if (grant.keep === null || grant.window !== account.window || grant.epoch !== account.epoch) return account;
  return giveBack(account, freeOf(account) - grant.keep);
}

/** Ends an account on which nothing is reserved and nothing lent; its next report closes the link. `null`: it cannot end yet. */
export function close(account: Account): Account | null {
  if (account.reserved !== 0 || account.lent !== 0) return null;
  return { ...giveBack(account, freeOf(account)), closed: true };
}

/**
 * What to tell the grantor, so that `wanted` will be free here; a debt is asked for too. The account that comes with it
 * has counted the report, and is stored before the report leaves.
 */
export function reportOf(account: Account, wanted: number, below: Below): { readonly account: Account; readonly report: Report } {
  const seq = account.reports + 1;
  return {
    account: { ...account, reports: seq },
    report: {
      window: account.window,
      epoch: account.epoch,
      seq,
      target: account.closed ? account.received : account.received + Math.max(0, wanted - freeOf(account)),
      returned: account.returned,
      spent: spentOf(account) + below.spent,
      reserved: account.reserved + below.reserved,
      presumed: presumedOf(account) + below.presumed,
      over: account.over + below.over,
      holds: account.holds,
      closing: account.closed,
    },
  };
}
