import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import { inputTokenColumns, outputTokenColumns } from "#core/analytics/fields.ts";
import { createSqlParameters } from "#core/analytics/sql-parameters.ts";
import { traceSummarySchema, type TraceSummary } from "#core/contracts/api/traces.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import { readSettings } from "./read-settings.ts";

/** A trace and when its first and last span began, epoch microseconds. */
export interface FoundTrace {
  readonly traceId: string;
  readonly startedAtUs: number;
  readonly lastStartedAtUs: number;
}

/** A sum of tokens; a nonsense one stops at what a JSON number holds, so that one absurd span does not hide the list. */
const tokenSum = (tokens: string) =>
  `if(sum(toInt128(${tokens})) > ${Number.MAX_SAFE_INTEGER}, ${Number.MAX_SAFE_INTEGER}, toInt64(sum(toInt128(${tokens}))))`;
const inputTokens = inputTokenColumns.join(" + ");
const outputTokens = outputTokenColumns.join(" + ");

// One tuple, since argMin of a single nullable column would take its first value that is not null.
const summaryQuery = (inRanges: string) => `
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
    AND (${inRanges})
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

/** Rows of a list, in the order of `page`: their totals are over all spans of each, counted once. Throws what the client throws. */
export async function summariseTraces(
  client: ClickHouseClient,
  projectId: ProjectId,
  page: readonly FoundTrace[],
): Promise<TraceSummary[]> {
  if (page.length === 0) return [];
  const parameters = createSqlParameters();
  const inRanges = rangesOf(page).map(
    ({ fromUs, toUs }) =>
      `(started_at >= fromUnixTimestamp64Micro(${parameters.bind("Int64", fromUs)}, 'UTC') ` +
      `AND started_at <= fromUnixTimestamp64Micro(${parameters.bind("Int64", toUs)}, 'UTC'))`,
  );
  const result = await client.query({
    query: summaryQuery(inRanges.join(" OR ")),
    query_params: { ...parameters.values, projectId, traceIds: page.map((trace) => trace.traceId) },
    clickhouse_settings: { ...readSettings, prefer_column_name_to_alias: 0, output_format_json_named_tuples_as_objects: 0 },
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

/** Times nearer than that are one range: they lie in the same granules. */
const nearUs = 600_000_000;

/** The times at which the traces have spans, as few ranges: those of a page sorted by cost may lie weeks apart. */
function rangesOf(page: readonly FoundTrace[]): { readonly fromUs: number; readonly toUs: number }[] {
  const ranges: { readonly fromUs: number; readonly toUs: number }[] = [];
  for (const { startedAtUs, lastStartedAtUs } of page.toSorted((left, right) => left.startedAtUs - right.startedAtUs)) {
    const last = ranges.at(-1);
    if (last !== undefined && startedAtUs <= last.toUs + nearUs) {
      ranges[ranges.length - 1] = { fromUs: last.fromUs, toUs: Math.max(last.toUs, lastStartedAtUs) };
    } else ranges.push({ fromUs: startedAtUs, toUs: lastStartedAtUs });
  }
  return ranges;
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
