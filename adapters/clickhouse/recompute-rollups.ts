import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import { insertLastsMaxMs, quietBuckets, rollupLevels, type Arrival, type RollupLevel } from "#core/analytics/coverage.ts";
import { computeQuery } from "#core/analytics/rollup-query.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { readSettings } from "./read-settings.ts";
import { readArrivals, readComputed, versionsPerMs } from "./rollup-state.ts";

export interface Recomputed {
  readonly buckets: number;
  /** The time was over before all was done; the next one goes on from there. */
  readonly isUnfinished: boolean;
}

/** So many buckets of one project are computed by one statement: they lie in memory together, and come in one block. */
const bucketsAtOnce = 96;

/** The whole of a statement's rows in one block of each partition, and so in one part: a bucket appears at once or not at all. */
const oneBlock = {
  ...readSettings,
  max_insert_threads: "1",
  min_insert_block_size_rows: "100000000",
  min_insert_block_size_bytes: "0",
} as const;

interface RunTime {
  readonly isOver: () => boolean;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
}

/**
 * Computes those rollups of a region anew that spans have arrived for, once their bucket is quiet. Safe to run twice at
 * once, and to stop anywhere: a bucket changes in one step, and what is not done is found again.
 */
export async function recomputeRollups(
  env: ClickhouseEnvironment,
  region: Region,
  run: RunTime,
): Promise<Answered<Recomputed> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const client = clickhouseOf(env, region);
    return await recomputeAsOf(client, await readClock(client), run);
  });
}

/** The same at a moment of the clock by which rows are marked when they come in. Throws what the client throws. */
export async function recomputeAsOf(client: ClickHouseClient, nowMs: number, run: RunTime): Promise<Recomputed> {
  let buckets = 0;
  for (const [projectId, arrivals] of await readArrivals(client)) {
    const done = await recomputeProject(client, projectId, arrivals, nowMs, run);
    buckets += done.buckets;
    if (done.isUnfinished) return { buckets, isUnfinished: true };
  }
  await client.command({
    query: "INSERT INTO rollup_progress SELECT 0, fromUnixTimestamp64Milli({throughMs:Int64}, 'UTC')",
    query_params: { throughMs: nowMs - insertLastsMaxMs },
  });
  return { buckets, isUnfinished: false };
}

async function recomputeProject(
  client: ClickHouseClient,
  projectId: ProjectId,
  arrivals: readonly Arrival[],
  nowMs: number,
  run: RunTime,
): Promise<Recomputed> {
  const computed = await readComputed(client, projectId, arrivals);
  let buckets = 0;
  // The shortest first: the longer ones are made of them.
  for (const level of rollupLevels.toReversed()) {
    const quiet = quietBuckets(arrivals, computed, level, nowMs).toSorted((left, right) => left - right);
    for (const startsAtS of batchesOf(quiet, level)) {
      if (run.isOver()) return { buckets, isUnfinished: true };
      const version = BigInt(nowMs) * versionsPerMs + BigInt(Math.floor(run.random() * Number(versionsPerMs)));
      const { sql, params } = computeQuery({ projectId, level, startsAtS }, version);
      await client.command({ query: sql, query_params: { ...params }, clickhouse_settings: oneBlock });
      buckets += startsAtS.length;
    }
  }
  return { buckets, isUnfinished: false };
}

/** Neighbours together, so that a statement reads a short range. */
function batchesOf(startsAtS: readonly number[], level: RollupLevel): number[][] {
  const batches: number[][] = [];
  for (const startS of startsAtS) {
    const batch = batches.at(-1);
    const [first] = batch ?? [];
    const isNear = first !== undefined && startS - first < bucketsAtOnce * level;
    if (batch !== undefined && isNear) batch.push(startS);
    else batches.push([startS]);
  }
  return batches;
}

const clockSchema = z.tuple([z.strictObject({ now_ms: z.int() })]);

/** The store's own time: rows carry it. */
async function readClock(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query: "SELECT toUnixTimestamp64Milli(now64(3)) AS now_ms",
    clickhouse_settings: readSettings,
    format: "JSONEachRow",
  });
  const [{ now_ms }] = clockSchema.parse(await result.json());
  return now_ms;
}
