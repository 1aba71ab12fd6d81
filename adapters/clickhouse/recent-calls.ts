import * as z from "zod";
import type { Region } from "#core/contracts/region.ts";
import { spanStatusSchema } from "#core/contracts/span.ts";
import { usageBuckets } from "#core/contracts/usage.ts";
import type { RecentCalls } from "#core/operations/metrics.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";

const rowsSchema = z.array(
  z.strictObject({
    provider: z.string(),
    status: spanStatusSchema,
    calls: z.int(),
    cost_nano_usd: z.number(),
    tokens: z.number(),
    latency_ms: z.tuple([z.number(), z.number(), z.number()]),
  }),
);

/** Providers with a name of their own: names come from callers too, and a label may not have any number of values. */
const providersMax = 20;

const tokens = usageBuckets
  .map((bucket) => `ifNull(${bucket.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}, 0)`)
  .join(" + ");

const query = `
  WITH calls AS (
    SELECT provider, status, started_at, ended_at, ifNull(cost_nano_usd, 0) AS cost, ${tokens} AS tokens
    FROM spans FINAL
    WHERE started_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')
      AND started_at <= fromUnixTimestamp64Milli({nowMs:Int64}, 'UTC')
      AND ingest_protocol = 'gateway' AND kind IN ('generation', 'embedding')
  )
  SELECT
    if(provider IN (SELECT provider FROM calls GROUP BY provider ORDER BY count() DESC, provider LIMIT {providersMax:UInt16}), provider, 'other')
      AS provider,
    status,
    toUInt32(count()) AS calls,
    toFloat64(sum(cost)) AS cost_nano_usd,
    toFloat64(sum(tokens)) AS tokens,
    arrayMap(ms -> round(ms, 3),
      quantiles(0.5, 0.95, 0.99)((toUnixTimestamp64Micro(ended_at) - toUnixTimestamp64Micro(started_at)) / 1000)) AS latency_ms
  FROM calls
  GROUP BY provider, status
  ORDER BY provider, status`;

/** What became of a region's calls that began in the minutes before `nowMs`. Throws what the client throws, within `limitMs`. */
export async function readRecentCalls(
  env: ClickhouseEnvironment,
  region: Region,
  { nowMs, minutes, limitMs }: { readonly nowMs: number; readonly minutes: number; readonly limitMs: number },
): Promise<RecentCalls[]> {
  const result = await clickhouseOf(env, region).query({
    query,
    query_params: { sinceMs: nowMs - minutes * 60_000, nowMs, providersMax },
    format: "JSONEachRow",
    clickhouse_settings: { do_not_merge_across_partitions_select_final: 1 },
    abort_signal: AbortSignal.timeout(limitMs),
  });
  return rowsSchema.parse(await result.json()).map(({ provider, status, calls, cost_nano_usd, tokens: sum, latency_ms }) => ({
    region,
    provider,
    status,
    calls,
    costNanoUsd: cost_nano_usd,
    tokens: sum,
    latencyMs: { "0.5": latency_ms[0], "0.95": latency_ms[1], "0.99": latency_ms[2] },
  }));
}
