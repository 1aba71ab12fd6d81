import * as z from "zod";
import { limitIdSchema } from "../contracts/limits.ts";
import { regionSchema, type Region } from "../contracts/region.ts";
import type { ShareAsk, ShareReply } from "./limiter-rpc.ts";
import { confirm, fairShares, freshOf, setTotal, share, type Share, type Shares } from "./rate-shares.ts";

const whole = z.int().nonnegative();
const shareSchema = z.object({ limit: whole, burst: whole });

/** A rate limit at the root, divided among regions, as it is stored. */
export const storedRootRateSchema = z.object({
  limitId: limitIdSchema,
  version: whole,
  counted: z.string(),
  shares: z.object({
    total: shareSchema,
    rows: z.array(z.object({ holder: z.string(), version: whole, told: shareSchema, counted: shareSchema, fresh: whole, donated: whole })),
  }),
  /** Units a period that each region would use, as last heard. */
  wanted: z.partialRecord(regionSchema, whole),
});
export type StoredRootRate = z.infer<typeof storedRootRateSchema>;

export function newRootRate({ terms, counted }: ShareAsk): StoredRootRate {
  const { limitId, version, rate } = terms;
  return { limitId, version, counted, shares: { total: { limit: rate.limit, burst: rate.burst }, rows: [] }, wanted: {} };
}

/** Takes in what a region says: what it would use, what it keeps to, and the newest terms. */
export function hearRate(root: StoredRootRate, region: Region, { terms, wanted, confirmed, donated }: ShareAsk): StoredRootRate {
  const isNewer = terms.version > root.version;
  const total = { limit: terms.rate.limit, burst: terms.rate.burst };
  const shares = confirm(isNewer ? setTotal(root.shares, total) : root.shares, region, confirmed, donated);
  return stored({ ...root, version: Math.max(root.version, terms.version), wanted: { ...root.wanted, [region]: wanted } }, shares);
}

/** How many units fit in each region now, as it has just said. */
export type UnitsLeft = Readonly<Partial<Record<Region, number>>>;

/** What the calls that wait in a region need beyond what it has; 0: none waits. What was refilled meanwhile it keeps. */
export function lackingOf({ burst, left }: ShareAsk): number {
  return burst === 0 ? 0 : Math.max(1, burst - (left ?? 0));
}

/**
 * Divides the limit by what regions want. What the calls that wait in `asking` are `lacking` goes before: others keep so
 * much less of what they have left. What they do not keep is all for `asking`.
 */
export function fairSharesOf(
  { shares, wanted }: StoredRootRate,
  asking: Region,
  lacking: number,
  lefts: UnitsLeft,
): Readonly<Partial<Record<Region, Share>>> {
  const { total } = shares;
  // What does not divide is the asking region's.
  const holders = [asking, ...regionSchema.options.filter((region) => region !== asking && wanted[region] !== undefined)];
  const limits = fairShares(
    total.limit,
    holders.map((region) => Math.min(total.limit, wanted[region] ?? 0)),
  );
  const [part = 0, ...parts] = limits.map((limit) => Math.floor((total.burst * limit) / total.limit));
  const ofAsking = Math.min(total.burst, lacking === 0 ? part : Math.max(part, heldBy(shares, asking) + lacking));
  const ofOthers = parts.reduce((sum, each) => sum + each, 0);
  const rest = total.burst - ofAsking;
  const others = holders.slice(1).map((region, index) => {
    const fair = parts[index] ?? 0;
    const held = heldBy(shares, region);
    // Who has less than is fair gets more when it asks: what is free is for who waits.
    const burst = Math.min(held, ofOthers <= rest ? fair : Math.floor((fair * rest) / ofOthers));
    const left = Math.max(0, lefts[region] ?? 0);
    return { region, limit: limits[index + 1] ?? 0, burst, left, gives: Math.min(left, held - burst) };
  });
  let missing = lacking - freshOf(shares) - others.reduce((sum, { gives }) => sum + gives, 0);
  const kept = others.map(({ region, limit, burst, left, gives }) => {
    const more = Math.max(0, Math.min(missing, left - gives));
    missing -= more;
    const keeps = Math.max(0, burst - more);
    // What refills a burst that is full, or gone elsewhere, is lost to all.
    return [region, { limit: Math.min(limit, Math.ceil((total.limit * keeps) / total.burst)), burst: keeps }] as const;
  });
  return Object.fromEntries([[asking, lacking === 0 ? { limit: limits[0] ?? 0, burst: part } : total], ...kept]);
}

function heldBy({ rows }: Shares, region: Region): number {
  return rows.find(({ holder }) => holder === region)?.counted.burst ?? 0;
}

/** Tells a region its share, as far as others have let go of theirs. */
export function tell(root: StoredRootRate, region: Region, wanted: Share): StoredRootRate {
  return stored(root, share(root.shares, region, wanted));
}

/** Regions that have more than their fair share. */
export function richRegions({ shares }: StoredRootRate, fair: Readonly<Partial<Record<Region, Share>>>, asking: Region): readonly Region[] {
  return regionSchema.options.filter((region) => {
    const told = shares.rows.find(({ holder }) => holder === region)?.counted;
    const most = fair[region] ?? { limit: 0, burst: 0 };
    return region !== asking && told !== undefined && (told.limit > most.limit || told.burst > most.burst);
  });
}

export function replyOf({ shares }: StoredRootRate, region: Region): ShareReply {
  const row = shares.rows.find(({ holder }) => holder === region);
  return row === undefined
    ? { version: 0, told: { limit: 0, burst: 0 }, fresh: 0 }
    : { version: row.version, told: row.told, fresh: row.fresh };
}

function stored(root: StoredRootRate, { total, rows }: Shares): StoredRootRate {
  return {
    ...root,
    shares: { total: { ...total }, rows: rows.map((row) => ({ ...row, told: { ...row.told }, counted: { ...row.counted } })) },
  };
}
