import type { OrganizationId } from "../contracts/id.ts";
import type { LimitId, WindowSpec } from "../contracts/limits.ts";
import type { Region } from "../contracts/region.ts";
import type { RateLimit } from "./gcra.ts";
import type { Grant, Report } from "./holder.ts";
import type { Share } from "./rate-shares.ts";
import type { WindowLedger } from "./root-ledger.ts";
import type { WireText } from "./wire-text.ts";

/**
 * What Durable Objects know of a budget, or of a limit of calls under way, which is one whose calls cost 1 and are settled
 * at 0. It travels with every claim, and the newest version that came is in force, so no store need be asked.
 */
export interface EscrowTerms {
  readonly limitId: LimitId;
  readonly version: number;
  readonly unit: "nano-usd" | "calls";
  readonly window: WindowSpec;
  readonly total: number;
  /** Regions that have less than the total. */
  readonly perRegion: Readonly<Partial<Record<Region, number>>>;
  readonly isHard: boolean;
  /** Parts of the total at which an alert is raised. Left out by an older release. */
  readonly alertThresholds?: readonly number[];
  readonly whenUnreachable: "closed" | "open";
}

/** What is known of a limit of requests or tokens a minute. */
export interface RateTerms {
  readonly limitId: LimitId;
  readonly version: number;
  readonly unit: "requests" | "tokens";
  readonly rate: RateLimit;
  readonly whenUnreachable: "closed" | "open";
}

/** What a call asks of one account of a budget; `counted` names it among those of its limit. */
export interface EscrowClaim {
  readonly terms: EscrowTerms;
  readonly counted: string;
  readonly amount: number;
}

export interface RateClaim {
  readonly terms: RateTerms;
  readonly counted: string;
  readonly amount: number;
}

/** Whose objects these are: an object that an alarm wakes does not know its own name. */
export interface LimiterPlace {
  readonly organizationId: OrganizationId;
  readonly region: Region;
}

export interface ReserveRequest {
  readonly place: LimiterPlace;
  /** Sent again under it, the same claims are held once. */
  readonly attemptId: string;
  /** Root-most first. */
  readonly budgets: readonly EscrowClaim[];
  readonly rates: readonly RateClaim[];
  /** What ended meanwhile, whosever it was: it is settled first. */
  readonly ended: Ended;
  /** How fast the isolate that asks spends of each budget, in units a millisecond; empty: it wants no pocket. */
  readonly spending: readonly number[];
}

/** What a limiter is told of what is over. */
export interface Ended {
  readonly settlements: readonly Settlement[];
  readonly closings: readonly PocketClosing[];
}

/** An isolate's pocket is closed: what it did not spend is free again. */
export interface PocketClosing {
  readonly book: string;
  readonly report: Report;
}

/** Rights that an isolate may spend by itself for a while. */
export interface Lease {
  readonly book: string;
  readonly limitId: LimitId;
  readonly counted: string;
  /** Of the policy: under a newer one nothing of it is spent. */
  readonly version: number;
  readonly window: string;
  readonly epoch: number;
  readonly granted: number;
  readonly leaseMs: number;
}

/** Proof of a hold; `book` is `""` where a limit let the call pass without one. */
export interface HoldReceipt {
  readonly book: string;
  readonly unit: EscrowTerms["unit"];
  readonly epoch: number;
  readonly seq: number;
  readonly amount: number;
}

/** What a rate was charged. */
export interface RateCharge {
  readonly book: string;
  readonly unit: RateTerms["unit"];
  readonly amount: number;
}

/** Where a rate stands after a call, for its headers. */
export interface RateStanding {
  readonly unit: RateTerms["unit"];
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

/** Why a call is refused, by the limit that refuses it. */
export interface Refusal {
  readonly kind: "refused";
  readonly limitId: LimitId;
  readonly counted: string;
  readonly unit: EscrowTerms["unit"] | RateTerms["unit"];
  readonly limit: number;
  /** Of the limit; of a budget neither spent nor reserved, as last heard. */
  readonly left: number;
  /** What of its claim would fit now. */
  readonly affordable: number;
  /** `null`: waiting does not help. */
  readonly retryAfterMs: number | null;
  readonly standings: readonly RateStanding[];
}

export type ReserveReply =
  | {
      readonly kind: "held";
      readonly receipts: readonly HoldReceipt[];
      readonly charges: readonly RateCharge[];
      readonly standings: readonly RateStanding[];
      /** Pockets for the calls to come. */
      readonly leases: readonly Lease[];
    }
  | Refusal
  /** The rights in hand are spent, and the root, which has the others, does not answer. */
  | { readonly kind: "unreachable" };

/** What became of an attempt. `null`: nobody knows. */
export interface Settlement {
  readonly attemptId: string;
  readonly receipts: readonly HoldReceipt[];
  readonly charges: readonly RateCharge[];
  readonly nanoUsd: number | null;
  readonly tokens: number | null;
}

/** A region's limiter. Every call is idempotent; changes are additive. */
export interface RegionLimiterRpc {
  reserve(request: WireText<ReserveRequest>): Promise<WireText<ReserveReply>>;
  settle(place: LimiterPlace, ended: Ended): Promise<void>;
  /** Lets go of a reserve whose answer was lost, whether it came before or comes after. */
  cancel(place: LimiterPlace, attemptId: string): Promise<void>;
  /** The root wants rights back, or to hear how things stand. */
  recall(place: LimiterPlace, recalls: readonly Recall[]): Promise<readonly RecallReply[]>;
  /** The root says what is this region's of rate limits; the answer confirms it. */
  reshare(place: LimiterPlace, shares: readonly Reshare[]): Promise<readonly ShareAsk[]>;
}

export interface Reshare {
  readonly terms: RateTerms;
  readonly counted: string;
  readonly share: ShareReply;
}

export interface Recall {
  readonly book: string;
  readonly grant: Grant;
}

/** `report: null`: there is no such book. */
export interface RecallReply {
  readonly book: string;
  readonly report: Report | null;
}

/** What a region asks the root of one of its books. */
export interface DrawAsk {
  readonly terms: EscrowTerms;
  readonly counted: string;
  readonly window: { readonly id: string; readonly startMs: number; readonly endMs: number | null };
  /** `null`: it has no link yet. */
  readonly report: Report | null;
  /** What calls wait for just now. */
  readonly waiting: number;
  /** Whether a call was refused in this window. Left out by an older release. */
  readonly hasRefused?: boolean;
}

/** How a budget stands everywhere, as last heard. */
export interface BudgetStanding {
  readonly limit: number;
  readonly spent: number;
  readonly reserved: number;
}

/** What of a rolling window is out of one of its slots, everywhere and in the region that is told. */
export interface SlotStanding {
  /** From then on it counts no longer. */
  readonly leavesAtMs: number;
  readonly everywhere: number;
  readonly inRegion: number;
}

/** The same as a region is told it. */
export interface RegionStanding extends BudgetStanding {
  /** What of it is spent and reserved in that region. */
  readonly inRegion: { readonly spent: number; readonly reserved: number };
  /** What of a rolling window was spent in the slots before this one. Left out of other windows, and by an older release. */
  readonly slots?: readonly SlotStanding[];
  /** What of its spending in that region is known to the root of the region's present account alone. Left out by an older release. */
  readonly heard?: number;
}

export interface DrawReply {
  readonly grant: Grant;
  readonly standing: RegionStanding;
}

/** What a region asks of a rate: its part of it. */
export interface ShareAsk {
  readonly terms: RateTerms;
  readonly counted: string;
  /** Units a period that it would use. */
  readonly wanted: number;
  /** Units that calls wait for, all together. */
  readonly burst: number;
  /** Units that fit there now; below 0: used beyond what it has. Left out by an older release. */
  readonly left?: number;
  /** The newest version that it keeps to. */
  readonly confirmed: number;
  /** How much burst it ever let go of that it had not used. */
  readonly donated: number;
}

export interface ShareReply {
  readonly version: number;
  readonly told: Share;
  readonly fresh: number;
  /** Whether it lacks something that nobody else has either. Left out by an older release. */
  readonly isAll?: boolean;
}

export interface DrawRequest {
  readonly place: LimiterPlace;
  readonly budgets: readonly DrawAsk[];
  readonly rates: readonly ShareAsk[];
}

export interface DrawReplies {
  readonly budgets: readonly DrawReply[];
  readonly rates: readonly ShareReply[];
}

/** Where one account of a budget stands in its present window. */
export interface AccountState extends BudgetStanding {
  readonly counted: string;
  readonly window: { readonly startMs: number; readonly endMs: number | null };
  readonly regions: readonly {
    readonly region: Region;
    readonly limit: number | null;
    readonly spent: number;
    readonly reserved: number;
    readonly inHand: number;
  }[];
}

/** The root of an organisation's limits. */
export interface BudgetRootRpc {
  draw(request: DrawRequest): Promise<DrawReplies>;
  /** Puts changed terms in force at once; where they were lowered, rights that lie idle come back. */
  adopt(organizationId: OrganizationId, terms: EscrowTerms): Promise<void>;
  /** Most spent first. */
  state(organizationId: OrganizationId, limitId: LimitId): Promise<readonly AccountState[]>;
  /** What of a budget's money is where in a window, present or past, of all that it counts together. */
  ledger(organizationId: OrganizationId, limitId: LimitId, windowId: string): Promise<WindowLedger>;
}

/** Names an account among those of an object: `counted` may hold anything, and comes last. */
export function bookIdOf(limitId: LimitId, windowId: string, counted: string): string {
  return `${limitId}/${windowId}/${counted}`;
}

/** The same of a rate, whose account has no windows. */
export function rateIdOf(limitId: LimitId, counted: string): string {
  return `${limitId}/${counted}`;
}
