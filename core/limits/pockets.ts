import { openAccount, type Account } from "./account.ts";
import { noSpending, observe, rateAt, type SpendRate } from "./grant-policy.ts";
import { close, nothingBelow, presume, receive, reportOf, reserve, settle, type Hold, type Report } from "./holder.ts";
import type { EscrowClaim, HoldReceipt, Lease, LimiterPlace, PocketClosing } from "./limiter-rpc.ts";

/** Rights of one book that one isolate has. */
interface Pocket {
  readonly name: string;
  readonly lease: Lease;
  readonly untilMs: number;
  account: Account;
  readonly holds: Map<number, Hold>;
  /** When a call on it last began or ended. */
  usedAtMs: number;
}

/** Rates of so many accounts are remembered, and so many pockets: the region counts as spent what is forgotten here. */
const rememberedMax = 10_000;
/** One that asks for a pocket is waited for so long before another does. */
const askMs = 200;

type PocketName = Pick<Lease, "book" | "epoch">;

/**
 * What one isolate may spend without asking. Nobody can call it back, and it may end at any time: its rights count as spent
 * until its closing report is heard.
 */
export class Pockets {
  /** By account: those that still admit. */
  readonly #open = new Map<string, Pocket>();
  /** All, by book and epoch, until they have closed. */
  readonly #all = new Map<string, Pocket>();
  readonly #spending = new Map<string, SpendRate>();
  /** By account: a pocket was asked for just now. */
  readonly #askedUntilMs = new Map<string, number>();

  /** Reserves all claims in pockets, or nothing: then `null`. */
  reserve(place: LimiterPlace, claims: readonly EscrowClaim[], nowMs: number): readonly HoldReceipt[] | null {
    const taken: { readonly pocket: Pocket; readonly account: Account; readonly hold: Hold }[] = [];
    for (const { terms, counted, amount } of claims) {
      const pocket = this.#open.get(nameOf(place, terms.limitId, counted));
      // A newer policy may say otherwise.
      if (pocket === undefined || pocket.lease.version !== terms.version || pocket.untilMs <= nowMs) return null;
      const reserved = reserve(pocket.account, amount);
      if (reserved.kind === "short") return null;
      taken.push({ pocket, account: reserved.account, hold: reserved.hold });
    }
    for (const { pocket, account, hold } of taken) {
      pocket.account = account;
      pocket.holds.set(hold.seq, hold);
      pocket.usedAtMs = nowMs;
    }
    return taken.map(({ pocket, hold: { epoch, seq, amount } }) => ({ book: pocket.lease.book, unit: "nano-usd", epoch, seq, amount }));
  }

  /** Settles what pockets hold of an attempt; `actual: null`: nobody knows. */
  settle(receipts: readonly HoldReceipt[], actual: number | null, nowMs: number): void {
    for (const { book, epoch, seq } of receipts) {
      const pocket = this.#all.get(`${epoch}/${book}`);
      const hold = pocket?.holds.get(seq);
      if (pocket === undefined || hold === undefined) continue;
      pocket.holds.delete(seq);
      pocket.usedAtMs = nowMs;
      pocket.account = actual === null ? presume(pocket.account, hold).account : settle(pocket.account, hold, actual);
    }
  }

  /**
   * How fast this isolate spends of each claim's account, with these counted in: with it a pocket is asked for. Empty while another
   * call asks for one.
   */
  wanted(place: LimiterPlace, claims: readonly EscrowClaim[], nowMs: number): readonly number[] {
    const names = claims.map(({ terms, counted }) => nameOf(place, terms.limitId, counted));
    if (names.some((name) => (this.#askedUntilMs.get(name) ?? 0) > nowMs)) return [];
    if (this.#askedUntilMs.size >= rememberedMax) this.#askedUntilMs.clear();
    for (const name of names) this.#askedUntilMs.set(name, nowMs + askMs);
    return names.map((name) => rateAt(this.#spending.get(name) ?? noSpending, nowMs));
  }

  /** Counts a call into how fast this isolate spends. */
  observe(place: LimiterPlace, claims: readonly EscrowClaim[], nowMs: number): void {
    for (const { terms, counted, amount } of claims) {
      const name = nameOf(place, terms.limitId, counted);
      if (this.#spending.size >= rememberedMax) this.#spending.clear();
      this.#spending.set(name, observe(this.#spending.get(name) ?? noSpending, amount, nowMs));
    }
  }

  /** Takes up what the region lent; the pocket that was there before it admits no more. */
  adopt(place: LimiterPlace, leases: readonly Lease[], nowMs: number): void {
    for (const lease of leases) {
      const { book, epoch, window, granted } = lease;
      const name = nameOf(place, lease.limitId, lease.counted);
      const account = receive(openAccount(window, epoch), { window, epoch, granted, keep: null });
      const pocket = { name, lease, untilMs: nowMs + lease.leaseMs, account, holds: new Map(), usedAtMs: nowMs };
      if (this.#all.size >= rememberedMax) this.#forgetOldest();
      this.#open.set(name, pocket);
      this.#all.set(`${epoch}/${book}`, pocket);
      this.#askedUntilMs.delete(name);
    }
  }

  /** Ends those of a call's pockets on which no other is under way, where they are over or replaced, or `evenInForce`. */
  close(receipts: readonly PocketName[], evenInForce: boolean, nowMs: number): readonly PocketClosing[] {
    return receipts.flatMap(({ book, epoch }) => {
      const id = `${epoch}/${book}`;
      const pocket = this.#all.get(id);
      if (pocket === undefined || pocket.holds.size > 0) return [];
      const { name, untilMs, account } = pocket;
      const isInForce = untilMs > nowMs && this.#open.get(name) === pocket;
      const report = isInForce && !evenInForce ? null : closingReport(account);
      if (report === null) return [];
      this.#all.delete(id);
      if (this.#open.get(name) === pocket) this.#open.delete(name);
      // The next call may ask for another one at once.
      this.#askedUntilMs.delete(name);
      return [{ book, report }];
    });
  }

  /**
   * Ends those of a call's pockets on which none was for `idleMs`. `nextAtMs`: when the next of them will have rested, if no call
   * begins on it; `null`: calls are under way on all that are left, and their ends are when to look again.
   */
  closeRested(
    receipts: readonly PocketName[],
    idleMs: number,
    nowMs: number,
  ): { readonly closings: readonly PocketClosing[]; readonly nextAtMs: number | null } {
    const rested: PocketName[] = [];
    let nextAtMs: number | null = null;
    for (const receipt of receipts) {
      const pocket = this.#all.get(`${receipt.epoch}/${receipt.book}`);
      if (pocket === undefined || pocket.holds.size > 0) continue;
      const restedAtMs = pocket.usedAtMs + idleMs;
      if (restedAtMs <= nowMs) rested.push(receipt);
      else nextAtMs = Math.min(nextAtMs ?? restedAtMs, restedAtMs);
    }
    return { closings: this.close(rested, true, nowMs), nextAtMs };
  }

  /** Its calls never ended, or their requests did before they could close it. */
  #forgetOldest(): void {
    for (const [id, pocket] of this.#all) {
      this.#all.delete(id);
      if (this.#open.get(pocket.name) === pocket) this.#open.delete(pocket.name);
      return;
    }
  }
}

function closingReport(account: Account): Report | null {
  const closed = close(account);
  return closed === null ? null : reportOf(closed, 0, nothingBelow).report;
}

function nameOf({ organizationId, region }: LimiterPlace, limitId: string, counted: string): string {
  return `${organizationId}/${region}/${limitId}/${counted}`;
}
