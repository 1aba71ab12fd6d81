import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import { tracePageQuery, type PageEnd, type PageRequest, type TraceSort } from "#core/analytics/page-query.ts";
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
    const isNewestFirst = request.sort === "startedAt" && request.order === "descending";
    const found = isNewestFirst ? await findNewest(client, request) : await findTraces(client, request);
    const page = found.slice(0, request.limit);
    const last = page.at(-1);
    return {
      traces: await summariseTraces(client, request.projectId, page),
      nextCursor: last !== undefined && found.length > page.length ? formatPageEnd(request.sort, request.order, last.end) : null,
    };
  });
}

interface ListedTrace extends FoundTrace {
  readonly end: PageEnd;
}

async function findNewest(client: ClickHouseClient, request: PageRequest<TraceSort>): Promise<ListedTrace[]> {
  const { range, after, limit } = request;
  const untilMs = after === null ? range.toMs : Math.min(Math.max(0, (Number(after.value) + 1) / 1000), range.toMs);
  return await lookBack(
    { fromMs: range.fromMs, untilMs, limit },
    async (sinceMs) => await findTraces(client, { ...request, range: { fromMs: sinceMs, toMs: untilMs } }),
  );
}

/** Looking a candidate up reads a granule of `trace_times`: few more than asked for at first, and many where many began before the range. */
const candidatesFactor = 1.25;
const candidatesGrowth = 8;

/** Up to one more than the page holds, so that one sees whether there is a next one. */
async function findTraces(client: ClickHouseClient, request: PageRequest<TraceSort>): Promise<ListedTrace[]> {
  for (let candidates = Math.ceil((request.limit + 1) * candidatesFactor); ; candidates *= candidatesGrowth) {
    const ends = await readPage(client, tracePageQuery({ ...request, limit: candidates }));
    const times = await readTimes(
      client,
      request.projectId,
      ends.map(({ id }) => id),
    );
    const found = ends.flatMap((end): ListedTrace[] => {
      const trace = times.get(end.id);
      return trace !== undefined && trace.startedAtUs >= Math.round(request.range.fromMs * 1000) ? [{ ...trace, end }] : [];
    });
    if (found.length > request.limit || ends.length <= candidates) return found.slice(0, request.limit + 1);
  }
}

const timesSchema = z
  .strictObject({ trace_id: z.string(), started_us: z.int(), last_started_us: z.int() })
  .transform((row): FoundTrace => ({ traceId: row.trace_id, startedAtUs: row.started_us, lastStartedAtUs: row.last_started_us }));

/** Ids travel in the address of a query, which a server takes up to 1 MB of. */
const idsAtOnce = 5_000;

/** When traces began, by id. */
async function readTimes(
  client: ClickHouseClient,
  projectId: ProjectId,
  traceIds: readonly string[],
): Promise<ReadonlyMap<string, FoundTrace>> {
  const times = new Map<string, FoundTrace>();
  for (let at = 0; at < traceIds.length; at += idsAtOnce) {
    const result = await client.query({
      query: `SELECT trace_id, toUnixTimestamp64Micro(min(first_started_at)) AS started_us, toUnixTimestamp64Micro(max(last_started_at)) AS last_started_us
        FROM trace_times WHERE project_id = {projectId:UUID} AND trace_id IN {traceIds:Array(String)} GROUP BY trace_id`,
      query_params: { projectId, traceIds: traceIds.slice(at, at + idsAtOnce) },
      clickhouse_settings: readSettings,
      format: "JSONEachRow",
    });
    for (const trace of z.array(timesSchema).parse(await result.json())) times.set(trace.traceId, trace);
  }
  return times;
}
