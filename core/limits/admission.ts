import type { BudgetInForce, KeyLimits, RateLimitInForce } from "../contracts/limits.ts";
import { whenUnreachableOf } from "../contracts/limits.ts";
import { rateIdOf, type EscrowClaim, type EscrowTerms, type RateClaim, type RateTerms } from "./limiter-rpc.ts";
import { matchLimits, totalOf, type LimitedCall, type Matched } from "./match.ts";
import type { WorstCase } from "./worst-case.ts";

/** The most that an attempt of a call can use; `null`: nobody knows. */
export interface CallBounds {
  readonly worst: WorstCase | null;
  /** What a stream may cost until it reserves more, of budgets that let it; `null`: it reserves all at once. */
  readonly block: WorstCase | null;
  readonly tokens: number | null;
  /** Accounts, as `rateIdOf` names them, that have counted this request: its retries and fallbacks are no new one. */
  readonly requestCountedBy: ReadonlySet<string>;
}

export type Claims =
  | {
      readonly kind: "claims";
      /** Root-most first. */
      readonly budgets: readonly EscrowClaim[];
      /** Those of them that are for a stream's first block alone. */
      readonly inBlocks: readonly EscrowClaim[];
      readonly rates: readonly RateClaim[];
    }
  /** This budget refuses calls of which nobody knows the most that they can cost. */
  | { readonly kind: "unpriced"; readonly budget: BudgetInForce };

/** What an attempt asks of the limits that hold for it. */
export function claimsOf(limits: KeyLimits, call: LimitedCall, bounds: CallBounds): Claims {
  const budgets: EscrowClaim[] = [];
  const inBlocks: EscrowClaim[] = [];
  for (const { limit, counted } of matchLimits(limits.budgets, call)) {
    if (bounds.worst !== null) {
      const isInBlocks = bounds.block !== null && limit.streams === "blocks";
      const claim = { terms: termsOfBudget(limit), counted, amount: (isInBlocks ? bounds.block : bounds.worst).nanoUsd };
      budgets.push(claim);
      if (isInBlocks) inBlocks.push(claim);
    } else if (limit.whenUnpriced === "refuse") return { kind: "unpriced", budget: limit };
  }
  const rates: RateClaim[] = [];
  for (const matched of matchLimits(limits.rateLimits, call)) {
    if (matched.limit.measure === "concurrent") budgets.push({ terms: termsOfSlots(matched.limit), counted: matched.counted, amount: 1 });
    else rates.push(...rateClaims(matched, matched.limit.measure, bounds));
  }
  return { kind: "claims", budgets, inBlocks, rates };
}

function rateClaims(
  { limit, counted }: Matched<RateLimitInForce>,
  unit: RateTerms["unit"],
  { tokens, requestCountedBy }: CallBounds,
): readonly RateClaim[] {
  const terms = termsOfRate(limit, unit);
  if (unit === "requests") return requestCountedBy.has(rateIdOf(terms.limitId, counted)) ? [] : [{ terms, counted, amount: 1 }];
  // A call that may use more than ever fits at once waits until nothing of the limit is used; what it uses beyond is paid off later.
  return [{ terms, counted, amount: Math.min(tokens ?? terms.rate.burst, terms.rate.burst) }];
}

export function termsOfBudget(budget: BudgetInForce): EscrowTerms {
  return {
    limitId: budget.id,
    version: budget.version,
    unit: "nano-usd",
    window: budget.window,
    total: totalOf(budget),
    perRegion: budget.amount.perRegionNanoUsd,
    isHard: budget.enforcement === "hard",
    alertThresholds: budget.alertThresholds,
    whenUnreachable: whenUnreachableOf(budget),
  };
}

function termsOfSlots({ id, version, limit, whenUnreachable }: RateLimitInForce): EscrowTerms {
  return { limitId: id, version, unit: "calls", window: { kind: "never" }, total: limit, perRegion: {}, isHard: true, whenUnreachable };
}

const minuteMs = 60_000;

function termsOfRate({ id, version, limit, burst, whenUnreachable }: RateLimitInForce, unit: RateTerms["unit"]): RateTerms {
  return { limitId: id, version, unit, rate: { limit, periodMs: minuteMs, burst: burst ?? limit }, whenUnreachable };
}
