/**
 * A limit of so many units a period, of which `burst` may come at once: the generic cell rate algorithm (ITU-T I.371) with
 * cost n. On its whole-number clock every interval of w ms admits at most `burst + floor((w - 1) * limit / periodMs)` units.
 */
export interface RateLimit {
  readonly limit: number;
  readonly periodMs: number;
  readonly burst: number;
}

/**
 * How far a rate's theoretical arrival time is ahead of `atMs`, in units of 1/limit ms: each admitted unit adds `periodMs`,
 * each ms takes `limit` away. So kept, nothing is ever rounded: 2 million tokens a minute are 1.2e11.
 */
export interface RateState {
  readonly atMs: number;
  readonly backlog: number;
}

export const restedRate: RateState = { atMs: 0, backlog: 0 };

export type RateDecision =
  | { readonly kind: "admitted"; readonly state: RateState }
  /** The same call fits after exactly so many ms, if no other comes before it. */
  | { readonly kind: "limited"; readonly retryAfterMs: number }
  /** More than may ever come at once: waiting does not help. */
  | { readonly kind: "too-large"; readonly burst: number };

/** The state at a later moment. A clock that went back stands still. */
function drain({ limit }: RateLimit, { atMs, backlog }: RateState, nowMs: number): RateState {
  if (nowMs <= atMs) return { atMs, backlog };
  return { atMs: nowMs, backlog: Math.max(0, backlog - (nowMs - atMs) * limit) };
}

/** Admits `cost` units (whole, at least 0) now, or says when they fit. */
export function admit(rate: RateLimit, state: RateState, cost: number, nowMs: number): RateDecision {
  if (cost > rate.burst) return { kind: "too-large", burst: rate.burst };
  const drained = drain(rate, state, nowMs);
  const backlog = drained.backlog + cost * rate.periodMs;
  const beyond = backlog - rate.burst * rate.periodMs;
  if (beyond > 0) return { kind: "limited", retryAfterMs: Math.ceil(beyond / rate.limit) + drained.atMs - nowMs };
  return { kind: "admitted", state: { ...drained, backlog } };
}

/**
 * Corrects what a call was admitted at to what it used. What it did not use comes back at once; what it used beyond is a
 * backlog that later calls wait for. The bound then holds for what was used.
 */
export function settleRate(rate: RateLimit, state: RateState, charged: number, used: number, nowMs: number): RateState {
  const drained = drain(rate, state, nowMs);
  return { ...drained, backlog: Math.max(0, drained.backlog + (used - charged) * rate.periodMs) };
}

/** What the headers say: how many units fit now, and after how many ms all of `burst` do. */
export function standingOf(rate: RateLimit, state: RateState, nowMs: number): { readonly remaining: number; readonly resetMs: number } {
  const { backlog, atMs } = drain(rate, state, nowMs);
  return {
    remaining: Math.max(0, Math.floor((rate.burst * rate.periodMs - backlog) / rate.periodMs)),
    resetMs: Math.ceil(backlog / rate.limit) + (backlog === 0 ? 0 : atMs - nowMs),
  };
}

/** How many whole units fit now; below 0: used beyond what there is. */
export function leftOf(rate: RateLimit, state: RateState, nowMs: number): number {
  return Math.floor((rate.burst * rate.periodMs - drain(rate, state, nowMs).backlog) / rate.periodMs);
}

/** What a change of burst leaves to who has it, and how many units of it others may use that have not been used. */
export interface MovedBurst {
  readonly state: RateState;
  readonly donated: number;
}

/**
 * The state under a changed limit. Burst that is gained counts as used, since it may have been used where it was before,
 * but for the part of it that is `fresh`, which nobody has had. What is let go is first what has not been used, which is as
 * good as fresh to others; what has been used is used where it goes. So however often shares change hands, all together
 * admit no more than one limit would, and nothing of it is lost.
 */
export function moveBurst(before: RateLimit, after: RateLimit, fresh: number, state: RateState, nowMs: number): MovedBurst {
  const drained = drain(before, state, nowMs);
  const { periodMs } = after;
  // Burst may have come and gone in words that were overtaken.
  const gained = Math.max(fresh, after.burst - before.burst, 0);
  const all = { ...after, burst: before.burst + gained };
  const held = { ...drained, backlog: drained.backlog + (gained - Math.max(0, fresh)) * periodMs };
  const gone = all.burst - after.burst;
  const donated = Math.min(gone, Math.max(0, leftOf(all, held, nowMs)));
  return { state: { ...held, backlog: Math.max(0, held.backlog - (gone - donated) * periodMs) }, donated };
}
