import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import { traceSummarySchema, type TraceSummary } from "#core/contracts/api/traces.ts";
import { traceIdSchema, type ProjectId, type TraceId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { traceCursor, type PageCursor } from "./page-cursor.ts";

export interface TracePageRequest {
  readonly projectId: ProjectId;
  /** Traces that began in [fromMs, toMs), epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  readonly cursor: PageCursor<TraceId> | null;
}

export interface TracePage {
  readonly traces: TraceSummary[];
  readonly nextCursor: string | null;
}

interface FoundTrace {
  readonly traceId: TraceId;
  readonly startedAtUs: number;
  readonly lastStartedAtUs: number;
}

/**
 * The first look goes back this far, each further one eight times as far: a busy project's newest page touches
 * a few granules, and a quiet project's few rows are cheap to look through.
 */
const firstWindowUs = 3_600_000_000;
const windowGrowth = 8;

/** A page of the traces of a project, newest first; their totals are over all their spans, each counted once. */
export async function listTraces(
  env: ClickhouseEnvironment,
  region: Region,
  request: TracePageRequest,
): Promise<Answered<TracePage> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const client = clickhouseOf(env, region);
    const found = await findPage(client, request);
    const page = found.slice(0, request.limit);
    const last = page.at(-1);
    if (last === undefined) return { traces: [], nextCursor: null };
    return {
      traces: await summarise(client, request.projectId, page),
      nextCursor: found.length > page.length ? traceCursor.format({ startedAtUs: last.startedAtUs, id: last.traceId }) : null,
    };
  });
}

/** Up to one more than the page holds, so that one sees whether there is a next one. */
async function findPage(client: ClickHouseClient, request: TracePageRequest): Promise<FoundTrace[]> {
  const fromUs = Math.round(request.fromMs * 1000);
  const untilUs =
    request.cursor === null ? Math.round(request.toMs * 1000) : Math.min(request.cursor.startedAtUs + 1, Math.round(request.toMs * 1000));
  let windowUs = firstWindowUs;
  for (;;) {
    const sinceUs = Math.max(fromUs, untilUs - windowUs);
    const found = await findTraces(client, request, sinceUs, untilUs);
    if (found.length > request.limit || sinceUs <= fromUs) return found;
    windowUs *= windowGrowth;
  }
}

// A trace that began in the window has a span in it, its first; the index then tells which of them began earlier.
const findQuery = `
  SELECT trace_id, toUnixTimestamp64Micro(min(first_started_at)) AS started_us, toUnixTimestamp64Micro(max(last_started_at)) AS last_started_us
  FROM trace_index
  WHERE project_id = {projectId:UUID} AND trace_id IN (
    SELECT trace_id FROM spans
    WHERE project_id = {projectId:UUID}
      AND started_at >= fromUnixTimestamp64Micro({sinceUs:Int64}, 'UTC') AND started_at < fromUnixTimestamp64Micro({untilUs:Int64}, 'UTC')
  )
  GROUP BY trace_id
  HAVING started_us >= {sinceUs:Int64} AND started_us < {untilUs:Int64}
    AND (started_us, trace_id) < ({beforeUs:Int64}, {beforeTraceId:String})
  ORDER BY started_us DESC, trace_id DESC
  LIMIT {limit:UInt32}`;

const foundSchema = z
  .strictObject({ trace_id: traceIdSchema, started_us: z.int(), last_started_us: z.int() })
  .transform((row): FoundTrace => ({ traceId: row.trace_id, startedAtUs: row.started_us, lastStartedAtUs: row.last_started_us }));

async function findTraces(client: ClickHouseClient, request: TracePageRequest, sinceUs: number, untilUs: number): Promise<FoundTrace[]> {
  const result = await client.query({
    query: findQuery,
    query_params: {
      projectId: request.projectId,
      sinceUs,
      untilUs,
      beforeUs: request.cursor?.startedAtUs ?? untilUs,
      beforeTraceId: request.cursor?.id ?? "",
      limit: request.limit + 1,
    },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    format: "JSONEachRow",
  });
  return z.array(foundSchema).parse(await result.json());
}

/** A sum of tokens; a nonsense one stops at what a JSON number holds, so that one absurd span does not hide the list. */
const tokenSum = (tokens: string) =>
  `if(sum(toInt128(${tokens})) > ${Number.MAX_SAFE_INTEGER}, ${Number.MAX_SAFE_INTEGER}, toInt64(sum(toInt128(${tokens}))))`;
const inputTokens =
  "input_tokens + input_cached_tokens + cache_write_tokens + cache_write_hour_tokens + input_audio_tokens + input_image_tokens";
const outputTokens = "output_tokens + reasoning_tokens + output_audio_tokens";

// One tuple, since argMin of a single nullable column would take its first value that is not null.
const summaryQuery = `
  SELECT
    trace_id,
    argMin(
      (name, kind, status, error_code, provider, model_requested, model_served, streamed, ttft_ms, user_id, session_id, serving_region, input_preview, output_preview),
      (parent_span_id != '', started_at, span_id)
    ) AS first,
    toUnixTimestamp64Micro(min(started_at)) AS started_us,
    toUnixTimestamp64Micro(max(ended_at)) AS ended_us,
    count() AS span_count,
    max(simulated) AS any_simulated,
    ${tokenSum(inputTokens)} AS input_tokens_sum,
    ${tokenSum(outputTokens)} AS output_tokens_sum,
    toString(sum(toInt128(cost_nano_usd))) AS cost_sum,
    countIf(isNotNull(input_tokens) AND isNull(cost_nano_usd)) > 0 AS cost_incomplete
  FROM spans FINAL
  WHERE project_id = {projectId:UUID} AND trace_id IN {traceIds:Array(String)}
    AND started_at >= fromUnixTimestamp64Micro({sinceUs:Int64}, 'UTC') AND started_at <= fromUnixTimestamp64Micro({lastUs:Int64}, 'UTC')
  GROUP BY trace_id`;

const text = z.string();
const summaryRowSchema = z.strictObject({
  trace_id: text,
  first: z.tuple([text, text, text, text.nullable(), text, text, text, z.boolean(), z.number().nullable(), text, text, text, text, text]),
  started_us: z.int(),
  ended_us: z.int(),
  span_count: z.int(),
  any_simulated: z.boolean(),
  input_tokens_sum: z.int().nullable(),
  output_tokens_sum: z.int().nullable(),
  cost_sum: text.nullable(),
  cost_incomplete: z.literal([0, 1]),
});

async function summarise(client: ClickHouseClient, projectId: ProjectId, page: readonly FoundTrace[]): Promise<TraceSummary[]> {
  const result = await client.query({
    query: summaryQuery,
    query_params: {
      projectId,
      traceIds: page.map((trace) => trace.traceId),
      sinceUs: Math.min(...page.map((trace) => trace.startedAtUs)),
      lastUs: Math.max(...page.map((trace) => trace.lastStartedAtUs)),
    },
    // A span's month is part of its key, so that equal keys never lie in two partitions.
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 0,
      output_format_json_named_tuples_as_objects: 0,
      do_not_merge_across_partitions_select_final: 1,
    },
    format: "JSONEachRow",
  });
  const summaries = new Map(
    z
      .array(summaryRowSchema)
      .parse(await result.json())
      .map((row) => [row.trace_id, summaryFromRow(row)]),
  );
  return page.flatMap((trace) => summaries.get(trace.traceId) ?? []);
}

function summaryFromRow(row: z.infer<typeof summaryRowSchema>): TraceSummary {
  const [
    name,
    kind,
    status,
    errorCode,
    provider,
    modelRequested,
    modelServed,
    streamed,
    ttftMs,
    userId,
    sessionId,
    servingRegion,
    inputPreview,
    outputPreview,
  ] = row.first;
  return traceSummarySchema.parse({
    traceId: row.trace_id,
    name,
    kind,
    startedAtMs: row.started_us / 1000,
    endedAtMs: row.ended_us / 1000,
    status,
    errorCode: errorCode ?? "",
    spanCount: row.span_count,
    provider,
    modelRequested,
    modelServed,
    simulated: row.any_simulated,
    streamed,
    inputTokens: row.input_tokens_sum,
    outputTokens: row.output_tokens_sum,
    costNanoUsd: row.cost_sum,
    costIncomplete: row.cost_incomplete === 1,
    ttftMs,
    userId,
    sessionId,
    servingRegion,
    inputPreview,
    outputPreview,
  });
}
