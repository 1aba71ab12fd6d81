import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import { filterCondition } from "#core/analytics/condition.ts";
import type { TimeRange } from "#core/analytics/coverage.ts";
import { inputTokenColumns, outputTokenColumns } from "#core/analytics/fields.ts";
import {
  actorColumns,
  actorPageQuery,
  type ActorKind,
  type ActorSort,
  type PageEnd,
  type PageRequest,
} from "#core/analytics/page-query.ts";
import { momentOf, type SpanSelection } from "#core/analytics/sources.ts";
import { createSqlParameters } from "#core/analytics/sql-parameters.ts";
import type { Session, User } from "#core/contracts/api/actors.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { formatPageEnd } from "./page-end.ts";
import { lookBack, readPage } from "./read-page.ts";
import { readSettings } from "./read-settings.ts";

/** What the spans of a session or a user come to. */
interface Actor {
  readonly id: string;
  readonly totals: Omit<Session, "sessionId" | "userIds">;
  /** Of a session, the first of them; of a user none. */
  readonly userIds: string[];
  /** Of a user. */
  readonly sessionCount: number;
}

export interface ActorPage<Row> {
  readonly rows: Row[];
  readonly nextCursor: string | null;
}

/** A page of the sessions that had spans in the range. */
export async function listSessions(
  env: ClickhouseEnvironment,
  region: Region,
  request: PageRequest<ActorSort>,
): Promise<Answered<ActorPage<Session>> | Unavailable> {
  return await attempt("clickhouse", async () => await pageOf(clickhouseOf(env, region), "session", request, sessionOf));
}

/** A page of the users that had spans in the range. */
export async function listUsers(
  env: ClickhouseEnvironment,
  region: Region,
  request: PageRequest<ActorSort>,
): Promise<Answered<ActorPage<User>> | Unavailable> {
  return await attempt("clickhouse", async () => await pageOf(clickhouseOf(env, region), "user", request, userOf));
}

type OneRequest = Pick<PageRequest<ActorSort>, "projectId" | "range"> & { readonly id: string };

/** One session; `null` where it has no spans in the range. */
export async function findSession(
  env: ClickhouseEnvironment,
  region: Region,
  request: OneRequest,
): Promise<Answered<Session | null> | Unavailable> {
  return await attempt("clickhouse", async () => await findOne(clickhouseOf(env, region), "session", request, sessionOf));
}

/** One user; `null` where it has no spans in the range. */
export async function findUser(
  env: ClickhouseEnvironment,
  region: Region,
  request: OneRequest,
): Promise<Answered<User | null> | Unavailable> {
  return await attempt("clickhouse", async () => await findOne(clickhouseOf(env, region), "user", request, userOf));
}

async function pageOf<Row>(
  client: ClickHouseClient,
  kind: ActorKind,
  request: PageRequest<ActorSort>,
  rowOf: (actor: Actor) => Row,
): Promise<ActorPage<Row>> {
  const found = await findActors(client, kind, request);
  const page = found.slice(0, request.limit);
  const last = page.at(-1);
  const actors = await readActors(
    client,
    kind,
    request,
    request.range,
    page.map(({ id }) => id),
  );
  return {
    rows: actors.map(rowOf),
    nextCursor: last !== undefined && found.length > page.length ? formatPageEnd(request.sort, request.order, last) : null,
  };
}

async function findActors(client: ClickHouseClient, kind: ActorKind, request: PageRequest<ActorSort>): Promise<PageEnd[]> {
  const { range, after, limit, sort, order } = request;
  if (sort !== "lastStartedAt" || order !== "descending") return await readPage(client, actorPageQuery(kind, request));
  // To the end of the range each time: whoever was there later than the page before has been on one.
  const untilMs = after === null ? range.toMs : Math.min(Math.max(0, Number(after.value) / 1000), range.toMs);
  return await lookBack(
    { fromMs: range.fromMs, untilMs, limit },
    async (sinceMs) => await readPage(client, actorPageQuery(kind, { ...request, range: { fromMs: sinceMs, toMs: range.toMs } })),
  );
}

async function findOne<Row>(
  client: ClickHouseClient,
  kind: ActorKind,
  { projectId, range, id }: OneRequest,
  rowOf: (actor: Actor) => Row,
): Promise<Row | null> {
  const [actor] = await readActors(client, kind, { projectId, filter: [] }, range, [id]);
  return actor === undefined ? null : rowOf(actor);
}

const sessionOf = ({ id, totals, userIds }: Actor): Session => ({ sessionId: id, ...totals, userIds });
const userOf = ({ id, totals, sessionCount }: Actor): User => ({ userId: id, ...totals, sessions: sessionCount });

const userIdsMax = 10;
/** What tells of the other kind: counting all sessions and naming them would cost a user's page as much as its sums. */
const others = {
  session: `arraySlice(arraySort(groupUniqArrayIf(user_id, user_id != '')), 1, ${userIdsMax}) AS user_ids, toUInt64(0) AS session_count`,
  user: `CAST([], 'Array(String)') AS user_ids, uniqExactIf(session_id, session_id != '') AS session_count`,
} as const satisfies Record<ActorKind, string>;
const tokenSum = (columns: readonly string[]) => `toFloat64(ifNull(sum(toInt128(${columns.join(" + ")})), 0))`;

const actorSchema = z
  .strictObject({
    id: z.string(),
    first_us: z.int(),
    last_us: z.int(),
    trace_count: z.number(),
    span_count: z.number(),
    request_count: z.number(),
    error_count: z.number(),
    input_count: z.number(),
    output_count: z.number(),
    cost: z.string(),
    unpriced: z.number(),
    user_ids: z.array(z.string()),
    session_count: z.number(),
  })
  .transform((row): Actor => ({
    id: row.id,
    totals: {
      firstStartedAtMs: row.first_us / 1000,
      lastStartedAtMs: row.last_us / 1000,
      traces: row.trace_count,
      spans: row.span_count,
      requests: row.request_count,
      errors: row.error_count,
      inputTokens: row.input_count,
      outputTokens: row.output_count,
      costNanoUsd: row.cost,
      costIncomplete: row.unpriced > 0,
    },
    userIds: row.user_ids,
    sessionCount: row.session_count,
  }));

/** In the order of `ids`; one without spans is left out. */
async function readActors(
  client: ClickHouseClient,
  kind: ActorKind,
  { projectId, filter }: SpanSelection,
  range: TimeRange,
  ids: readonly string[],
): Promise<Actor[]> {
  if (ids.length === 0) return [];
  const parameters = createSqlParameters();
  const column = actorColumns[kind];
  const isCall = "kind IN ('generation', 'embedding')";
  const sql =
    `SELECT ${column} AS id, toUnixTimestamp64Micro(min(spans.started_at)) AS first_us, toUnixTimestamp64Micro(max(spans.started_at)) AS last_us, ` +
    `uniqExact(trace_id) AS trace_count, count() AS span_count, countIf(${isCall}) AS request_count, ` +
    `countIf(${isCall} AND status = 'error') AS error_count, ${tokenSum(inputTokenColumns)} AS input_count, ` +
    `${tokenSum(outputTokenColumns)} AS output_count, toString(ifNull(sum(toInt128(cost_nano_usd)), 0)) AS cost, ` +
    `countIf(isNotNull(input_tokens) AND isNull(cost_nano_usd)) AS unpriced, ` +
    `${others[kind]} ` +
    `FROM spans FINAL WHERE project_id = ${parameters.bind("UUID", projectId)} AND spans.started_at >= ${momentOf(range.fromMs, parameters)} ` +
    `AND spans.started_at < ${momentOf(range.toMs, parameters)} AND ${column} IN ${parameters.bind("Array(String)", ids)} ` +
    `AND ${filterCondition(filter, parameters)} GROUP BY ${column}`;
  const result = await client.query({
    query: sql,
    query_params: { ...parameters.values },
    clickhouse_settings: readSettings,
    format: "JSONEachRow",
  });
  const actors = new Map(
    z
      .array(actorSchema)
      .parse(await result.json())
      .map((actor) => [actor.id, actor]),
  );
  return ids.flatMap((id) => actors.get(id) ?? []);
}
