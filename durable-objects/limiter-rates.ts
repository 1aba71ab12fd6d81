import type { RateState } from "#core/limits/gcra.ts";
import type { RateCharge, RateClaim, RateStanding, Refusal, Reshare, ShareAsk, ShareReply } from "#core/limits/limiter-rpc.ts";
import { refusalOfRate } from "#core/limits/refusals.ts";
import { noRate, RegionRate, storedRateSchema, type StoredRate } from "#core/limits/region-rate.ts";
import { RowStore } from "./row-store.ts";

/** A rate, and what is known of it beside its state. */
export interface OpenRate {
  readonly id: string;
  readonly counted: string;
  readonly rate: RegionRate;
  /** What calls wait for, all together. */
  waiting: number;
  /** The root is not told of new terms again before. */
  nextNewsAtMs: number;
  /** Until then calls that do not fit are refused unasked: just now nobody had what they lack. */
  dryUntilMs: number;
  usedAtMs: number;
  /** It was stored as in use: then all of it counts as used after a crash. */
  isMarked: boolean;
}

/** What a call's rates are charged where it is admitted. */
export interface Charge {
  readonly open: OpenRate;
  readonly charge: RateCharge;
  readonly state: RateState;
}

/** What a call needs of a rate. */
export interface WantedShare {
  readonly rate: OpenRate;
  readonly amount: number;
}

/** Whether the root is asked for what is lacking: it may be, it has been often enough, or it does not answer. */
export type Asking = "may-ask" | "has-asked" | "unreachable";

export type RatesDecision =
  | { readonly kind: "fits"; readonly charges: readonly Charge[] }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The region's shares of these are too small, and the root may have more. */
  | { readonly kind: "wants-shares"; readonly wanting: readonly WantedShare[] }
  /** Nothing is known of the share, as the root does not answer. */
  | { readonly kind: "unreachable" };

const newsEveryMs = 1_000;
const dryMs = 250;
const restAfterMs = 1_500;

/** The rate limits of a region's limiter. */
export class LimiterRates {
  readonly #rows: RowStore<StoredRate>;
  readonly #storage: DurableObjectStorage;
  readonly #open = new Map<string, OpenRate>();
  readonly #dirty = new Set<OpenRate>();

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#rows = new RowStore(storage.sql, "rate", storedRateSchema);
  }

  /** Counts what a call asks for, once, whatever becomes of it. */
  observe(claims: readonly RateClaim[], nowMs: number): void {
    for (const claim of claims) this.#find(claim, nowMs).rate.observe(claim.amount, nowMs);
  }

  /** Whether all fit now; nothing is charged. */
  decide(claims: readonly RateClaim[], nowMs: number, asking: Asking): RatesDecision {
    const opened = claims.map((claim) => ({ open: this.#find(claim, nowMs), claim }));
    const charges: Charge[] = [];
    const wanting: WantedShare[] = [];
    for (const { open, claim } of opened) {
      const decision = open.rate.decide(claim.amount, nowMs);
      if (decision.kind === "admitted") {
        charges.push({ open, charge: { book: open.id, unit: claim.terms.unit, amount: claim.amount }, state: decision.state });
        continue;
      }
      const mayFitElsewhere = !open.rate.isWhole && claim.amount <= claim.terms.rate.burst;
      if (asking === "may-ask" && mayFitElsewhere && open.dryUntilMs <= nowMs) {
        wanting.push({ rate: open, amount: claim.amount });
        continue;
      }
      if (asking === "unreachable" && !open.rate.isWhole) {
        if (claim.terms.whenUnreachable === "open") continue;
        return { kind: "unreachable" };
      }
      return { kind: "refused", refusal: refusalOfRate(open, decision, this.standings(claims, nowMs), nowMs) };
    }
    return wanting.length > 0 ? { kind: "wants-shares", wanting } : { kind: "fits", charges };
  }

  charge(charges: readonly Charge[], nowMs: number): void {
    for (const { open, state } of charges) {
      open.rate.charge(state);
      open.usedAtMs = nowMs;
      if (!open.isMarked) this.#dirty.add(open);
    }
  }

  /** `used: null`: what was charged. */
  settle({ book, amount }: RateCharge, used: number | null, nowMs: number): void {
    if (used !== null) this.#open.get(book)?.rate.settle(amount, used, nowMs);
  }

  standings(claims: readonly RateClaim[], nowMs: number): readonly RateStanding[] {
    return claims.map((claim) => this.#find(claim, nowMs).rate.standing(nowMs));
  }

  /** What calls wait to have more of, and what the root has to hear of. */
  wanting(): readonly OpenRate[] {
    return [...this.#open.values()].filter(({ waiting, rate }) => waiting > 0 || rate.isNews);
  }

  /** Whether the root has not heard of a claim's terms; it is told at most once a second. */
  hasNews(claims: readonly RateClaim[], nowMs: number): boolean {
    return claims.some((claim) => {
      const open = this.#find(claim, nowMs);
      return open.rate.isNews && open.nextNewsAtMs <= nowMs;
    });
  }

  ask({ rate, counted, waiting }: OpenRate, nowMs: number): ShareAsk {
    return rate.ask(counted, waiting, nowMs);
  }

  apply(asking: readonly OpenRate[], asks: readonly ShareAsk[], replies: readonly ShareReply[], nowMs: number): void {
    for (const [index, reply] of replies.entries()) {
      const open = asking[index];
      if (open === undefined) continue;
      open.rate.apply(reply, nowMs);
      open.rate.rootHeard(asks[index]?.terms.version ?? 0);
      this.#dirty.add(open);
      open.nextNewsAtMs = nowMs + newsEveryMs;
      if (reply.isAll === true) open.dryUntilMs = nowMs + dryMs;
    }
  }

  /** The root says what is this region's; the answer confirms it. */
  reshare(shares: readonly Reshare[], nowMs: number): readonly ShareAsk[] {
    const asks = shares.map(({ terms, counted, share }) => {
      const open = this.#find({ terms, counted, amount: 0 }, nowMs);
      // What goes to another region may come back from there.
      if (open.rate.apply(share, nowMs) > 0) open.dryUntilMs = 0;
      this.#dirty.add(open);
      return open.rate.ask(counted, 0, nowMs);
    });
    this.save();
    return asks;
  }

  /** Stores the state of what is idle, so that nothing of it is lost with the object. */
  tidy(nowMs: number): void {
    for (const [id, open] of this.#open) {
      if (nowMs - open.usedAtMs < restAfterMs || open.waiting > 0) continue;
      this.#rows.write(id, open.rate.stored(false), null);
      this.#open.delete(id);
      this.#dirty.delete(open);
    }
  }

  /** Stores what changed. It must be before any answer leaves; what could not be stored is so with the next one. */
  save(): void {
    if (this.#dirty.size === 0) return;
    this.#storage.transactionSync(() => {
      for (const open of this.#dirty) this.#rows.write(open.id, open.rate.stored(true), null);
    });
    for (const open of this.#dirty) open.isMarked = true;
    this.#dirty.clear();
  }

  /** Infinite: nothing is left to do. */
  wakeAtMs(nowMs: number): number {
    return this.#open.size === 0 ? Number.POSITIVE_INFINITY : nowMs + restAfterMs;
  }

  #find({ terms, counted }: RateClaim, nowMs: number): OpenRate {
    const id = `${terms.limitId}/${counted}`;
    const known = this.#open.get(id);
    if (known !== undefined) {
      if (terms.version > known.rate.terms.version) {
        known.rate.terms = terms;
        known.nextNewsAtMs = 0;
        known.dryUntilMs = 0;
      }
      return known;
    }
    const rate = new RegionRate(this.#rows.read(id) ?? noRate, terms, nowMs);
    const open = { id, counted, rate, waiting: 0, nextNewsAtMs: 0, dryUntilMs: 0, usedAtMs: nowMs, isMarked: false };
    this.#open.set(id, open);
    return open;
  }
}
