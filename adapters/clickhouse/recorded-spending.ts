import * as z from "zod";
import type { ProjectId } from "#core/contracts/id.ts";
import type { LimitId } from "#core/contracts/limits.ts";
import { projectIdSchema } from "#core/contracts/id.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import type { RecordedSpending } from "#core/limits/reconcile.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { readSettings } from "./read-settings.ts";

/** Which records: of these projects, those that name a hold of this limit in this window. */
export interface RecordedRequest {
  readonly projectIds: readonly ProjectId[];
  readonly limitId: LimitId;
  readonly windowId: string;
  /** A call reserves after it began: records that began in [sinceMs, untilMs) are looked at. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** A record whose holds were settled at something else than it cost. */
export interface DifferingCall {
  readonly projectId: ProjectId;
  readonly traceId: string;
  readonly spanId: string;
  readonly region: Region;
  /** `null`: not known. */
  readonly costNanoUsd: number | null;
  readonly settledNanoUsd: number;
  readonly isPresumed: boolean;
}

/** `limit:epoch:number:window:settled[:presumed]`, as `core/limits/hold-id.ts` writes them. */
const holds = `
  SELECT project_id, trace_id, span_id, serving_region, cost_nano_usd, ifNull(cost_nano_usd, 0) AS cost,
    arrayFilter(part -> part[1] = {limitId:String} AND part[4] = {windowId:String}, arrayMap(hold -> splitByChar(':', hold), hold_ids)) AS parts,
    arraySum(arrayMap(part -> if(length(part) = 5, toInt64OrZero(part[5]), 0), parts)) AS known,
    arraySum(arrayMap(part -> if(length(part) = 6, toInt64OrZero(part[5]), 0), parts)) AS presumed,
    arrayExists(part -> length(part) = 6, parts) AS has_presumed
  FROM spans FINAL
  WHERE project_id IN {projectIds:Array(UUID)}
    AND started_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC') AND started_at < fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC')
    AND arrayExists(hold -> startsWith(hold, {limitId:String}), hold_ids)`;

const sumsQuery = `
  SELECT serving_region, toUInt32(count()) AS calls, toUInt32(countIf(known + presumed != cost)) AS differing, toString(sum(cost)) AS cost_sum, toString(sum(known)) AS known_sum,
    toString(sum(presumed)) AS presumed_sum, toString(sumIf(known + presumed - cost, has_presumed)) AS beyond
  FROM (${holds}) WHERE notEmpty(parts) GROUP BY serving_region`;

const differingQuery = `
  SELECT project_id, trace_id, span_id, serving_region, cost_nano_usd, known + presumed AS settled, has_presumed
  FROM (${holds}) WHERE notEmpty(parts) AND known + presumed != cost
  ORDER BY abs(known + presumed - cost) DESC, trace_id, span_id LIMIT {limit:UInt16}`;

/** Text, as a sum may pass what JSON's numbers hold; one that is no safe integer is refused. */
const sum = z.string().transform(Number).pipe(z.int());

const sumsSchema = z.array(
  z.strictObject({
    serving_region: regionSchema,
    calls: z.int(),
    differing: z.int(),
    cost_sum: sum,
    known_sum: sum,
    presumed_sum: sum,
    beyond: sum,
  }),
);

const differingSchema = z.array(
  z
    .strictObject({
      project_id: projectIdSchema,
      trace_id: z.string(),
      span_id: z.string(),
      serving_region: regionSchema,
      cost_nano_usd: z.int().nullable(),
      settled: z.int(),
      has_presumed: z.union([z.boolean(), z.int()]).transform(Boolean),
    })
    .transform((row): DifferingCall => ({
      projectId: row.project_id,
      traceId: row.trace_id,
      spanId: row.span_id,
      region: row.serving_region,
      costNanoUsd: row.cost_nano_usd,
      settledNanoUsd: row.settled,
      isPresumed: row.has_presumed,
    })),
);

/**
 * What the records in one region's store say of a budget in one window, and the `limit` of them that differ most from what
 * their holds were settled at. Throws what the client throws.
 */
export async function readRecordedSpending(
  env: ClickhouseEnvironment,
  store: Region,
  { projectIds, limitId, windowId, sinceMs, untilMs }: RecordedRequest,
  limit: number,
): Promise<{ readonly sums: readonly RecordedSpending[]; readonly differing: readonly DifferingCall[] }> {
  const read = async (query: string): Promise<unknown> => {
    const result = await clickhouseOf(env, store).query({
      query,
      query_params: { projectIds: [...projectIds], limitId, windowId, sinceMs, untilMs, limit },
      clickhouse_settings: readSettings,
      format: "JSONEachRow",
    });
    return await result.json();
  };
  const rows = sumsSchema.parse(await read(sumsQuery));
  return {
    sums: rows.map((row) => ({
      region: row.serving_region,
      calls: row.calls,
      cost: row.cost_sum,
      known: row.known_sum,
      presumed: row.presumed_sum,
      presumedBeyondCost: row.beyond,
    })),
    // Mostly there is none, and to look for them reads as much again.
    differing: rows.some(({ differing }) => differing > 0) ? differingSchema.parse(await read(differingQuery)) : [],
  };
}
