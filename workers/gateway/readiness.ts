import { connect } from "#adapters/postgres/database.ts";
import { bucketOf } from "#adapters/r2/buckets.ts";
import { bufferStub } from "#adapters/recorder/buffer-stub.ts";
import { hasCache, redisOf } from "#adapters/redis/client.ts";
import { regionSchema } from "#core/contracts/region.ts";
import { reportReadiness, type Check } from "../report-readiness.ts";
import type { GatewayEnvironment } from "./environment.ts";

/**
 * `GET /ready`. Without Postgres a key that no copy holds cannot be served. Without all else calls go on: a buffer is
 * gone round, and holds what its bucket does not take; keys are looked up in Postgres.
 */
export async function readiness(env: GatewayEnvironment): Promise<Response> {
  return await reportReadiness([
    { name: "postgres", isNeeded: true, ask: async () => await connect(env).execute("select 1") },
    ...regionSchema.options.flatMap((region): Check[] => [
      ...(hasCache(env, region) ? [{ name: `redis ${region}`, isNeeded: false, ask: async () => await redisOf(env, region).ping() }] : []),
      { name: `buffer ${region}`, isNeeded: false, ask: async () => await bufferStub(env, region, 0).status() },
      { name: `r2 ${region}`, isNeeded: false, ask: async () => await bucketOf(env, region).head("ready") },
    ]),
  ]);
}
