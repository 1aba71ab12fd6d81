import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import { filterCondition } from "#core/analytics/condition.ts";
import { traceReachMs, tracePageQuery, type PageEnd, type PageRequest, type TraceSort } from "#core/analytics/page-query.ts";
import { momentOf } from "#core/analytics/sources.ts";
import { createSqlParameters } from "#core/analytics/sql-parameters.ts";
import type { TraceSummary } from "#core/contracts/api/traces.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { formatPageEnd } from "./page-end.ts";
import { lookBack, readPage } from "./read-page.ts";
import { readSettings } from "./read-settings.ts";
import { summariseTraces, type FoundTrace } from "./summarise-traces.ts";

export interface TracePage {
  readonly traces: TraceSummary[];
  readonly nextCursor: string | null;
}

/**
 * A page of the traces of a project that began in the range. A filter's conditions hold together for some one span of
 * the trace, which began at most a day after the range; those of `trace.…` for all of its spans together.
 */
export async function listTraces(
  env: ClickhouseEnvironment,
  region: Region,
  request: PageRequest<TraceSort>,
): Promise<Answered<TracePage> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const client = clickhouseOf(env, region);
    const isNewestFirst =
      request.sort === "startedAt" && request.order === "descending" && request.filter.every(({ field }) => field.kind !== "trace");
    const found = isNewestFirst ? await findNewest(client, request) : await readPage(client, tracePageQuery(request));
    const page = found.slice(0, request.limit);
    const last = page.at(-1);
    const ids = page.map(({ id }) => id);
    return {
      traces: await summariseTraces(client, request.projectId, await findTimes(client, request.projectId, ids)),
      nextCursor: last !== undefined && found.length > page.length ? formatPageEnd(request.sort, request.order, last) : null,
    };
  });
}

async function findNewest(client: ClickHouseClient, request: PageRequest<TraceSort>): Promise<PageEnd[]> {
  const { range, after, limit } = request;
  const untilMs = after === null ? range.toMs : Math.min(Math.max(0, (Number(after.value) + 1) / 1000), range.toMs);
  return await lookBack({ fromMs: range.fromMs, untilMs, limit }, async (sinceMs) => await findInWindow(client, request, sinceMs, untilMs));
}

/** Up to one more than the page holds, so that one sees whether there is a next one. */
async function findInWindow(
  client: ClickHouseClient,
  request: PageRequest<TraceSort>,
  sinceMs: number,
  untilMs: number,
): Promise<PageEnd[]> {
  const parameters = createSqlParameters();
  const project = `project_id = ${parameters.bind("UUID", request.projectId)}`;
  const since = momentOf(sinceMs, parameters);
  const until = momentOf(untilMs, parameters);
  const { filter, after } = request;
  // A trace that began in the window has a span in it, its first; the index then tells which of them began earlier.
  const inWindow =
    filter.length === 0
      ? `FROM spans WHERE ${project} AND started_at >= ${since} AND started_at < ${until}`
      : `FROM spans FINAL WHERE ${project} AND spans.started_at >= ${since} ` +
        `AND spans.started_at < ${momentOf(untilMs + traceReachMs, parameters)} AND ${filterCondition(filter, parameters)}`;
  const beyond =
    after === null
      ? "1"
      : `(value, trace_id) < (toInt128(${parameters.bind("String", after.value)}), ${parameters.bind("String", after.id)})`;
  const sql =
    `SELECT trace_id AS id, toString(value) AS sorted_by FROM (` +
    `SELECT trace_id, toUnixTimestamp64Micro(min(first_started_at)) AS value FROM trace_index ` +
    `WHERE ${project} AND trace_id IN (SELECT trace_id ${inWindow}) GROUP BY trace_id ` +
    `HAVING min(first_started_at) >= ${since} AND min(first_started_at) < ${until}) ` +
    `WHERE ${beyond} ORDER BY value DESC, trace_id DESC LIMIT ${parameters.bind("UInt32", request.limit + 1)}`;
  return await readPage(client, { sql, params: parameters.values });
}

const timesSchema = z
  .strictObject({ trace_id: z.string(), started_us: z.int(), last_started_us: z.int() })
  .transform((row): FoundTrace => ({ traceId: row.trace_id, startedAtUs: row.started_us, lastStartedAtUs: row.last_started_us }));

/** When the traces of a page began, in the page's order. */
async function findTimes(client: ClickHouseClient, projectId: ProjectId, traceIds: readonly string[]): Promise<FoundTrace[]> {
  if (traceIds.length === 0) return [];
  const result = await client.query({
    query: `SELECT trace_id, toUnixTimestamp64Micro(min(first_started_at)) AS started_us, toUnixTimestamp64Micro(max(last_started_at)) AS last_started_us
      FROM trace_index WHERE project_id = {projectId:UUID} AND trace_id IN {traceIds:Array(String)} GROUP BY trace_id`,
    query_params: { projectId, traceIds },
    clickhouse_settings: readSettings,
    format: "JSONEachRow",
  });
  const times = new Map(
    z
      .array(timesSchema)
      .parse(await result.json())
      .map((trace) => [trace.traceId, trace]),
  );
  return traceIds.flatMap((traceId) => times.get(traceId) ?? []);
}
