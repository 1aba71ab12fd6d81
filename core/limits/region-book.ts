import { freeOf, openAccount, spentOf, type Account } from "./account.ts";
import { belowOf, grant, grantOf, lose, openLink, takeReport, writeOff, type Link, type Receipt } from "./grantor.ts";
import {
  close,
  giveBack,
  holdNothing,
  nothingBelow,
  presume,
  recall,
  receive,
  reportOf,
  reserve,
  settle,
  type Below,
  type Grant,
  type Hold,
  type Report,
} from "./holder.ts";
import { redeemAt } from "./lost-memory.ts";
import { LentPockets, longestCallMs } from "./lent-pockets.ts";
import type { StoredBook, StoredMemory } from "./stored-book.ts";

interface OpenHold {
  readonly hold: Hold;
  readonly atMs: number;
  /** The most that the call can cost: more than it holds where it went on without rights. */
  readonly worst: number;
}

/**
 * What a region has of one budget in one window: its account with the root, and the memory below it that admits calls
 * without anything being stored. Whatever changes the account or opens a memory sets `isDirty`, and must be stored before
 * any answer leaves; what else is lost by a crash counts as spent until its calls' receipts show otherwise.
 */
export class RegionBook {
  #account: Account;
  #memory: Account | null = null;
  /** Of the memory, by number. */
  readonly #holds = new Map<number, OpenHold>();
  /** Links of memories, this one's and lost ones', by epoch. */
  readonly #memories = new Map<number, StoredMemory>();
  readonly #pockets: LentPockets;
  isDirty = false;

  /** What was in memory when the book was last stored is lost. */
  constructor(stored: StoredBook, nowMs: number) {
    this.#account = stored.account;
    this.#pockets = new LentPockets(stored.pockets, stored.stranded);
    for (const memory of stored.memories) {
      const isLost = memory.link.state === "lost";
      this.#memories.set(memory.link.epoch, isLost ? memory : { ...memory, link: lose(memory.link), lostAtMs: nowMs });
      if (!isLost) this.isDirty = true;
    }
  }

  stored(): StoredBook {
    return { account: this.#account, memories: [...this.#memories.values()], ...this.#pockets.stored() };
  }

  /** What of it is spent, as the next report says. */
  get spending(): { readonly spent: number; readonly over: number } {
    const { spent, over } = this.#below;
    return { spent: spentOf(this.#account) + spent, over: this.#account.over + over };
  }

  /** Which link of the root's it spends from; 0: none is open. */
  get epoch(): number {
    return this.#account.epoch;
  }

  /** What may be reserved without asking the root; below 0: a debt. */
  get free(): number {
    return freeOf(this.#account) + (this.#memory === null ? 0 : freeOf(this.#memory));
  }

  get holds(): number {
    return this.#holds.size;
  }

  /** Whether nothing of it is in memory: then it may be forgotten, and read again. */
  get isAtRest(): boolean {
    return this.#memory === null;
  }

  /** Reserves in memory; `wanted`: what it takes out of the account when it has too little. Gives by how much it is short. */
  reserve(
    amount: number,
    wanted: number,
    nowMs: number,
  ): { readonly kind: "held"; readonly receipt: Receipt } | { readonly kind: "short"; readonly by: number } {
    let reserved = reserve(this.#openMemory(), amount);
    if (reserved.kind === "short") {
      this.checkpoint(Math.max(amount, wanted));
      reserved = reserve(this.#openMemory(), amount);
    }
    if (reserved.kind === "short") return reserved;
    return { kind: "held", receipt: this.#hold(reserved, amount, nowMs) };
  }

  /** What decides of a pocket for an isolate. */
  get pockets(): { readonly count: number; readonly stranded: number; readonly inHand: number } {
    return { count: this.#pockets.count, stranded: this.#pockets.stored().stranded, inHand: freeOf(this.#account) };
  }

  /** Lends to an isolate; `null`: the account has not so much. */
  lend(amount: number, nowMs: number): Grant | null {
    const lent = this.#pockets.lend(this.#account, amount, nowMs);
    this.#change(lent?.account ?? null);
    return lent?.grant ?? null;
  }

  /** Undoes a lend of which nobody was told. */
  unlend(epoch: number): void {
    this.#change(this.#pockets.unlend(this.#account, epoch));
  }

  /** An isolate says what it spent, and ends its pocket. */
  closePocket(report: Report): void {
    this.#change(this.#pockets.close(this.#account, report));
  }

  /** Undoes a reserve of which nobody was told. */
  release({ seq }: Receipt): void {
    const open = this.#holds.get(seq);
    if (this.#memory === null || open === undefined) return;
    this.#holds.delete(seq);
    this.#memory = settle(this.#memory, open.hold, 0);
  }

  /** Lets a call pass without rights: what it costs is a debt. `amount`: the most that it can cost. */
  pass(amount: number, nowMs: number): Receipt {
    return this.#hold(holdNothing(this.#openMemory()), amount, nowMs);
  }

  /** Settles a call; `actual: null`: at the most that it can cost, as nobody knows. Once, however often it is said. */
  settle({ epoch, seq, amount }: Receipt, actual: number | null): void {
    const memory = this.#memory;
    if (memory !== null && memory.epoch === epoch) {
      const open = this.#holds.get(seq);
      if (open === undefined) return;
      this.#holds.delete(seq);
      const { hold, worst } = open;
      if (actual !== null) {
        this.#memory = giveBack(settle(memory, hold, actual, worst), Math.max(0, hold.amount - actual));
      } else if (worst > hold.amount) {
        this.#memory = { ...settle(memory, hold, worst), presumed: memory.presumed + worst };
      } else {
        this.#memory = presume(memory, hold).account;
      }
      return;
    }
    if (actual !== null) this.#redeem({ epoch, seq, amount }, actual);
  }

  /** The memory's registers and holds become durable, and it is granted up to `wanted` free of what the account has. */
  checkpoint(wanted: number): void {
    if (this.#memory === null) return;
    const { account: memory, report } = reportOf(this.#memory, wanted, nothingBelow);
    this.#memory = memory;
    const link = this.#take(report);
    if (link === null) return;
    const granted = grant(this.#account, link, Number.MAX_SAFE_INTEGER);
    this.#account = granted.account;
    const received = receive(memory, grantOf(granted.link, null));
    // What was granted and came back in full is taken off both sides at once: both stand here, and grow with every reserve.
    const { returned } = granted.link;
    const rebased = { granted: granted.link.granted - returned, returned: 0, target: granted.link.target - returned };
    const open = [...this.#holds.keys()];
    this.#memories.set(link.epoch, { link: { ...granted.link, ...rebased }, open, redeemed: [], lostAtMs: null });
    this.#memory = { ...received, received: received.received - returned, returned: 0 };
  }

  /** What lies free in memory. */
  get idleInMemory(): number {
    return this.#memory === null ? 0 : Math.max(0, freeOf(this.#memory));
  }

  /** All that the memory has not spent is the account's again; where no call is under way it ends. */
  rest(): void {
    if (this.#memory === null) return;
    if (this.#holds.size > 0) {
      if (freeOf(this.#memory) <= 0) return;
      this.#memory = giveBack(this.#memory, freeOf(this.#memory));
      this.checkpoint(0);
      return;
    }
    const closed = close(this.#memory);
    if (closed === null) return;
    const { report } = reportOf(closed, 0, nothingBelow);
    this.#take(report);
    this.#memory = null;
  }

  /** The root opened a link. */
  link(epoch: number): void {
    if (this.#account.epoch !== 0) return;
    this.#account = { ...this.#account, epoch };
    this.isDirty = true;
  }

  receive(told: Grant): void {
    const account = receive(this.#account, told);
    this.#change(account === this.#account ? null : account);
  }

  /** Answers the root that wants rights back; those that lie idle in memory too. */
  recall(told: Grant): void {
    this.receive(told);
    if (told.keep === null) {
      this.checkpoint(0);
      return;
    }
    if (this.#memory !== null) this.#memory = giveBack(this.#memory, Math.max(0, freeOf(this.#memory) - told.keep));
    this.checkpoint(0);
    const kept = this.#memory === null ? 0 : Math.max(0, freeOf(this.#memory));
    this.#account = recall(this.#account, { ...told, keep: Math.max(0, told.keep - kept) });
    this.isDirty = true;
  }

  /** What the root is told, with what it is asked for: that `wanted` be free here. */
  report(wanted: number): Report {
    const inMemory = this.#memory === null ? 0 : freeOf(this.#memory);
    const { account, report } = reportOf(this.#account, wanted - inMemory, this.#below);
    this.#account = account;
    this.isDirty = true;
    return report;
  }

  /** Settles what nobody will settle any more: `isSlot` calls are over, others count as spent. */
  sweep(isSlot: boolean, nowMs: number): void {
    for (const [seq, { hold, atMs }] of this.#holds) {
      if (nowMs - atMs > longestCallMs) this.settle({ epoch: hold.epoch, seq, amount: hold.amount }, isSlot ? 0 : null);
    }
    this.#change(this.#pockets.writeOffOverdue(this.#account, nowMs));
    for (const [epoch, { link, lostAtMs }] of this.#memories) {
      if (lostAtMs === null || nowMs - lostAtMs <= longestCallMs) continue;
      const writtenOff = writeOff({ account: this.#account, link });
      const outstanding = writtenOff.settled - this.#account.settled;
      // Of slots that a lost memory gave out none can be in use any more.
      this.#account = isSlot ? { ...writtenOff, refunded: writtenOff.refunded + outstanding } : writtenOff;
      this.#memories.delete(epoch);
      this.isDirty = true;
    }
  }

  /** Ends the account after its window; the report that says so is sent until the root has answered. `null`: it cannot end yet. */
  end(): Report | null {
    this.rest();
    if (!this.#account.closed) {
      const closed = close(this.#account);
      if (closed === null || this.#memory !== null) return null;
      this.#account = closed;
    }
    return this.report(0);
  }

  get #below(): Below {
    return belowOf([...this.#memories.values()].map(({ link }) => link));
  }

  #openMemory(): Account {
    if (this.#memory !== null) return this.#memory;
    const { account, link } = openLink(this.#account, "memory");
    this.#account = account;
    this.#memories.set(link.epoch, { link, open: [], redeemed: [], lostAtMs: null });
    this.isDirty = true;
    this.#memory = openAccount(account.window, link.epoch);
    return this.#memory;
  }

  #hold({ account, hold }: { readonly account: Account; readonly hold: Hold }, worst: number, atMs: number): Receipt {
    this.#memory = account;
    this.#holds.set(hold.seq, { hold, atMs, worst });
    return { epoch: hold.epoch, seq: hold.seq, amount: hold.amount };
  }

  /** `null`: nothing changed. */
  #change(account: Account | null): void {
    if (account === null) return;
    this.#account = account;
    this.isDirty = true;
  }

  /** Takes the memory's report into the account; `null`: the memory has ended. */
  #take(report: Report): Link | null {
    const standing = this.#memories.get(report.epoch)?.link ?? null;
    const { account, link } = takeReport(this.#account, standing, report);
    this.#account = account;
    this.isDirty = true;
    if (link === null) this.#memories.delete(report.epoch);
    return link;
  }

  #redeem(receipt: Receipt, actual: number): void {
    const memory = this.#memories.get(receipt.epoch);
    const redeemed = memory === undefined ? null : redeemAt(this.#account, memory, receipt, actual);
    if (redeemed !== null) this.#memories.set(receipt.epoch, redeemed.memory);
    this.#change(redeemed?.account ?? null);
  }
}
