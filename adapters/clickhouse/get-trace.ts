import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { spanIdSchema, type ProjectId, type SpanId, type TraceId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { spanCursor, type PageCursor } from "./page-cursor.ts";
import { spanFromRow, spanRowSchema, spanSelection } from "./span-from-row.ts";

export interface SpanPageRequest {
  readonly projectId: ProjectId;
  readonly traceId: TraceId;
  readonly limit: number;
  readonly cursor: PageCursor<SpanId> | null;
}

export interface SpanPage {
  readonly spans: StoredSpan[];
  readonly nextCursor: string | null;
}

/** Text of one page, in bytes; a page of a single span may hold more. A client chooses trace ids, so a trace has no size. */
const pageBytesMax = 4 * 1024 * 1024;

/** A page of the spans of a trace, oldest first, each once; an empty one where there is no such trace. */
export async function getTrace(
  env: ClickhouseEnvironment,
  region: Region,
  request: SpanPageRequest,
): Promise<Answered<SpanPage> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const client = clickhouseOf(env, region);
    const found = await findSpans(client, request);
    const page = cutPage(found, request.limit);
    const last = page.at(-1);
    if (last === undefined) return { spans: [], nextCursor: null };
    return {
      spans: await readSpans(client, request, last),
      nextCursor: found.length > page.length ? spanCursor.format(last) : null,
    };
  });
}

interface FoundSpan extends PageCursor<SpanId> {
  readonly bytes: number;
}

/** As many as fit, at least one. */
function cutPage(found: readonly FoundSpan[], limit: number): readonly FoundSpan[] {
  let bytes = 0;
  const end = found.findIndex((span, index) => {
    bytes += span.bytes;
    return index > 0 && (index >= limit || bytes > pageBytesMax);
  });
  return end === -1 ? found : found.slice(0, end);
}

// The index turns the trace's id into a time range, and the range into granules.
const range = `
  WITH
    (SELECT (min(first_started_at), max(last_started_at)) FROM trace_times WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String}) AS range`;
const condition = `
  FROM spans FINAL
  WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String} AND cityHash64(trace_id) = cityHash64({traceId:String})
    AND spans.started_at >= range.1 AND spans.started_at <= range.2
    AND (toUnixTimestamp64Micro(spans.started_at), span_id) > ({afterUs:Int64}, {afterSpanId:String})`;

const findQuery = `${range}
  SELECT toUnixTimestamp64Micro(spans.started_at) AS started_us, span_id,
    length(input_text) + length(output_text) + length(parameters) + length(usage_raw) AS bytes ${condition}
  ORDER BY spans.started_at, span_id
  LIMIT {limit:UInt32}`;

const foundSchema = z
  .strictObject({ started_us: z.int(), span_id: spanIdSchema, bytes: z.int() })
  .transform(({ started_us, span_id, bytes }): FoundSpan => ({ startedAtUs: started_us, id: span_id, bytes }));

const settings = { output_format_json_quote_64bit_integers: 0, do_not_merge_across_partitions_select_final: 1 } as const;

function boundsOf({ projectId, traceId, cursor }: SpanPageRequest) {
  return { projectId, traceId, afterUs: cursor?.startedAtUs ?? -1, afterSpanId: cursor?.id ?? "" };
}

/** Up to one more than the page holds, without their texts. */
async function findSpans(client: ClickHouseClient, request: SpanPageRequest): Promise<FoundSpan[]> {
  const result = await client.query({
    query: findQuery,
    query_params: { ...boundsOf(request), limit: request.limit + 1 },
    clickhouse_settings: settings,
    format: "JSONEachRow",
  });
  return z.array(foundSchema).parse(await result.json());
}

const readQuery = `${range}
  SELECT ${spanSelection} ${condition}
    AND (toUnixTimestamp64Micro(spans.started_at), span_id) <= ({lastUs:Int64}, {lastSpanId:String})
  ORDER BY spans.started_at, span_id`;

async function readSpans(client: ClickHouseClient, request: SpanPageRequest, last: PageCursor<SpanId>): Promise<StoredSpan[]> {
  const result = await client.query({
    query: readQuery,
    query_params: { ...boundsOf(request), lastUs: last.startedAtUs, lastSpanId: last.id },
    clickhouse_settings: settings,
    format: "JSONEachRow",
  });
  return z
    .array(spanRowSchema)
    .parse(await result.json())
    .map(spanFromRow);
}
