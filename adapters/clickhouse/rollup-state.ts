import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import {
  baseLevel,
  dirtyBuckets,
  rollupLevels,
  type Arrival,
  type Computed,
  type DirtyBuckets,
  type TimeRange,
} from "#core/analytics/coverage.ts";
import { projectIdSchema, type ProjectId } from "#core/contracts/id.ts";
import { readSettings } from "./read-settings.ts";

/** A version is the time in milliseconds at which its computing began, times this, and a random part. */
export const versionsPerMs = 2n ** 20n;

/** What came in since the last recompute that came to its end: its moment is conservative, and the buckets are those of the index. */
const isNewArrival = "inserted_at >= (SELECT max(through) FROM rollup_progress)";
const arrivalColumns =
  `toUInt32(intDiv(toUnixTimestamp(spans.started_at), ${baseLevel}) * ${baseLevel}) AS start, ` +
  "toUnixTimestamp64Micro(max(inserted_at)) / 1000 AS last_ms";

const arrivalSchema = z
  .strictObject({ start: z.int(), last_ms: z.number() })
  .transform(({ start, last_ms }): Arrival => ({ startsAtS: start, lastInsertedAtMs: last_ms }));

const computedColumns = `level, toUnixTimestamp(bucket) AS start, toUInt64(intDiv(max(version), ${versionsPerMs})) AS computed_ms`;
const computedSchema = z
  .strictObject({ level: z.literal(rollupLevels), start: z.int(), computed_ms: z.int() })
  .transform(({ level, start, computed_ms }): Computed => ({ level, startsAtS: start, computedAtMs: computed_ms }));

/** Which buckets of a project's range the rollups do not hold whole. Throws what the client throws. */
export async function readDirtyBuckets(client: ClickHouseClient, projectId: ProjectId, range: TimeRange): Promise<DirtyBuckets> {
  const arrived = await client.query({
    query: `SELECT ${arrivalColumns} FROM spans WHERE project_id = {projectId:UUID} AND spans.started_at >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')
      AND spans.started_at < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC') AND ${isNewArrival} GROUP BY start`,
    query_params: { projectId, fromMs: Math.floor(range.fromMs), toMs: Math.ceil(range.toMs) },
    clickhouse_settings: readSettings,
    format: "JSONEachRow",
  });
  const arrivals = z.array(arrivalSchema).parse(await arrived.json());
  return dirtyBuckets(arrivals, await readComputed(client, projectId, arrivals));
}

/** The newest rollups of the buckets in which spans have arrived. */
export async function readComputed(client: ClickHouseClient, projectId: ProjectId, arrivals: readonly Arrival[]): Promise<Computed[]> {
  if (arrivals.length === 0) return [];
  const starts = [...new Set(arrivals.flatMap(({ startsAtS }) => rollupLevels.map((level) => Math.floor(startsAtS / level) * level)))];
  const result = await client.query({
    query: `SELECT ${computedColumns} FROM rollups WHERE project_id = {projectId:UUID} AND is_marker AND level IN {levels:Array(UInt32)}
      AND bucket >= {firstS:UInt32} AND bucket <= {lastS:UInt32} GROUP BY level, bucket`,
    query_params: { projectId, levels: rollupLevels, firstS: Math.min(...starts), lastS: Math.max(...starts) },
    clickhouse_settings: readSettings,
    format: "JSONEachRow",
  });
  return z.array(computedSchema).parse(await result.json());
}

const projectArrivalSchema = z
  .strictObject({ project_id: projectIdSchema, start: z.int(), last_ms: z.number() })
  .transform((row) => ({ projectId: row.project_id, startsAtS: row.start, lastInsertedAtMs: row.last_ms }));

/** What has arrived in a region since its last recompute that came to its end, by project. */
export async function readArrivals(client: ClickHouseClient): Promise<ReadonlyMap<ProjectId, readonly Arrival[]>> {
  const result = await client.query({
    query: `SELECT project_id, ${arrivalColumns} FROM spans WHERE ${isNewArrival} GROUP BY project_id, start`,
    clickhouse_settings: readSettings,
    format: "JSONEachRow",
  });
  return Map.groupBy(z.array(projectArrivalSchema).parse(await result.json()), (row) => row.projectId);
}
