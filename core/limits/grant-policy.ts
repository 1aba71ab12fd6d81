/**
 * How much is granted, asked for ahead, and wanted back. None of this is needed for safety, which the registers alone keep:
 * it decides how often a call has to wait for rights, and how many of them lie idle.
 */

/** How fast an amount is spent: an exponentially weighted mean. */
export interface SpendRate {
  readonly atMs: number;
  readonly perMs: number;
}

export const noSpending: SpendRate = { atMs: 0, perMs: 0 };

/** Older spending counts for 1/e of what it did so long ago. */
const memoryMs = 10_000;

export function observe({ atMs, perMs }: SpendRate, amount: number, nowMs: number): SpendRate {
  const elapsedMs = Math.max(0, nowMs - atMs);
  return { atMs: Math.max(atMs, nowMs), perMs: perMs * Math.exp(-elapsedMs / memoryMs) + amount / memoryMs };
}

/** The mean now, when nothing was spent since. */
export function rateAt({ atMs, perMs }: SpendRate, nowMs: number): number {
  return perMs * Math.exp(-Math.max(0, nowMs - atMs) / memoryMs);
}

/** A grant is to last for so long. */
const grantMs = 10_000;

/** What is asked for anew when so little is left that it might be spent before the answer comes. */
export function isLow(free: number, perMs: number, roundTripMs: number): boolean {
  return free < perMs * Math.max(1_000, 3 * roundTripMs);
}

/**
 * What a holder asks to have free: what it spends while a grant lasts, and at least what waits. `worstCase`: what its
 * calls reserve at most, usually.
 */
export function wantedFree(perMs: number, waiting: number, worstCase: number): number {
  return Math.max(Math.ceil(perMs * grantMs), waiting, 2 * worstCase);
}

/**
 * What a grantor adds at most: of what is free, a half is left to the other holders that spend too. When even what waits is
 * more than that, exactly what waits is granted, if it is there.
 */
export function quantum(free: number, activeHolders: number, waiting: number): number {
  const part = Math.floor(free / (2 * Math.max(1, activeHolders)));
  return Math.max(0, Math.min(free, Math.max(part, waiting)));
}

/**
 * What a holder may keep free when rights are wanted back: nothing while a call waits for them elsewhere (then a call that
 * fits is admitted after two round trips), else a half of what it seems to have idle.
 */
export function keepOf(idle: number, doesCallWait: boolean): number {
  return doesCallWait ? 0 : Math.floor(Math.max(0, idle) / 2);
}

/** What decides whether an isolate gets a pocket, and of how much. All amounts of one budget in one window. */
export interface PocketQuestion {
  readonly limit: number;
  /** What of the limit is free, at the root and in this region. */
  readonly free: number;
  /** What of it this region has, and has not given to its memory. */
  readonly inHand: number;
  /** What pockets that died had of it. */
  readonly stranded: number;
  /** Of this isolate. */
  readonly perMs: number;
  readonly worstCase: number;
  readonly pockets: number;
}

/** A pocket's rights are for so long at most. */
export const pocketLeaseMs = 5_000;
const freePartMin = 0.2;
const strandedPartMax = 0.005;
const worstCasesMin = 8;

/**
 * What a pocket is granted; 0: it gets none, and each call goes to the region. Isolates die without notice, and what they
 * had is spent then: so all pockets together may hold no more than what may still be stranded.
 */
export function pocketGrant({ limit, free, inHand, stranded, perMs, worstCase, pockets }: PocketQuestion): number {
  const strandable = Math.floor(limit * strandedPartMax) - stranded;
  if (free < limit * freePartMin || strandable <= 0) return 0;
  const amount = Math.min(Math.ceil(perMs * pocketLeaseMs), inHand, Math.floor(strandable / Math.max(1, pockets)));
  return amount < worstCasesMin * worstCase ? 0 : amount;
}

/** Which of a budget's thresholds (parts of its limit) spending has passed, and had not before. */
export function passedThresholds(thresholds: readonly number[], limit: number, before: number, now: number): readonly number[] {
  return thresholds.filter((part) => before < limit * part && now >= limit * part).toSorted((left, right) => left - right);
}
