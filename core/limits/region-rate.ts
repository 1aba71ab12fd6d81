import * as z from "zod";
import { admit, leftOf, moveBurst, settleRate, standingOf, type RateDecision, type RateLimit, type RateState } from "./gcra.ts";
import { noSpending, observe, rateAt, type SpendRate } from "./grant-policy.ts";
import type { RateStanding, RateTerms, ShareAsk, ShareReply } from "./limiter-rpc.ts";
import type { Share } from "./rate-shares.ts";

const whole = z.int().nonnegative();

/** A region's part of a rate limit, as it is stored. */
export const storedRateSchema = z.object({
  share: z.object({ limit: whole, burst: whole }),
  version: whole,
  fresh: whole,
  donated: whole,
  /** The newest terms that the root has heard of from here. */
  toldVersion: whole.default(0),
  /** `null`: in use when it was stored, so all of its burst may have been used since. */
  state: z.object({ atMs: z.number(), backlog: z.number() }).nullable(),
});
export type StoredRate = z.infer<typeof storedRateSchema>;

export const noRate: StoredRate = {
  share: { limit: 0, burst: 0 },
  version: 0,
  fresh: 0,
  donated: 0,
  toldVersion: 0,
  state: { atMs: 0, backlog: 0 },
};

/** How much more than it uses a region keeps of a rate that others want. */
const headroom = 1.25;

/** What a region may use of a limit of requests or tokens a minute, and how much of it is used. */
export class RegionRate {
  #stored: StoredRate;
  #state: RateState;
  #asked: SpendRate = noSpending;
  terms: RateTerms;

  constructor(stored: StoredRate, terms: RateTerms, nowMs: number) {
    this.#stored = stored;
    this.terms = terms;
    this.#state = stored.state ?? { atMs: nowMs, backlog: stored.share.burst * terms.rate.periodMs };
  }

  /** `isInUse`: it may change before it is stored again. */
  stored(isInUse: boolean): StoredRate {
    return { ...this.#stored, state: isInUse ? null : this.#state };
  }

  /** Whether the terms in force are newer than those that the root has heard of: until then its shares are of another limit. */
  get isNews(): boolean {
    return this.terms.version > this.#stored.toldVersion;
  }

  /** The root has heard of these terms. */
  rootHeard(version: number): void {
    this.#stored = { ...this.#stored, toldVersion: Math.max(version, this.#stored.toldVersion) };
  }

  /** Whether the region has all that there is, so that asking for more is of no use. */
  get isWhole(): boolean {
    const { share } = this.#stored;
    return share.limit >= this.terms.rate.limit && share.burst >= this.terms.rate.burst;
  }

  /** Whether `amount` fits now; nothing is charged. */
  decide(amount: number, nowMs: number): RateDecision {
    const rate = this.#rate();
    // What has no share of the limit is never refilled: waiting does not help.
    if (rate.limit === 0 && amount > leftOf(rate, this.#state, nowMs)) return { kind: "too-large", burst: rate.burst };
    return admit(rate, this.#state, amount, nowMs);
  }

  /** Counts what was asked for, whether it was admitted or not. */
  observe(amount: number, nowMs: number): void {
    this.#asked = observe(this.#asked, amount, nowMs);
  }

  charge(state: RateState): void {
    this.#state = state;
  }

  settle(charged: number, used: number, nowMs: number): void {
    this.#state = settleRate(this.#rate(), this.#state, charged, used, nowMs);
  }

  /** `waiting`: what calls wait for, all together; 0: none does. New terms are told with a wish for all that they allow. */
  ask(counted: string, waiting: number, nowMs: number): ShareAsk {
    const { limit, periodMs } = this.terms.rate;
    const used = Math.min(limit, Math.ceil(rateAt(this.#asked, nowMs) * periodMs * headroom));
    return {
      terms: this.terms,
      counted,
      wanted: waiting > 0 || this.isNews ? limit : used,
      burst: Math.min(waiting, this.terms.rate.burst),
      left: leftOf(this.#rate(), this.#state, nowMs),
      confirmed: this.#stored.version,
      donated: this.#stored.donated,
    };
  }

  /** Keeps to what it is told; an older word than the last changes nothing. Returns how many unused units it let go of. */
  apply({ version, told, fresh }: ShareReply, nowMs: number): number {
    if (version <= this.#stored.version) return 0;
    const before = this.#rate();
    const after = this.#within(told);
    const { state, donated } = moveBurst(before, after, fresh - this.#stored.fresh, this.#state, nowMs);
    this.#state = state;
    this.#stored = { ...this.#stored, share: told, version, fresh, donated: this.#stored.donated + donated };
    return donated;
  }

  standing(nowMs: number): RateStanding {
    const rate = this.#rate();
    const { unit, rate: whole } = this.terms;
    if (rate.limit === 0) {
      return { unit, limit: whole.limit, remaining: Math.max(0, leftOf(rate, this.#state, nowMs)), resetMs: whole.periodMs };
    }
    return { unit, limit: whole.limit, ...standingOf(rate, this.#state, nowMs) };
  }

  #rate(): RateLimit {
    return this.#within(this.#stored.share);
  }

  /** A limit that was lowered is kept to before the root has divided it anew. */
  #within(share: Share): RateLimit {
    const { limit, burst, periodMs } = this.terms.rate;
    return { limit: Math.min(share.limit, limit), burst: Math.min(share.burst, burst), periodMs };
  }
}
