import { Redis } from "@upstash/redis/cloudflare";
import { regions, type Region } from "#core/contracts/region.ts";

type Suffix = (typeof regions)[Region]["suffix"];

/** Upstash's REST address and token of every region that has a cache. */
export type RedisEnvironment = Readonly<Partial<Record<`UPSTASH_REDIS_REST_${"URL" | "TOKEN"}_${Suffix}`, string>>>;

const timeoutMs = 1_000;

/** The cache of a region. Throws where its address or token is not set. */
export function redisOf(env: RedisEnvironment, region: Region): Redis {
  const { suffix } = regions[region];
  const url = env[`UPSTASH_REDIS_REST_URL_${suffix}`];
  const token = env[`UPSTASH_REDIS_REST_TOKEN_${suffix}`];
  if (url === undefined || token === undefined) throw new Error(`UPSTASH_REDIS_REST_URL_${suffix} and its TOKEN are not both set`);
  return new Redis({
    url,
    token,
    enableTelemetry: false,
    automaticDeserialization: false,
    // It is a cache: what does not answer at once is not worth a second try.
    retry: false,
    signal: () => AbortSignal.timeout(timeoutMs),
  });
}

/** Whether a region has a cache at all: one is not needed, edges then ask Postgres. */
export function hasCache(env: RedisEnvironment, region: Region): boolean {
  return env[`UPSTASH_REDIS_REST_URL_${regions[region].suffix}`] !== undefined;
}
