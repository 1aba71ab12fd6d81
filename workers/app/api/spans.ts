import { listMetadataKeys as readMetadataKeys } from "#adapters/clickhouse/list-metadata-keys.ts";
import { listSpans as readSpans } from "#adapters/clickhouse/list-spans.ts";
import { queryMetrics } from "#adapters/clickhouse/query-metrics.ts";
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
  const facets = await Promise.all(
    query.fields.map(async (field) => {
      const groups = await queryMetrics(env, homeRegion, {
        projectId,
        metrics: ["spans"],
        groupBy: [field],
        groupLimit: query.limit,
        filter: (query.filter ?? []).filter((condition) => condition.field.name !== field.name),
        range: { fromMs: range.fromMs, toMs: range.toMs, startsAtS: [] },
        previous: null,
        readFrom: "rollups-and-spans",
      });
      if (groups.kind === "unavailable") return groups;
      const counts = groups.value.map(({ key, totals }) => ({ value: key?.[0] ?? null, spans: Number(totals.spans ?? 0) }));
      return {
        field: field.name,
        values: counts.flatMap(({ value, spans }) => (value === null ? [] : [{ value, spans }])),
        otherSpans: counts.find(({ value }) => value === null)?.spans ?? 0,
      };
    }),
  );
  const failed = facets.find((facet) => "kind" in facet);
  if (failed !== undefined) return failed;
  return { kind: "answered", value: { facets: facets.flatMap((facet) => ("kind" in facet ? [] : [facet])) } };
};

export const listMetadataKeys: Handler<"listMetadataKeys"> = async (env, { params: { projectId }, query }) => {
  const range = readRange(query, Date.now());
  if (range.kind === "failure") return range;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const keys = await readMetadataKeys(env, project.value.homeRegion, { projectId, fromMs: range.fromMs, toMs: range.toMs });
  return keys.kind === "unavailable" ? keys : { kind: "answered", value: { keys: keys.value } };
};
