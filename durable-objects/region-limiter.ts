import { DurableObject } from "cloudflare:workers";
import { answerOf, rootStub, type LimiterBinding, type RootBinding } from "#adapters/limits/stubs.ts";
import { log } from "#adapters/log.ts";
import { within } from "#adapters/within.ts";
import type {
  Ended,
  HoldReceipt,
  Lease,
  LimiterPlace,
  RateCharge,
  RateClaim,
  Recall,
  RecallReply,
  RegionLimiterRpc,
  ReserveReply,
  ReserveRequest,
  Reshare,
  ShareAsk,
} from "#core/limits/limiter-rpc.ts";
import { refusalOfBook } from "#core/limits/refusals.ts";
import { fromWire, toWire, type WireText } from "#core/limits/wire-text.ts";
import { LimiterBooks } from "./limiter-books.ts";
import type { OpenBook } from "./open-book.ts";
import { HeldAttempts } from "./held-attempts.ts";
import { Rounds } from "./rounds.ts";
import { LimiterRates, type Asking } from "./limiter-rates.ts";
import { KnownPlace } from "./known-place.ts";
import { NextAlarm } from "./next-alarm.ts";
import { RecentIds } from "./recent-ids.ts";
import type { HeldClaim, Short, Tried, Wanting } from "./reserve-try.ts";

export type RegionLimiterEnv = LimiterBinding & RootBinding;

/** The root asks other regions, which takes it up to 1.5 s. */
const drawWithinMs = 4_000;
/** A call that is short asks the root so often: the first answer may be a link, the next one goes to who waited longest. */
const roundsMax = 3;
/** After a draw that left calls short, others like them are refused at once. */
const dryMs = 250;
const aheadEveryMs = 100;

/**
 * Admits the calls of an organisation in one region, in memory, out of rights that were drawn from the root ahead. Whatever
 * moves rights is stored before anybody is told. Between an await and what follows it other calls may have taken what was
 * there: each try begins anew, and takes all of its claims or none.
 */
export class RegionLimiter extends DurableObject<RegionLimiterEnv> implements RegionLimiterRpc {
  readonly #books: LimiterBooks;
  readonly #rates: LimiterRates;
  readonly #attempts = new HeldAttempts();
  /** Attempts that were settled or cancelled: what comes late of them holds nothing. */
  readonly #over = new RecentIds();
  readonly #place: KnownPlace;
  readonly #alarm: NextAlarm;
  readonly #draws = new Rounds(() => this.#drawOnce());
  #roundTripMs = 0;

  constructor(ctx: DurableObjectState, env: RegionLimiterEnv) {
    super(ctx, env);
    this.#books = new LimiterBooks(ctx.storage);
    this.#rates = new LimiterRates(ctx.storage);
    this.#place = new KnownPlace(ctx.storage);
    this.#alarm = new NextAlarm(ctx);
  }

  /** @see RegionLimiterRpc.reserve */
  async reserve(text: WireText<ReserveRequest>): Promise<WireText<ReserveReply>> {
    return toWire(await this.#reserveOnce(fromWire(text)));
  }

  async #reserveOnce(request: ReserveRequest): Promise<ReserveReply> {
    this.#place.know(request.place);
    if (request.ended.settlements.length + request.ended.closings.length > 0) await this.settle(request.place, request.ended);
    return await this.#attempts.once(request.attemptId, async () => await this.#reserve(request));
  }

  /** @see RegionLimiterRpc.settle */
  async settle(place: LimiterPlace, { settlements, closings }: Ended): Promise<void> {
    this.#place.know(place);
    const nowMs = Date.now();
    for (const { attemptId, receipts, charges, nanoUsd, tokens } of settlements) {
      const isFirst = this.#attempts.end(attemptId);
      this.#over.add(attemptId, nowMs);
      for (const receipt of receipts) this.#settle(receipt, receipt.unit === "calls" ? 0 : nanoUsd, nowMs);
      // A charge has no row that says whether it was corrected: once is what the attempt's own memory allows.
      if (isFirst) for (const charge of charges) this.#rates.settle(charge, charge.unit === "requests" ? null : tokens, nowMs);
    }
    for (const { book, report } of closings) this.#books.find(book, nowMs)?.book.closePocket(report);
    const hasTidings = closings.length > 0 && this.#books.findTidings();
    this.#saved();
    if (hasTidings) this.#tellTidings();
  }

  /** @see RegionLimiterRpc.cancel */
  async cancel(place: LimiterPlace, attemptId: string): Promise<void> {
    this.#over.add(attemptId, Date.now());
    const told = await this.#attempts.toldTo(attemptId);
    if (told?.kind !== "held") return;
    const nothing = { attemptId, receipts: told.receipts, charges: told.charges, nanoUsd: 0, tokens: 0 };
    await this.settle(place, { settlements: [nothing], closings: [] });
  }

  /** @see RegionLimiterRpc.recall */
  async recall(place: LimiterPlace, recalls: readonly Recall[]): Promise<readonly RecallReply[]> {
    this.#place.know(place);
    const nowMs = Date.now();
    const replies = recalls.map(({ book: id, grant }): RecallReply => {
      const open = this.#books.find(id, nowMs);
      if (open === null || open.book.epoch !== grant.epoch) return { book: id, report: null };
      open.book.recall(grant);
      return { book: id, report: open.book.report(open.waiting) };
    });
    this.#saved();
    return replies;
  }

  /** @see RegionLimiterRpc.reshare */
  async reshare(place: LimiterPlace, shares: readonly Reshare[]): Promise<readonly ShareAsk[]> {
    this.#place.know(place);
    return this.#rates.reshare(shares, Date.now());
  }

  override async alarm(): Promise<void> {
    this.#alarm.fired();
    const nowMs = Date.now();
    this.#attempts.tidy(nowMs);
    this.#books.tidy(nowMs);
    this.#rates.tidy(nowMs);
    const hasTidings = this.#books.findTidings();
    const ended = this.#books.ended(nowMs);
    this.#saved();
    if (hasTidings) this.#tellTidings();
    if (ended.length > 0) await this.#tellEnded(ended);
    this.#books.forgetResting(nowMs);
    this.#setAlarm();
  }

  async #reserve(request: ReserveRequest): Promise<ReserveReply> {
    this.#rates.observe(request.rates, Date.now());
    let tried = this.#try(request, "may-ask");
    for (let round = 0; round < roundsMax && tried.kind === "wanting"; round += 1) {
      const isReached = await this.#draw(tried);
      tried = this.#try(request, isReached ? "may-ask" : "unreachable");
      // The root does not answer: what is in hand may be spent; then limits say what becomes of their calls.
      if (!isReached && tried.kind === "wanting") return { kind: "unreachable" };
    }
    // What it asked for went to others each time.
    if (tried.kind === "wanting" && tried.short.length === 0) tried = this.#try(request, "has-asked");
    if (tried.kind !== "wanting") return tried;
    const [first, ...others] = tried.short;
    return first === undefined ? { kind: "unreachable" } : this.#refuse([first, ...others]);
  }

  /** All claims or none, at once. */
  #try(request: ReserveRequest, asking: Asking): Tried {
    if (this.#over.has(request.attemptId)) return { kind: "unreachable" };
    const nowMs = Date.now();
    const rates = this.#rates.decide(request.rates, nowMs, asking);
    if (rates.kind === "refused") return rates.refusal;
    if (rates.kind === "unreachable") return rates;
    const held: HeldClaim[] = [];
    const short: Short[] = [];
    for (const claim of request.budgets) {
      const open = this.#books.present(claim, nowMs);
      const { terms, book, id } = open;
      const reserved = book.reserve(claim.amount, this.#books.memoryWanted(open, nowMs), nowMs);
      if (reserved.kind === "held") {
        held.push({ open, amount: claim.amount, receipt: { book: id, unit: terms.unit, ...reserved.receipt } });
      } else if (!terms.isHard || (asking === "unreachable" && terms.whenUnreachable === "open")) {
        held.push({ open, amount: claim.amount, receipt: { book: id, unit: terms.unit, ...book.pass(claim.amount, nowMs) } });
      } else {
        short.push({ open, amount: claim.amount });
      }
    }
    const [first, ...others] = short;
    if (first !== undefined || rates.kind === "wants-shares") {
      for (const { open, receipt } of held) open.book.release(receipt);
      this.#saved();
      if (first !== undefined && short.some(({ open }) => open.dryUntilMs > nowMs)) return this.#refuse([first, ...others]);
      return { kind: "wanting", short, shares: rates.kind === "wants-shares" ? rates.wanting : [] };
    }
    for (const { open, amount } of held) this.#books.observe(open, amount, nowMs);
    this.#rates.charge(rates.charges, nowMs);
    const books = held.map(({ open }) => open);
    const leases = this.#books.lend(books, request, nowMs);
    this.#savedOrReleased(held, leases);
    this.#drawAhead(books, request.rates, nowMs);
    const receipts = held.map(({ receipt }) => receipt);
    const charges = rates.charges.map(({ charge }): RateCharge => charge);
    return { kind: "held", receipts, charges, standings: this.#rates.standings(request.rates, nowMs), leases };
  }

  #refuse(short: readonly [Short, ...Short[]]): ReserveReply {
    const nowMs = Date.now();
    for (const { open } of short) open.dryUntilMs = Math.max(open.dryUntilMs, nowMs + dryMs);
    const [{ open, amount }] = short;
    this.#books.noteRefusal(open);
    this.#saved();
    if (open.hasTidings) this.#tellTidings();
    return refusalOfBook(open, amount, open.terms.perRegion[this.#place.known.region] ?? null, nowMs);
  }

  #settle(receipt: HoldReceipt, actual: number | null, nowMs: number): void {
    const open = this.#books.find(receipt.book, nowMs);
    if (open === null) return;
    open.book.settle(receipt, actual);
    open.hasNews = true;
    open.usedAtMs = nowMs;
    // What came back may be what the next one waits for.
    open.dryUntilMs = 0;
  }

  /** Asks the root in a draw that begins after now; the claims wait for it. Whether it answered. */
  async #draw({ short, shares }: Pick<Wanting, "short" | "shares">): Promise<boolean> {
    for (const { open, amount } of short) open.waiting += amount;
    for (const { rate, amount } of shares) rate.waiting += amount;
    const drawn = await this.#draws.next();
    for (const { open, amount } of short) open.waiting -= amount;
    for (const { rate, amount } of shares) rate.waiting -= amount;
    return drawn;
  }

  async #drawOnce(): Promise<boolean> {
    for (let isFirst = true; ; isFirst = false) {
      const nowMs = Date.now();
      const place = this.#place.known;
      const open = this.#books.wanting(isFirst, this.#roundTripMs, nowMs);
      const rates = isFirst ? this.#rates.wanting() : [];
      if (open.length === 0 && rates.length === 0) return true;
      const budgets = open.map((each) => this.#books.ask(each, nowMs));
      this.#saved();
      const shares = rates.map((rate) => this.#rates.ask(rate, nowMs));
      const request = { place, budgets, rates: shares };
      const replies = await within(answerOf(rootStub(this.env, place.organizationId).draw(request)), drawWithinMs);
      const repliedAtMs = Date.now();
      this.#roundTripMs = repliedAtMs - nowMs;
      for (const [index, reply] of replies.budgets.entries()) {
        const each = open[index];
        if (each !== undefined) this.#books.hear(each, reply);
      }
      this.#rates.apply(rates, shares, replies.rates, repliedAtMs);
      this.#saved();
      // A book that only now has its link has not asked for anything yet.
      if (budgets.every(({ report }) => report !== null)) return true;
    }
  }

  /** Draws what will be wanted soon, and tells of new terms, beside the calls. */
  #drawAhead(books: readonly OpenBook[], rates: readonly RateClaim[], nowMs: number): void {
    const isLow = books.some((open) => open.nextAheadAtMs <= nowMs && this.#books.isLow(open, this.#roundTripMs, nowMs));
    if (this.#draws.isNextAwaited || (!isLow && !this.#rates.hasNews(rates, nowMs))) return;
    for (const open of books) open.nextAheadAtMs = nowMs + aheadEveryMs;
    this.ctx.waitUntil(this.#draw({ short: [], shares: [] }));
  }

  /** The root may have to raise an alert. */
  #tellTidings(): void {
    if (!this.#draws.isNextAwaited) this.ctx.waitUntil(this.#draw({ short: [], shares: [] }));
  }

  async #tellEnded(ended: ReturnType<LimiterBooks["ended"]>): Promise<void> {
    const place = this.#place.known;
    try {
      const linked = ended.filter(({ ask }) => ask.report !== null);
      const request = { place, budgets: linked.map(({ ask }) => ask), rates: [] };
      if (linked.length > 0) await within(answerOf(rootStub(this.env, place.organizationId).draw(request)), drawWithinMs);
      this.ctx.storage.transactionSync(() => {
        for (const { open } of ended) this.#books.remove(open);
      });
    } catch (error) {
      log("limits_root_unreachable", { region: place.region, error });
    }
  }

  /** What could not be stored, nobody is told of. */
  #savedOrReleased(held: readonly HeldClaim[], leases: readonly Lease[]): void {
    try {
      this.#saved();
    } catch (error) {
      for (const { open, receipt } of held) open.book.release(receipt);
      for (const { book, epoch } of leases) held.find(({ open }) => open.id === book)?.open.book.unlend(epoch);
      throw error;
    }
  }

  /** Stores what changed, and sees to it that what is left to do is done. */
  #saved(): void {
    this.#books.save(Date.now());
    this.#rates.save();
    this.#setAlarm();
  }

  #setAlarm(): void {
    const nowMs = Date.now();
    if (!this.#alarm.isSoon(nowMs)) this.#alarm.set(Math.min(this.#books.wakeAtMs(nowMs), this.#rates.wakeAtMs(nowMs)), nowMs);
  }
}
