/// <reference types="node" />
import { applyClickhouse } from "./apply-clickhouse.ts";
import { applyPostgres } from "./apply-postgres.ts";
import { startClickhouse } from "./clickhouse.fixture.ts";
import { startPostgres } from "./postgres.fixture.ts";
import { startBuckets } from "./r2.fixture.ts";

/** All stores of the region `us-east`, migrated and empty, as the app Worker has them bound; without buffers, which run in workerd only. */
export async function startStores() {
  const [clickhouse, postgres, r2] = await Promise.all([startClickhouse(["us_east"]), startPostgres(), startBuckets()]);
  await applyClickhouse("us-east", clickhouse.url("us_east"));
  await applyPostgres(postgres.databaseUrl);
  return {
    env: { ...r2.buckets, ...postgres.env, CLICKHOUSE_URL_US_EAST: clickhouse.url("us_east") },
    bucket: r2.buckets.BUCKET_US_EAST,
    /** Asks PostgreSQL. */
    query: postgres.query,
    stop: async () => {
      await Promise.all([clickhouse.stop(), postgres.stop(), r2.stop()]);
    },
  };
}
