import { filterCondition } from "./condition.ts";
import { inputTokenColumns, outputTokenColumns, durationUs } from "./fields.ts";
import type { Filter } from "./filter.ts";
import { momentOf, type SpanSelection } from "./sources.ts";
import { createSqlParameters, type SqlParameters, type SqlQuery } from "./sql-parameters.ts";
import type { TimeRange } from "./coverage.ts";

/** Where a page ended: what its last row was sorted by, as decimal text, and its id, since several rows may be alike. */
export interface PageEnd {
  readonly value: string;
  readonly id: string;
}

/** What is asked of a sorted list. */
export interface PageRequest<Sort extends string> extends SpanSelection {
  readonly range: TimeRange;
  readonly sort: Sort;
  readonly order: "descending" | "ascending";
  readonly limit: number;
  readonly after: PageEnd | null;
}

const tokens = [...inputTokenColumns, ...outputTokenColumns].join(" + ");
const startedUs = "toUnixTimestamp64Micro(spans.started_at)";
const sums = {
  costNanoUsd: "ifNull(sum(toInt128(cost_nano_usd)), 0)",
  totalTokens: `ifNull(sum(toInt128(${tokens})), 0)`,
} as const;

/** What lists are sorted by: whole numbers over the spans of a row. What is not known sorts as 0. */
export const traceSorts = {
  startedAt: `toInt128(min(${startedUs}))`,
  duration: `toInt128(toUnixTimestamp64Micro(max(ended_at)) - min(${startedUs}))`,
  ...sums,
} as const;
export const spanSorts = {
  startedAt: `toInt128(${startedUs})`,
  duration: `toInt128(${durationUs})`,
  costNanoUsd: "toInt128(ifNull(cost_nano_usd, 0))",
  totalTokens: `toInt128(ifNull(${tokens}, 0))`,
} as const;
export const actorSorts = {
  lastStartedAt: `toInt128(max(${startedUs}))`,
  requests: "toInt128(countIf(kind IN ('generation', 'embedding')))",
  ...sums,
} as const;

export type TraceSort = keyof typeof traceSorts;
export type SpanSort = keyof typeof spanSorts;
export type ActorSort = keyof typeof actorSorts;

/** A span of a trace fits its filter where it began within this time after the range. */
export const traceReachMs = 86_400_000;

/**
 * Candidates for a list of traces, by id and what they are sorted by: traces with spans in the range. Those that began
 * before it are among them, and are told by the index of traces; one more than `limit`.
 */
export function tracePageQuery(request: PageRequest<TraceSort>): SqlQuery {
  const parameters = createSqlParameters();
  const { projectId, range, filter, sort } = request;
  const ofSpans = filter.filter(({ field }) => field.kind !== "trace");
  const ofTraces = filter.filter(({ field }) => field.kind === "trace");
  // When a trace began is told by its first span, all else also by those that come after the range.
  const isToldByFirst = sort === "startedAt" && filter.length === 0;
  const untilMs = isToldByFirst ? range.toMs : range.toMs + traceReachMs;
  const spans =
    `FROM spans FINAL WHERE project_id = ${parameters.bind("UUID", projectId)} ` +
    `AND spans.started_at >= ${momentOf(range.fromMs, parameters)} AND spans.started_at < ${momentOf(untilMs, parameters)}`;
  const matching = ofSpans.length === 0 ? "" : ` AND trace_id IN (SELECT trace_id ${spans} AND ${filterCondition(ofSpans, parameters)})`;
  const began = isToldByFirst ? "1" : `min(spans.started_at) < ${momentOf(range.toMs, parameters)}`;
  const rows =
    `SELECT ${traceNumber("trace_id")} AS id, ${traceSorts[sort]} AS value ${spans}${matching} ` +
    `GROUP BY id HAVING ${began} AND ${filterCondition(ofTraces, parameters)}`;
  return pageOf(rows, request, parameters, { keyOf: traceNumber, idOf: (id) => `lower(hex(reinterpretAsFixedString(${id})))` });
}

/** A trace's id as a number: a million of these are told apart in two thirds of the time that their texts take. */
const traceNumber = (traceId: string): string => `reinterpretAsUInt128(unhex(${traceId}))`;

/** Spans of the range, by `<trace id>-<span id>`. */
export function spanPageQuery(request: PageRequest<SpanSort>): SqlQuery {
  const parameters = createSqlParameters();
  const rows = `SELECT concat(trace_id, '-', span_id) AS id, ${spanSorts[request.sort]} AS value ${spansOf(request, request.filter, parameters)}`;
  return pageOf(rows, request, parameters);
}

/** What spans are gathered by beside traces. */
export const actorColumns = { session: "session_id", user: "user_id" } as const;
export type ActorKind = keyof typeof actorColumns;

/** Sessions or users that had spans in the range. */
export function actorPageQuery(kind: ActorKind, request: PageRequest<ActorSort>): SqlQuery {
  const parameters = createSqlParameters();
  const column = actorColumns[kind];
  const rows =
    `SELECT ${column} AS id, ${actorSorts[request.sort]} AS value ${spansOf(request, request.filter, parameters)} ` +
    `AND ${column} != '' GROUP BY ${column}`;
  return pageOf(rows, request, parameters);
}

function spansOf({ projectId, range }: PageRequest<string>, filter: Filter, parameters: SqlParameters): string {
  return (
    `FROM spans FINAL WHERE project_id = ${parameters.bind("UUID", projectId)} AND spans.started_at >= ${momentOf(range.fromMs, parameters)} ` +
    `AND spans.started_at < ${momentOf(range.toMs, parameters)} AND ${filterCondition(filter, parameters)}`
  );
}

/** What rows are told apart by, as SQL of their id's text and the other way round. */
interface IdForm {
  readonly keyOf: (text: string) => string;
  readonly idOf: (key: string) => string;
}
const asText: IdForm = { keyOf: (text) => text, idOf: (key) => key };

function pageOf(rows: string, { order, after, limit }: PageRequest<string>, parameters: SqlParameters, form: IdForm = asText): SqlQuery {
  const direction = order === "descending" ? "DESC" : "ASC";
  const beyond =
    after === null
      ? "1"
      : `(value, id) ${order === "descending" ? "<" : ">"} ` +
        `(toInt128(${parameters.bind("String", after.value)}), ${form.keyOf(parameters.bind("String", after.id))})`;
  return {
    sql:
      `SELECT ${form.idOf("page.id")} AS id, toString(page.value) AS sorted_by FROM ` +
      `(SELECT id, value FROM (${rows}) WHERE ${beyond} ORDER BY value ${direction}, id ${direction} LIMIT ${parameters.bind("UInt32", limit + 1)}) AS page ` +
      `ORDER BY page.value ${direction}, page.id ${direction}`,
    params: parameters.values,
  };
}
