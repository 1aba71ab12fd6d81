import { queryMetrics, type CourseRange, type CourseRequest } from "#adapters/clickhouse/query-metrics.ts";
import { cachedAnswer } from "#adapters/redis/query-cache.ts";
import { pointsMax, pointsOf } from "#core/analytics/interval.ts";
import { metricsAnswerSchema } from "#core/contracts/api/metrics.ts";
import { failure } from "#core/contracts/error.ts";
import { findProject } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readRange } from "./range.ts";

export const getMetrics: Handler<"getMetrics"> = async (env, { params: { projectId }, query }) => {
  const range = readRange(query, Date.now());
  if (range.kind === "failure") return range;
  const { fromMs, toMs } = range;
  const points = pointsOf(range, query.interval, query.timeZone);
  if (points.kind === "too-many")
    return failure("invalid_field", `\`interval\` gives more than ${pointsMax} points in this range.`, "interval");
  const { interval, startsAtS } = points;
  let previous: CourseRange | null = null;
  if (query.compare !== undefined) {
    const before = { fromMs: Math.max(0, fromMs - (toMs - fromMs)), toMs: fromMs };
    const pointsBefore = pointsOf(before, interval ?? "none", query.timeZone);
    previous = { ...before, startsAtS: pointsBefore.kind === "points" ? pointsBefore.startsAtS : [] };
  }
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { homeRegion } = project.value;
  const request: CourseRequest = {
    projectId,
    metrics: query.metrics,
    groupBy: query.groupBy ?? [],
    groupLimit: query.groupLimit,
    filter: query.filter ?? [],
    range: { fromMs, toMs, startsAtS },
    previous,
    readFrom: "rollups-and-spans",
  };
  const groups = await cachedAnswer(
    env,
    homeRegion,
    ["metrics", request],
    metricsAnswerSchema.shape.groups,
    async () => await queryMetrics(env, homeRegion, request),
  );
  if (groups.kind === "unavailable") return groups;
  return {
    kind: "answered",
    value: {
      fromMs,
      toMs,
      interval,
      points: startsAtS.map((startS) => startS * 1000),
      previous:
        previous === null
          ? null
          : { fromMs: previous.fromMs, toMs: previous.toMs, points: previous.startsAtS.map((startS) => startS * 1000) },
      groups: groups.value,
    },
  };
};
