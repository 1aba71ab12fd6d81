import * as z from "zod";
import { isLow, observe, pocketLeaseMs, rateAt, wantedFree } from "#core/limits/grant-policy.ts";
import {
  bookIdOf,
  type DrawAsk,
  type DrawReply,
  type EscrowClaim,
  type EscrowTerms,
  type Lease,
  type ReserveRequest,
} from "#core/limits/limiter-rpc.ts";
import { longestCallMs } from "#core/limits/lent-pockets.ts";
import { RegionBook } from "#core/limits/region-book.ts";
import { emptyBook, storedBookSchema } from "#core/limits/stored-book.ts";
import { isTidings } from "#core/limits/tidings.ts";
import { storable, termsSchema } from "#core/limits/root-account.ts";
import { windowOf, type LimitWindow } from "#core/limits/window.ts";
import { afterEndMs, isOver, lendable, opened, type OpenBook } from "./open-book.ts";
import { RowStore } from "./row-store.ts";

const rowSchema = z.object({
  terms: termsSchema,
  counted: z.string(),
  window: z.object({ id: z.string(), startMs: z.number(), endMs: z.number().nullable() }),
  book: storedBookSchema,
  hasRefused: z.boolean().default(false),
});

/** A memory takes what is spent in so long out of its account: the longer, the more is lost with it; the shorter, the more often it is stored. */
const memoryMs = 1_000;
/** A book whose calls have all ended is put to rest after so long: an idle object is ended without notice. */
const restAfterMs = 1_500;
/** At rest it stays in memory for so long: calls on pockets are not heard of here, and the next one asks for a pocket anew. */
const forgottenAfterMs = 60_000;
/** Of more than so many (some 3 KB each) those at rest are forgotten at once: a budget for each end user has one for whoever a caller names. */
const openMax = 5_000;
/** A region's crash takes no more of a limit than this, and of a few slots one. */
const memoryPartMax = { "nano-usd": 0.005, calls: 0.05 } as const satisfies Record<EscrowTerms["unit"], number>;
const endRetryMs = 30_000;
const tellAgainMs = 2_000;

/** The books of a region's limiter: in memory while they are in use, and in its storage. */
export class LimiterBooks {
  readonly #rows: RowStore<z.infer<typeof rowSchema>>;
  readonly #storage: DurableObjectStorage;
  readonly #open = new Map<string, OpenBook>();
  /** Those that were looked at since the last save; no others can have changed. */
  readonly #touched = new Set<OpenBook>();
  /** The present window's book of each account. */
  readonly #present = new Map<string, OpenBook>();

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#rows = new RowStore(storage.sql, "book", rowSchema);
  }

  /** The book that a claim is made on now. */
  present({ terms, counted }: EscrowClaim, nowMs: number): OpenBook {
    const name = `${terms.limitId}/${counted}`;
    const known = this.#present.get(name);
    if (known !== undefined && terms.version <= known.terms.version && (known.window.endMs ?? nowMs + 1) > nowMs) {
      this.#touched.add(known);
      return known;
    }
    const inForce = known !== undefined && known.terms.version > terms.version ? known.terms : terms;
    const window = windowOf(inForce.window, nowMs);
    const open = this.find(bookIdOf(inForce.limitId, window.id, counted), nowMs) ?? this.#create(inForce, counted, window, nowMs);
    if (inForce.version > open.terms.version) open.terms = inForce;
    this.#present.set(name, open);
    return open;
  }

  /** `null`: there is no such book. */
  find(id: string, nowMs: number): OpenBook | null {
    const known = this.#open.get(id);
    if (known !== undefined) {
      this.#touched.add(known);
      return known;
    }
    const row = this.#rows.read(id);
    if (row === null) return null;
    const open = opened({ id, ...row, book: new RegionBook(row.book, nowMs) }, nowMs);
    open.book.sweep(open.terms.unit === "calls", nowMs);
    this.#open.set(id, open);
    this.#touched.add(open);
    return open;
  }

  /** Those that ask the root for more: calls wait, or `alsoAhead` will soon. */
  wanting(alsoAhead: boolean, roundTripMs: number, nowMs: number): readonly OpenBook[] {
    const wanting = [...this.#open.values()].filter(
      (open) => open.waiting > 0 || (alsoAhead && (open.hasTidings || this.isLow(open, roundTripMs, nowMs))),
    );
    for (const open of wanting) this.#touched.add(open);
    return wanting;
  }

  /** What is to be free in memory when it is filled. */
  memoryWanted({ spending, terms: { unit, total } }: OpenBook, nowMs: number): number {
    const most = Math.max(1, Math.floor(total * memoryPartMax[unit]));
    return Math.min(Math.ceil(rateAt(spending, nowMs) * memoryMs), most);
  }

  /** What the root is asked for; a book that has no link asks for one. */
  ask(open: OpenBook, nowMs: number): DrawAsk {
    const { terms, counted, window, book, waiting, spending, worstCase } = open;
    const free = Math.max(0, book.free);
    open.toldOver = book.spending.over;
    open.isTellingAll = true;
    // There is no more than all of it, whatever calls say that they may cost.
    const wanted = Math.min(wantedFree(rateAt(spending, nowMs), waiting, terms.unit === "calls" ? 0 : worstCase), terms.total);
    return {
      terms,
      counted,
      window,
      report: book.epoch === 0 ? null : book.report(wanted),
      waiting: Math.min(Math.max(0, waiting - free), terms.total),
      hasRefused: open.hasRefused,
    };
  }

  /** What the root answered to `ask`. */
  hear(open: OpenBook, { grant, standing }: DrawReply): void {
    this.#touched.add(open);
    open.book.link(grant.epoch);
    open.book.receive(grant);
    open.standing = standing;
    // What came up while it was asked is news still.
    if (open.isTellingAll) open.hasTidings = false;
  }

  /** Whether the root should hear of what was spent of books that were looked at just now. */
  findTidings(): boolean {
    let isFound = false;
    for (const open of this.#touched) {
      if (isTidings({ ...open, ...open.book.spending })) this.#note(open);
      isFound ||= open.hasTidings;
    }
    return isFound;
  }

  /** The root hears of the first one of a window. */
  noteRefusal(open: OpenBook): void {
    if (open.terms.unit !== "nano-usd" || open.hasRefused) return;
    open.hasRefused = true;
    this.#note(open);
    open.book.isDirty = true;
    this.#touched.add(open);
  }

  /**
   * Whether it should be asked for more before a call has to wait, or how the budget stands, without which nothing is lent. Slots
   * come back by themselves.
   */
  isLow({ book, spending, standing, terms }: OpenBook, roundTripMs: number, nowMs: number): boolean {
    const perMs = rateAt(spending, nowMs);
    return terms.unit === "nano-usd" && perMs > 0 && (standing === null || isLow(book.free, perMs, roundTripMs));
  }

  /** Lends to the isolate that asks, of each book of its call or of none: else it would have to ask all the same. */
  lend(books: readonly OpenBook[], { budgets, rates, spending }: ReserveRequest, nowMs: number): readonly Lease[] {
    if (rates.length > 0 || spending.length !== budgets.length) return [];
    const amounts = books.map((open, index) => lendable(open, budgets[index]?.amount ?? 0, spending[index] ?? 0));
    if (amounts.length === 0 || amounts.includes(0)) return [];
    return books.flatMap((open, index) => {
      const { id, terms, counted, window } = open;
      const most = amounts[index] ?? 0;
      const lent = open.book.lend(most, nowMs);
      if (lent === null) return [];
      open.spending = observe(open.spending, most, nowMs);
      const { epoch, granted } = lent;
      const leaseMs = Math.min(pocketLeaseMs, (window.endMs ?? Number.POSITIVE_INFINITY) - nowMs);
      return [{ book: id, limitId: terms.limitId, counted, version: terms.version, window: window.id, epoch, granted, leaseMs }];
    });
  }

  /** Counts a call's reserve into how fast the book is spent. */
  observe(open: OpenBook, amount: number, nowMs: number): void {
    open.spending = observe(open.spending, amount, nowMs);
    open.worstCase = amount;
    open.usedAtMs = nowMs;
    open.hasNews = true;
  }

  /** Puts to rest what is idle, stores what is not, and settles what nobody will. */
  tidy(nowMs: number): void {
    for (const open of this.#open.values()) {
      const { book, terms } = open;
      book.sweep(terms.unit === "calls", nowMs);
      const isIdle = nowMs - open.usedAtMs >= restAfterMs;
      if (isIdle) book.rest();
      if (open.hasNews) book.checkpoint(0);
      // Of one with calls under way, what lies idle in memory goes back at the next look.
      open.hasNews = !isIdle && book.idleInMemory > 0;
      this.#touched.add(open);
    }
  }

  /** Books whose window is over, with what the root is told of their end. */
  ended(nowMs: number): readonly { readonly open: OpenBook; readonly ask: DrawAsk }[] {
    const overdue = [...this.#rows.due(nowMs, 100), ...[...this.#open.values()].filter((open) => isOver(open, nowMs)).map(({ id }) => id)];
    return [...new Set(overdue)].flatMap((id) => {
      const open = this.find(id, nowMs);
      if (open === null) return [];
      const { terms, counted, window, book, hasRefused } = open;
      const isEmpty = book.epoch === 0 && book.holds === 0;
      const report = isEmpty ? null : book.end();
      if (report === null && !isEmpty) {
        // It is looked at again; and nothing of it may keep the alarm from others.
        book.isDirty = true;
        return [];
      }
      return [{ open, ask: { terms, counted, window, report, waiting: 0, hasRefused } }];
    });
  }

  remove(open: OpenBook): void {
    this.#rows.remove(open.id);
    this.#forget(open);
  }

  /** Stores what changed, in one transaction. It must be before any answer leaves; what could not be stored is so with the next one. */
  save(nowMs: number): void {
    const dirty = [...this.#touched].filter(({ book }) => book.isDirty);
    if (dirty.length > 0) {
      this.#storage.transactionSync(() => {
        for (const open of dirty) this.#writeOrForget(open, nowMs);
      });
    }
    for (const { book } of dirty) book.isDirty = false;
    this.#touched.clear();
  }

  /** Forgets books that are at rest, and have been for long: they are read again when they are wanted. */
  forgetResting(nowMs: number): void {
    for (const open of this.#open.values()) {
      const isRecent = nowMs - open.usedAtMs < forgottenAfterMs && this.#open.size <= openMax;
      if (open.book.isAtRest && open.waiting === 0 && !open.hasTidings && !isRecent) this.#forget(open);
    }
  }

  /** When a book wants to be looked at; infinite: none does. */
  wakeAtMs(nowMs: number): number {
    let wakeMs = this.#rows.nextDueAtMs() ?? Number.POSITIVE_INFINITY;
    for (const { book, hasNews, hasTidings } of this.#open.values()) {
      // The root did not answer, and waits to hear of it.
      if (hasTidings) wakeMs = Math.min(wakeMs, nowMs + tellAgainMs);
      if (!book.isAtRest) wakeMs = Math.min(wakeMs, nowMs + (hasNews || book.holds === 0 ? memoryMs : longestCallMs));
    }
    return wakeMs;
  }

  #note(open: OpenBook): void {
    open.hasTidings = true;
    open.isTellingAll = false;
  }

  #create(terms: EscrowTerms, counted: string, window: LimitWindow, nowMs: number): OpenBook {
    const id = bookIdOf(terms.limitId, window.id, counted);
    const open = opened({ id, terms, counted, window, book: new RegionBook(emptyBook(window.id), nowMs), hasRefused: false }, nowMs);
    this.#open.set(id, open);
    this.#touched.add(open);
    return open;
  }

  #forget({ id, terms, counted }: OpenBook): void {
    const open = this.#open.get(id);
    if (open !== undefined) this.#touched.delete(open);
    this.#open.delete(id);
    if (this.#present.get(`${terms.limitId}/${counted}`)?.id === id) this.#present.delete(`${terms.limitId}/${counted}`);
  }

  /** One whose row is refused may not keep others from being stored ever after: it is as after a crash. */
  #writeOrForget(open: OpenBook, nowMs: number): void {
    try {
      this.#write(open, nowMs);
    } catch (error) {
      this.#forget(open);
      throw error;
    }
  }

  #write({ id, terms, counted, window, book, hasRefused }: OpenBook, nowMs: number): void {
    const endsAtMs = window.endMs === null ? null : window.endMs + afterEndMs;
    const dueAtMs = endsAtMs === null ? null : endsAtMs > nowMs ? endsAtMs : nowMs + endRetryMs;
    this.#rows.write(id, { terms: storable(terms), counted, window: { ...window }, book: book.stored(), hasRefused }, dueAtMs);
  }
}
