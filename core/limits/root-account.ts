import * as z from "zod";
import { limitIdSchema, limitWindowSchema } from "../contracts/limits.ts";
import { regionSchema, type Region } from "../contracts/region.ts";
import { freeOf, openAccount, spentOf } from "./account.ts";
import { quantum } from "./grant-policy.ts";
import { belowOf, grant, grantOf, openLink, outstandingOf, setLimit, takeReport, writeOff, type Link } from "./grantor.ts";
import type { Grant, Report } from "./holder.ts";
import type { AccountState, BudgetStanding, DrawAsk, EscrowTerms, RegionStanding, SlotStanding } from "./limiter-rpc.ts";
import { accountSchema, linkSchema } from "./stored-account.ts";
import { leavesAtMs } from "./window.ts";

const amount = z.int().nonnegative();

export const termsSchema = z.object({
  limitId: limitIdSchema,
  version: z.int(),
  unit: z.enum(["nano-usd", "calls"]),
  window: limitWindowSchema,
  total: amount,
  perRegion: z.partialRecord(regionSchema, amount),
  isHard: z.boolean(),
  alertThresholds: z.array(z.number()).default([]),
  whenUnreachable: z.enum(["closed", "open"]),
});

type StoredTerms = z.infer<typeof termsSchema>;

/** One account of a budget in one window at the root, as it is stored. */
export const storedRootSchema = z.object({
  terms: termsSchema,
  counted: z.string(),
  window: z.object({ id: z.string(), startMs: z.number(), endMs: z.number().nullable() }),
  account: accountSchema,
  links: z.partialRecord(regionSchema, linkSchema),
  /** What regions have spent whose links have ended. */
  ended: z.partialRecord(regionSchema, z.int()),
  /** What of that is presumed. */
  endedPresumed: z.partialRecord(regionSchema, z.int()).default({}),
  endedOver: z.partialRecord(regionSchema, z.int()).default({}),
  /** Events of this window that were raised. */
  raised: z.array(z.string()).readonly().default([]),
});
export type StoredRoot = z.infer<typeof storedRootSchema>;

export function newRoot({ terms, counted, window }: Pick<DrawAsk, "terms" | "counted" | "window">): StoredRoot {
  const account = setLimit(openAccount(window.id, 0), terms.total, terms.version);
  const ended = { ended: {}, endedPresumed: {}, endedOver: {} };
  return { terms: storable(terms), counted, window: { ...window }, account, links: {}, ...ended, raised: [] };
}

/** Terms that came by RPC, as a value of their own. */
export function storable(terms: EscrowTerms): StoredTerms {
  return { ...terms, perRegion: { ...terms.perRegion }, alertThresholds: [...(terms.alertThresholds ?? [])] };
}

/** All of an account's windows before this one that count in it: what of them is out. */
export function outOf({ account }: Pick<StoredRoot, "account">): number {
  return account.lent + account.settled - account.refunded;
}

/** What is out of one region, and was spent there. */
export function outIn({ links, ended }: Pick<StoredRoot, "links" | "ended">, region: Region): number {
  const link = links[region];
  return (link === undefined ? 0 : outstandingOf(link)) + (ended[region] ?? 0);
}

/** A root account after a step, and what the region is told. */
interface Drawn {
  readonly root: StoredRoot;
  readonly grant: Grant;
  /** By how much it falls short of what calls wait for, and might have from other regions. */
  readonly shortBy: number;
}

/** Puts newer terms in force; older ones change nothing. */
export function adoptTerms(root: StoredRoot, terms: EscrowTerms): StoredRoot {
  if (terms.version <= root.terms.version) return root;
  return {
    ...root,
    terms: storable(terms),
    account: setLimit(root.account, terms.total, terms.version),
  };
}

/** What is out of windows that count in this one beside it (of a rolling window), everywhere and in a region. */
export interface Earlier {
  readonly everywhere: number;
  readonly inRegion: number;
  readonly slots: readonly SlotStanding[];
}

/** The same of accounts of those windows. `region: null`: of none apart. */
export function earlierOf(accounts: readonly StoredRoot[], region: Region | null): Earlier {
  const slots = accounts.flatMap((account) => {
    const { startMs, endMs } = account.window;
    const inRegion = region === null ? 0 : outIn(account, region);
    return endMs === null ? [] : [{ leavesAtMs: leavesAtMs({ startMs, endMs }), everywhere: outOf(account), inRegion }];
  });
  return {
    everywhere: slots.reduce((sum, slot) => sum + slot.everywhere, 0),
    inRegion: slots.reduce((sum, slot) => sum + slot.inRegion, 0),
    slots,
  };
}

/** Takes a region's report in, opens its link where it has none, and grants what policy and rights allow. */
export function draw(root: StoredRoot, region: Region, report: Report | null, waiting: number, earlier: Earlier): Drawn {
  const heard = report === null ? forget(root, region) : hear(root, region, report);
  const standing = heard.links[region];
  if (report?.closing === true && standing === undefined) {
    // Its link has ended: this is the answer that it waits for.
    return { root: heard, grant: { window: report.window, epoch: report.epoch, granted: 0, keep: null }, shortBy: 0 };
  }
  const { account, link } = standing === undefined ? openLink(heard.account, region) : { account: heard.account, link: standing };
  const ofRegion = outIn({ links: { [region]: link }, ended: heard.ended }, region);
  const regionLeft = (root.terms.perRegion[region] ?? Number.MAX_SAFE_INTEGER) - earlier.inRegion - ofRegion;
  const left = root.terms.total - earlier.everywhere - outOf({ account });
  const granted = grant(account, link, Math.min(quantum(freeOf(account), activeLinks(heard, region), waiting), left, regionLeft));
  return {
    root: { ...heard, account: granted.account, links: { ...heard.links, [region]: granted.link } },
    grant: grantOf(granted.link, null),
    shortBy: report === null ? 0 : Math.max(0, Math.min(waiting, regionLeft) - (granted.link.granted - link.granted)),
  };
}

/**
 * A region that asks for a link has none. If it reported on one before, its storage is gone, and all that was out there is
 * spent: it would else be spent again. Slots of calls are free again: they have no window after which they would be.
 */
function forget(root: StoredRoot, region: Region): StoredRoot {
  const link = root.links[region];
  if (link === undefined || link.reportSeq === 0) return root;
  const { [region]: _, ...links } = root.links;
  const lost = outstandingOf(link);
  const account = writeOff({ account: root.account, link });
  if (root.terms.unit === "calls") return { ...root, account: { ...account, refunded: account.refunded + lost }, links };
  return {
    ...root,
    account,
    links,
    ended: { ...root.ended, [region]: (root.ended[region] ?? 0) + lost },
    endedPresumed: { ...root.endedPresumed, [region]: (root.endedPresumed[region] ?? 0) + lost },
  };
}

/** Takes a region's report in. */
export function hear(root: StoredRoot, region: Region, report: Report): StoredRoot {
  const standing = root.links[region] ?? null;
  const { account, link } = takeReport(root.account, standing, report);
  if (link !== null) return { ...root, account, links: { ...root.links, [region]: link } };
  const { [region]: _, ...links } = root.links;
  const spent = account.settled - root.account.settled;
  const presumed = account.presumed - root.account.presumed;
  const over = account.over - root.account.over;
  return {
    ...root,
    account,
    links,
    ended: { ...root.ended, [region]: (root.ended[region] ?? 0) + spent },
    endedPresumed: { ...root.endedPresumed, [region]: (root.endedPresumed[region] ?? 0) + presumed },
    endedOver: { ...root.endedOver, [region]: (root.endedOver[region] ?? 0) + over },
  };
}

/** Whether more of it is out in a region than that may have. */
export function isOverIn(root: StoredRoot, region: Region): boolean {
  return outIn(root, region) > (root.terms.perRegion[region] ?? Number.MAX_SAFE_INTEGER);
}

/** Regions that have rights lying idle, as far as is known; the one that asks is none of them. */
export function idleRegions({ links }: StoredRoot, asking: Region | null): readonly { readonly region: Region; readonly link: Link }[] {
  return regionSchema.options.flatMap((region) => {
    const link = links[region];
    return region === asking || link === undefined || outstandingOf(link) <= link.spent ? [] : [{ region, link }];
  });
}

export function standingOf({ terms, account, links }: StoredRoot): BudgetStanding {
  const below = belowOf(Object.values(links));
  return { limit: terms.total, spent: spentOf(account) + below.spent, reserved: below.reserved };
}

/** The same as `region` is told it. `earlier`: a rolling window is full of what was spent in it before, too. */
export function standingIn(root: StoredRoot, region: Region, earlier: Earlier): RegionStanding {
  const { limit, spent, reserved } = standingOf(root);
  const link = root.links[region];
  const heard = link?.spent ?? 0;
  const inRegion = { spent: heard + (root.ended[region] ?? 0) + earlier.inRegion, reserved: link?.reserved ?? 0 };
  const slots = root.terms.window.kind === "rolling" ? { slots: earlier.slots } : {};
  return { limit, spent: spent + earlier.everywhere, reserved, inRegion, heard, ...slots };
}

/** What is told of an account to who looks at it. A rolling window is full of what was spent in it before, too. */
export function stateOf(root: StoredRoot, earlier: Earlier): AccountState {
  const { terms, counted, window, links, ended } = root;
  const regions = regionSchema.options.flatMap((region) => {
    const link = links[region];
    const limit = terms.perRegion[region] ?? null;
    if (link === undefined && limit === null && ended[region] === undefined) return [];
    const spent = (link?.spent ?? 0) + (ended[region] ?? 0);
    const reserved = link?.reserved ?? 0;
    const inHand = link === undefined ? 0 : Math.max(0, outstandingOf(link) - link.spent - reserved);
    return [{ region, limit, spent, reserved, inHand }];
  });
  const standing = standingOf(root);
  return {
    ...standing,
    spent: standing.spent + earlier.everywhere,
    counted,
    window: { startMs: window.startMs, endMs: window.endMs },
    regions,
  };
}

/** How many regions spend of it, the asking one among them. */
function activeLinks({ links }: StoredRoot, asking: Region): number {
  return Object.entries(links).filter(([region, link]) => region === asking || outstandingOf(link) > link.spent).length;
}
