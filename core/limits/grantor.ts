import { freeOf, type Account } from "./account.ts";
import type { Below, Grant, Report } from "./holder.ts";

/** A grantor's row for one holder in one window: its own registers, and what it has heard of the holder's. */
export interface Link {
  readonly window: string;
  /** Given by the grantor, never twice: a holder that lost its memory gets a new one. */
  readonly epoch: number;
  readonly holder: string;
  /** `lost`: the holder's memory is gone, so nothing more is heard of it but its callers' receipts. */
  readonly state: "open" | "lost";
  /** All that was ever granted; written here alone. */
  readonly granted: number;
  /** The most that the holder said to have returned. */
  readonly returned: number;
  /** What receipts showed not to be spent, after the holder was lost. */
  readonly refunded: number;
  /** Of the newest report. */
  readonly reportSeq: number;
  readonly target: number;
  readonly spent: number;
  readonly reserved: number;
  readonly presumed: number;
  readonly over: number;
  readonly holds: number;
}

/** A caller's proof that it held so much at a holder that is lost. */
export interface Receipt {
  readonly epoch: number;
  readonly seq: number;
  readonly amount: number;
}

/** A grantor's account with one of its links after a step. */
export interface Granting {
  readonly account: Account;
  readonly link: Link;
}

/** What a link's holder may still spend or has spent: it counts as spent until the holder says otherwise. */
export function outstandingOf(link: Link): number {
  return link.granted - link.returned - link.refunded;
}

/** What the links together have spent and reserved, as last heard. */
export function belowOf(links: Iterable<Link>): Below {
  let spent = 0;
  let reserved = 0;
  let presumed = 0;
  let over = 0;
  for (const link of links) {
    spent += link.spent;
    reserved += link.reserved;
    presumed += link.presumed;
    over += link.over;
  }
  return { spent, reserved, presumed, over };
}

/** Sets a root's limit; an older policy than the one in force changes nothing. Lowered, it grants nothing until enough came back. */
export function setLimit(account: Account, limit: number, version: number): Account {
  return version > account.limitVersion ? { ...account, received: limit, limitVersion: version } : account;
}

/** Opens a link without rights. One that nobody uses (its answer was lost) costs nothing. */
export function openLink(account: Account, holder: string): Granting {
  const epoch = account.links + 1;
  return {
    account: { ...account, links: epoch },
    link: {
      window: account.window,
      epoch,
      holder,
      state: "open",
      granted: 0,
      returned: 0,
      refunded: 0,
      reportSeq: 0,
      target: 0,
      spent: 0,
      reserved: 0,
      presumed: 0,
      over: 0,
      holds: 0,
    },
  };
}

/**
 * Takes a report in. Registers only rise, whatever order reports come in; what changes both ways is the newest one's.
 * After a closing report the link is no more (`null`): what was not spent is free, exactly what was spent is settled.
 * A report of a link that is not open (`null`, lost, of another window) says nothing.
 */
export function takeReport(account: Account, link: Link | null, report: Report): { readonly account: Account; readonly link: Link | null } {
  if (link === null || link.state !== "open" || report.epoch !== link.epoch || report.window !== link.window) return { account, link };
  if (report.closing) {
    const settled = account.settled + report.spent;
    const presumed = account.presumed + (report.presumed ?? 0);
    const over = account.over + (report.over ?? 0);
    return { account: { ...account, lent: account.lent - outstandingOf(link), settled, presumed, over }, link: null };
  }
  const returned = Math.max(link.returned, report.returned);
  const isNewest = report.seq > link.reportSeq;
  return {
    account: returned === link.returned ? account : { ...account, lent: account.lent - (returned - link.returned) },
    link: isNewest
      ? {
          ...link,
          returned,
          reportSeq: report.seq,
          target: report.target,
          spent: report.spent,
          reserved: report.reserved,
          presumed: report.presumed ?? 0,
          over: report.over ?? 0,
          holds: report.holds,
        }
      : { ...link, returned },
  };
}

/**
 * Grants what the newest report wants, as far as there is any: a report that comes twice is granted once.
 * `most`: what policy allows to be added now (the quantum, what a region's own limit leaves).
 */
export function grant(account: Account, link: Link, most: number): Granting {
  if (link.state !== "open" || account.closed) return { account, link };
  const added = Math.min(link.target - link.granted, most, freeOf(account));
  if (added <= 0) return { account, link };
  return { account: { ...account, lent: account.lent + added }, link: { ...link, granted: link.granted + added } };
}

/** What to tell the holder of a link. */
export function grantOf(link: Link, keep: number | null): Grant {
  return { window: link.window, epoch: link.epoch, granted: link.granted, keep };
}

/** The holder's memory is gone: its rights count as spent, and receipts alone can say what of them was not. */
export function lose(link: Link): Link {
  return { ...link, state: "lost" };
}

/**
 * A caller says what its call cost that a lost holder had admitted. `row`: what is stored of that hold: `open` by the
 * holder's last checkpoint, `redeemed` before, or `null`. A hold that the last checkpoint counts, and does not list, was
 * settled before it, and its rest has been granted anew: its receipt is worth nothing.
 *
 * The holder may not have spent anew what its calls gave back since that checkpoint: a region's memory returns it.
 *
 * @returns `null`: nothing changes. Else the caller stores the row as `redeemed` in the same step.
 */
export function redeem({ account, link }: Granting, receipt: Receipt, actual: number, row: "open" | "redeemed" | null): Granting | null {
  if (link.state !== "lost" || receipt.epoch !== link.epoch || row === "redeemed") return null;
  if (row === null && receipt.seq <= link.holds) return null;
  const refund = receipt.amount - actual;
  if (refund <= 0) {
    // A cost beyond the reserve is a debt of whoever granted; who reserved nothing went on without rights, and broke no bound.
    const over = receipt.amount === 0 ? 0 : -refund;
    return { account: { ...account, settled: account.settled - refund, over: account.over + over }, link };
  }
  return { account: { ...account, lent: account.lent - refund }, link: { ...link, refunded: link.refunded + refund } };
}

/** Gives up hearing of a link: what is outstanding on it is spent for good. Its row may go. */
export function writeOff({ account, link }: Granting): Account {
  const outstanding = outstandingOf(link);
  return { ...account, lent: account.lent - outstanding, settled: account.settled + outstanding, presumed: account.presumed + outstanding };
}
