import type { ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import type { Segment, TimeRange } from "#core/analytics/coverage.ts";
import { valueOfNothing, type MetricName, type MetricValue } from "#core/analytics/metrics.ts";
import { groupsQuery, seriesQuery, type MetricsRequest } from "#core/analytics/metrics-query.ts";
import type { MetricsAnswer } from "#core/contracts/api/metrics.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { readSegments } from "./read-segments.ts";
import { readSettings } from "./read-settings.ts";

/** A range, and where the points of its course begin (epoch seconds; none: totals only). */
export interface CourseRange extends TimeRange {
  readonly startsAtS: readonly number[];
}

export interface CourseRequest extends MetricsRequest {
  readonly range: CourseRange;
  /** Its groups are those of `range`. */
  readonly previous: CourseRange | null;
  readonly groupLimit: number;
  /** `spans`: without the rollups, to compare with. */
  readonly readFrom: "rollups-and-spans" | "spans";
}

type Groups = MetricsAnswer["groups"];
type Course = Pick<Groups[number], "totals" | "series">;

/** The metrics of each group, highest first, then those of all others together. Without `groupBy` there is one group. */
export async function queryMetrics(
  env: ClickhouseEnvironment,
  region: Region,
  request: CourseRequest,
): Promise<Answered<Groups> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const client = clickhouseOf(env, region);
    const { range, previous } = request;
    const [segments, segmentsBefore] = await Promise.all([
      segmentsOf(client, request, range),
      previous === null ? [] : segmentsOf(client, request, previous),
    ]);
    const found = request.groupBy.length === 0 ? [{ key: "", parts: [] }] : await findGroups(client, request, segments);
    const shown = found.slice(0, request.groupLimit);
    const keys = shown.map(({ key }) => key);
    const [courses, before] = await Promise.all([
      readCourses(client, request, segments, range.startsAtS, keys),
      previous === null ? null : readCourses(client, request, segmentsBefore, previous.startsAtS, keys),
    ]);
    const rows = [...shown, ...(found.length > shown.length ? [{ key: "", parts: null }] : [])];
    return rows.map(({ key, parts }) => ({
      key: parts,
      ...(courses.get(key) ?? emptyCourse(request.metrics, range.startsAtS)),
      previous: before === null ? null : (before.get(key) ?? emptyCourse(request.metrics, previous?.startsAtS ?? [])),
    }));
  });
}

async function segmentsOf(client: ClickHouseClient, request: CourseRequest, range: CourseRange): Promise<Segment[]> {
  if (request.readFrom === "spans") return [{ fromMs: range.fromMs, toMs: range.toMs, source: "spans" }];
  return await readSegments(client, request, range, range.startsAtS);
}

const groupsSchema = z.array(z.strictObject({ key: z.string(), parts: z.array(z.string()) }));

async function findGroups(client: ClickHouseClient, request: CourseRequest, segments: readonly Segment[]) {
  const { sql, params } = groupsQuery(request, segments, request.groupLimit);
  const result = await client.query({ query: sql, query_params: { ...params }, clickhouse_settings: readSettings, format: "JSONEachRow" });
  return groupsSchema.parse(await result.json());
}

const seriesSchema = z.array(
  z.tuple([z.string(), z.union([z.literal(0), z.literal(1)]), z.int()]).rest(z.union([z.number(), z.string(), z.null()])),
);

/** By key, the totals and the course of each group that has spans. */
async function readCourses(
  client: ClickHouseClient,
  request: CourseRequest,
  segments: readonly Segment[],
  startsAtS: readonly number[],
  keys: readonly string[],
): Promise<ReadonlyMap<string, Course>> {
  const { sql, params } = seriesQuery(request, segments, startsAtS, keys);
  const result = await client.query({
    query: sql,
    query_params: { ...params },
    clickhouse_settings: readSettings,
    format: "JSONCompactEachRow",
  });
  const places = new Map(startsAtS.map((startS, place) => [startS, place]));
  const courses = new Map<string, Course>();
  for (const [key, isTotal, point, ...values] of seriesSchema.parse(await result.json())) {
    const course = courses.get(key) ?? emptyCourse(request.metrics, startsAtS);
    courses.set(key, course);
    for (const [index, name] of request.metrics.entries()) {
      const value = values[index] ?? null;
      if (isTotal === 1) course.totals[name] = value;
      else setPoint(course.series[name], places.get(point), value);
    }
  }
  return courses;
}

function setPoint(series: MetricValue[] | undefined, place: number | undefined, value: MetricValue): void {
  if (series !== undefined && place !== undefined) series[place] = value;
}

function emptyCourse(names: readonly MetricName[], startsAtS: readonly number[]): Course {
  return {
    totals: Object.fromEntries(names.map((name) => [name, valueOfNothing(name)])),
    series: Object.fromEntries(names.map((name) => [name, startsAtS.map(() => valueOfNothing(name))])),
  };
}
