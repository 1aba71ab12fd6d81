import { clickhouseOf, hasClickhouse } from "#adapters/clickhouse/client.ts";
import { connect } from "#adapters/postgres/database.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { hasCache, redisOf } from "#adapters/redis/client.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { reportReadiness, type Check } from "../report-readiness.ts";
import type { AppEnvironment } from "./environment.ts";

/** `GET /ready`: the stores that the app reads and fills. Redis it only tells of changes, which expire there anyway. */
export async function readiness(env: AppEnvironment): Promise<Response> {
  return await reportReadiness([
    { name: "postgres", isNeeded: true, ask: async () => await connect(env).execute("select 1") },
    ...regionSchema.options.flatMap((region): Check[] => [
      ...(hasClickhouse(env, region)
        ? [{ name: `clickhouse ${region}`, isNeeded: true, ask: async () => await askClickhouse(env, region) }]
        : []),
      ...(hasCache(env, region) ? [{ name: `redis ${region}`, isNeeded: false, ask: async () => await redisOf(env, region).ping() }] : []),
      { name: `r2 ${region}`, isNeeded: true, ask: async () => await bucketOf(env, region).head("ready") },
    ]),
  ]);
}

async function askClickhouse(env: AppEnvironment, region: Region): Promise<unknown> {
  const result = await clickhouseOf(env, region).query({
    query: "SELECT 1",
    format: "JSONEachRow",
    // The client's own patience is 30 s, and what it still waits for would outlive the answer.
    abort_signal: AbortSignal.timeout(2_000),
  });
  return await result.json();
}
