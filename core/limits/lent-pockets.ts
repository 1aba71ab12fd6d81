import { freeOf, type Account } from "./account.ts";
import { pocketLeaseMs } from "./grant-policy.ts";
import { grant, grantOf, openLink, outstandingOf, takeReport, writeOff } from "./grantor.ts";
import type { Grant, Report } from "./holder.ts";
import type { StoredPocket } from "./stored-book.ts";

/** Longer than any call may last: who has not settled by then never will. */
export const longestCallMs = 3_700_000;

/** Links of the pockets that a region's account has lent to isolates. Each step gives the account after it; `null`: nothing changed. */
export class LentPockets {
  readonly #byEpoch: Map<number, StoredPocket>;
  /** What isolates had that were never heard of again. */
  #stranded: number;

  constructor(stored: readonly StoredPocket[], stranded: number) {
    this.#byEpoch = new Map(stored.map((pocket) => [pocket.link.epoch, pocket]));
    this.#stranded = stranded;
  }

  stored(): { readonly pockets: StoredPocket[]; readonly stranded: number } {
    return { pockets: [...this.#byEpoch.values()], stranded: this.#stranded };
  }

  get count(): number {
    return this.#byEpoch.size;
  }

  lend(from: Account, amount: number, nowMs: number): { readonly account: Account; readonly grant: Grant } | null {
    if (amount > freeOf(from)) return null;
    const opened = openLink(from, "pocket");
    const { account, link } = grant(opened.account, { ...opened.link, target: amount }, amount);
    this.#byEpoch.set(link.epoch, { link, openedAtMs: nowMs });
    return { account, grant: grantOf(link, null) };
  }

  /** Undoes a lend of which nobody was told. */
  unlend(account: Account, epoch: number): Account | null {
    const pocket = this.#byEpoch.get(epoch);
    if (pocket === undefined) return null;
    this.#byEpoch.delete(epoch);
    return { ...account, lent: account.lent - outstandingOf(pocket.link) };
  }

  /** An isolate says what it spent, and ends its pocket. */
  close(account: Account, report: Report): Account | null {
    const pocket = this.#byEpoch.get(report.epoch);
    if (pocket === undefined || !report.closing) return null;
    this.#byEpoch.delete(report.epoch);
    return takeReport(account, pocket.link, report).account;
  }

  /** What was not heard of for longer than any call lasts is spent. */
  writeOffOverdue(account: Account, nowMs: number): Account | null {
    let after = account;
    for (const [epoch, { link, openedAtMs }] of this.#byEpoch) {
      if (nowMs - openedAtMs <= pocketLeaseMs + longestCallMs) continue;
      this.#stranded += outstandingOf(link);
      after = writeOff({ account: after, link });
      this.#byEpoch.delete(epoch);
    }
    return after === account ? null : after;
  }
}
