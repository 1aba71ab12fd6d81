import { regionSchema, type Region } from "../contracts/region.ts";
import { presumedOf, spentOf } from "./account.ts";
import { belowOf, outstandingOf } from "./grantor.ts";
import type { StoredRoot } from "./root-account.ts";

/** What the root has heard of a budget's money in one region, of all that the budget counts together. */
export interface RegionLedger {
  readonly region: Region;
  /** Of one account; `null`: the region has no limit of its own. */
  readonly limit: number | null;
  /** Granted and not given back: of an account that has ended, what was spent of it. */
  readonly granted: number;
  readonly spent: number;
  readonly presumed: number;
  readonly reserved: number;
}

/** A budget's money in one window, of all that it counts together. */
export interface WindowLedger {
  readonly accounts: number;
  readonly spent: number;
  readonly presumed: number;
  readonly reserved: number;
  readonly regions: readonly RegionLedger[];
}

/** The root accounts of one window together. */
export function ledgerOf(roots: readonly StoredRoot[]): WindowLedger {
  const ledger = { accounts: roots.length, spent: 0, presumed: 0, reserved: 0 };
  for (const { account, links } of roots) {
    const below = belowOf(Object.values(links));
    ledger.spent += spentOf(account) + below.spent;
    ledger.presumed += presumedOf(account) + below.presumed;
    ledger.reserved += below.reserved;
  }
  return { ...ledger, regions: regionSchema.options.flatMap((region) => ledgerIn(roots, region) ?? []) };
}

/** `null`: nothing is known of the region, and it has no limit of its own. */
function ledgerIn(roots: readonly StoredRoot[], region: Region): RegionLedger | null {
  const sums = { granted: 0, spent: 0, presumed: 0, reserved: 0 };
  let limit: number | null = null;
  let isKnown = false;
  for (const { terms, links, ended, endedPresumed } of roots) {
    const link = links[region];
    const gone = ended[region] ?? 0;
    limit ??= terms.perRegion[region] ?? null;
    isKnown ||= limit !== null || link !== undefined || ended[region] !== undefined;
    sums.granted += gone + (link === undefined ? 0 : outstandingOf(link));
    sums.spent += gone + (link?.spent ?? 0);
    sums.presumed += (endedPresumed[region] ?? 0) + (link?.presumed ?? 0);
    sums.reserved += link?.reserved ?? 0;
  }
  return isKnown ? { region, limit, ...sums } : null;
}
