import { listMetadataKeys as readMetadataKeys } from "#adapters/clickhouse/list-metadata-keys.ts";
import { listSpans as readSpans } from "#adapters/clickhouse/list-spans.ts";
import { queryMetrics, type CourseRequest } from "#adapters/clickhouse/query-metrics.ts";
import { cachedAnswer } from "#adapters/redis/query-cache.ts";
import { metricsAnswerSchema } from "#core/contracts/api/metrics.ts";
import type { Facet } from "#core/contracts/api/spans.ts";
import { findProject } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readPageRequest } from "./page.ts";
import { readRange } from "./range.ts";

export const listSpans: Handler<"listSpans"> = async (env, { params, query }) => {
  const read = readPageRequest(params.projectId, query, Date.now());
  if (read.kind === "failure") return read;
  const project = await findProject(env, params.projectId);
  if (project.kind !== "answered") return project;
  return await readSpans(env, project.value.homeRegion, read.request);
};

/** Each field is a grouping of the spans that meet the conditions on the others: so one sees what else could be chosen. */
export const listFacets: Handler<"listFacets"> = async (env, { params: { projectId }, query }) => {
  const range = readRange(query, Date.now());
  if (range.kind === "failure") return range;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { homeRegion } = project.value;
  const facets: Facet[] = [];
  const counted = await Promise.all(
    query.fields.map(async (field) => {
      const request: CourseRequest = {
        projectId,
        metrics: ["spans"],
        groupBy: [field],
        groupLimit: query.limit,
        filter: (query.filter ?? []).filter((condition) => condition.field.name !== field.name),
        range: { fromMs: range.fromMs, toMs: range.toMs, startsAtS: [] },
        previous: null,
        readFrom: "rollups-and-spans",
      };
      const ask = async () => await queryMetrics(env, homeRegion, request);
      return { field, groups: await cachedAnswer(env, homeRegion, ["metrics", request], metricsAnswerSchema.shape.groups, ask) };
    }),
  );
  for (const { field, groups } of counted) {
    if (groups.kind === "unavailable") return groups;
    const countOf = ({ totals }: (typeof groups.value)[number]) => Number(totals.spans ?? 0);
    facets.push({
      field: field.name,
      values: groups.value.flatMap((group) => (group.key === null ? [] : [{ value: group.key[0] ?? "", spans: countOf(group) }])),
      otherSpans: groups.value.filter(({ key }) => key === null).reduce((spans, group) => spans + countOf(group), 0),
    });
  }
  return { kind: "answered", value: { facets } };
};

export const listMetadataKeys: Handler<"listMetadataKeys"> = async (env, { params: { projectId }, query }) => {
  const range = readRange(query, Date.now());
  if (range.kind === "failure") return range;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const keys = await readMetadataKeys(env, project.value.homeRegion, { projectId, fromMs: range.fromMs, toMs: range.toMs });
  return keys.kind === "unavailable" ? keys : { kind: "answered", value: { keys: keys.value } };
};
