import { z } from "zod";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { ProjectId, TraceId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { spanFromRow, spanRowSchema, spanSelection } from "./span-from-row.ts";

// The index turns the trace's id into a time range, and the range into granules.
const query = `
  WITH
    (SELECT (min(first_started_at), max(last_started_at)) FROM trace_index WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String}) AS range
  SELECT ${spanSelection}
  FROM spans FINAL
  WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String} AND cityHash64(trace_id) = cityHash64({traceId:String})
    AND spans.started_at >= range.1 AND spans.started_at <= range.2
  ORDER BY spans.started_at, span_id`;

/** All spans of a trace, oldest first, each once; an empty list where there is no such trace. */
export async function getTrace(
  env: ClickhouseEnvironment,
  region: Region,
  projectId: ProjectId,
  traceId: TraceId,
): Promise<Answered<StoredSpan[]> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const result = await clickhouseOf(env, region).query({
      query,
      query_params: { projectId, traceId },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, do_not_merge_across_partitions_select_final: 1 },
      format: "JSONEachRow",
    });
    return z
      .array(spanRowSchema)
      .parse(await result.json())
      .map(spanFromRow);
  });
}
