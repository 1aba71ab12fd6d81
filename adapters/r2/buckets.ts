import { regions, type Region } from "#core/contracts/region.ts";

type Suffix = (typeof regions)[Region]["suffix"];

/** The bucket of every region, as it is bound. */
export type Buckets = Readonly<Record<`BUCKET_${Suffix}`, R2Bucket>>;

/** The bucket in which a region keeps its objects. */
export function bucketOf(env: Buckets, region: Region): R2Bucket {
  return env[`BUCKET_${regions[region].suffix}`];
}
