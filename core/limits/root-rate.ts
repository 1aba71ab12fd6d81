import * as z from "zod";
import { limitIdSchema } from "../contracts/limits.ts";
import { regionSchema, type Region } from "../contracts/region.ts";
import type { ShareAsk, ShareReply } from "./limiter-rpc.ts";
import { confirm, fairShares, setTotal, share, type Share, type Shares } from "./rate-shares.ts";

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

/**
 * Divides the limit by what regions want. `burst`: what a call of `asking` needs at once, which it has before the others.
 */
export function fairSharesOf(
  { shares: { total }, wanted }: StoredRootRate,
  asking: Region,
  burst: number,
): Readonly<Partial<Record<Region, Share>>> {
  const holders = regionSchema.options.filter((region) => wanted[region] !== undefined);
  const limits = fairShares(
    total.limit,
    holders.map((region) => Math.min(total.limit, wanted[region] ?? 0)),
  );
  const needed = Math.min(burst, total.burst);
  // What does not divide stays with nobody.
  const parts = limits.map((limit) => Math.floor((total.burst * limit) / total.limit));
  const ofAsking = Math.max(needed, parts[holders.indexOf(asking)] ?? 0);
  const others = parts.reduce((sum, part) => sum + part, 0) - (parts[holders.indexOf(asking)] ?? 0);
  const left = total.burst - ofAsking;
  return Object.fromEntries(
    holders.map((region, index) => {
      const part = parts[index] ?? 0;
      const scaled = others <= left ? part : Math.floor((part * left) / others);
      return [region, { limit: limits[index] ?? 0, burst: region === asking ? ofAsking : scaled }];
    }),
  );
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
