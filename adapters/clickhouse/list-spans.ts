import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import { spanPageQuery, type PageEnd, type PageRequest, type SpanSort } from "#core/analytics/page-query.ts";
import { inputTokenColumns, outputTokenColumns } from "#core/analytics/fields.ts";
import { spanSummarySchema, type SpanSummary } from "#core/contracts/api/spans.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { formatPageEnd } from "./page-end.ts";
import { lookBack, readPage } from "./read-page.ts";
import { readSettings } from "./read-settings.ts";

export interface SpanListPage {
  readonly spans: SpanSummary[];
  readonly nextCursor: string | null;
}

/** A page of the spans of a project that began in the range, without their payloads. */
export async function listSpans(
  env: ClickhouseEnvironment,
  region: Region,
  request: PageRequest<SpanSort>,
): Promise<Answered<SpanListPage> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const client = clickhouseOf(env, region);
    const isNewestFirst = request.sort === "startedAt" && request.order === "descending";
    const found = isNewestFirst ? await findNewest(client, request) : await readPage(client, spanPageQuery(request));
    const page = found.slice(0, request.limit);
    const last = page.at(-1);
    return {
      spans: await readSummaries(client, request, page),
      nextCursor: last !== undefined && found.length > page.length ? formatPageEnd(request.sort, request.order, last) : null,
    };
  });
}

async function findNewest(client: ClickHouseClient, request: PageRequest<SpanSort>): Promise<PageEnd[]> {
  const { range, after, limit } = request;
  const untilMs = after === null ? range.toMs : Math.min(Math.max(0, (Number(after.value) + 1) / 1000), range.toMs);
  return await lookBack(
    { fromMs: range.fromMs, untilMs, limit },
    async (sinceMs) => await readPage(client, spanPageQuery({ ...request, range: { fromMs: sinceMs, toMs: untilMs } })),
  );
}

const tokenCount = (columns: readonly string[]) => `if(isNull(${columns.join(" + ")}), NULL, toFloat64(${columns.join(" + ")}))`;
const selection =
  "trace_id, span_id, parent_span_id, kind, name, toUnixTimestamp64Micro(spans.started_at) AS started_us, " +
  "toUnixTimestamp64Micro(ended_at) AS ended_us, status, ifNull(error_code, '') AS error, provider, model_requested, model_served, " +
  `simulated, streamed, ${tokenCount(inputTokenColumns)} AS input_count, ${tokenCount(outputTokenColumns)} AS output_count, ` +
  "toString(cost_nano_usd) AS cost, ttft_ms, user_id, session_id, environment, release, tags, serving_region, input_preview, output_preview";

const rowSchema = z
  .strictObject({
    trace_id: z.string(),
    span_id: z.string(),
    parent_span_id: z.string(),
    kind: z.string(),
    name: z.string(),
    started_us: z.int(),
    ended_us: z.int(),
    status: z.string(),
    error: z.string(),
    provider: z.string(),
    model_requested: z.string(),
    model_served: z.string(),
    simulated: z.boolean(),
    streamed: z.boolean(),
    input_count: z.number().nullable(),
    output_count: z.number().nullable(),
    cost: z.string().nullable(),
    ttft_ms: z.number().nullable(),
    user_id: z.string(),
    session_id: z.string(),
    environment: z.string(),
    release: z.string(),
    tags: z.array(z.string()),
    serving_region: z.string(),
    input_preview: z.string(),
    output_preview: z.string(),
  })
  .transform((row) =>
    spanSummarySchema.parse({
      traceId: row.trace_id,
      spanId: row.span_id,
      parentSpanId: row.parent_span_id === "" ? null : row.parent_span_id,
      kind: row.kind,
      name: row.name,
      startedAtMs: row.started_us / 1000,
      endedAtMs: row.ended_us / 1000,
      status: row.status,
      errorCode: row.error,
      provider: row.provider,
      modelRequested: row.model_requested,
      modelServed: row.model_served,
      simulated: row.simulated,
      streamed: row.streamed,
      inputTokens: row.input_count,
      outputTokens: row.output_count,
      costNanoUsd: row.cost,
      ttftMs: row.ttft_ms,
      userId: row.user_id,
      sessionId: row.session_id,
      environment: row.environment,
      release: row.release,
      tags: row.tags,
      servingRegion: row.serving_region,
      inputPreview: row.input_preview,
      outputPreview: row.output_preview,
    }),
  );

/** The page's spans by their traces, which the index turns into a time range. */
async function readSummaries(
  client: ClickHouseClient,
  { projectId, range }: { readonly projectId: ProjectId; readonly range: PageRequest<SpanSort>["range"] },
  page: readonly PageEnd[],
): Promise<SpanSummary[]> {
  if (page.length === 0) return [];
  const ids = page.map(({ id }) => id);
  const result = await client.query({
    query: `WITH (SELECT (min(first_started_at), max(last_started_at)) FROM trace_times WHERE project_id = {projectId:UUID} AND trace_id IN {traceIds:Array(String)}) AS bounds
      SELECT ${selection} FROM spans FINAL
      WHERE project_id = {projectId:UUID} AND trace_id IN {traceIds:Array(String)} AND has({ids:Array(String)}, concat(trace_id, '-', span_id))
        AND spans.started_at >= greatest(bounds.1, fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC'))
        AND spans.started_at <= least(bounds.2, fromUnixTimestamp64Milli({toMs:Int64}, 'UTC'))`,
    query_params: {
      projectId,
      ids,
      traceIds: [...new Set(ids.map((id) => id.split("-")[0] ?? ""))],
      fromMs: Math.floor(range.fromMs),
      toMs: Math.ceil(range.toMs),
    },
    clickhouse_settings: readSettings,
    format: "JSONEachRow",
  });
  const spans = new Map(
    z
      .array(rowSchema)
      .parse(await result.json())
      .map((span) => [`${span.traceId}-${span.spanId}`, span]),
  );
  return ids.flatMap((id) => spans.get(id) ?? []);
}
