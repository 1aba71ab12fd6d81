import { listFacets as readFacets } from "#adapters/clickhouse/list-facets.ts";
import { listMetadataKeys as readMetadataKeys } from "#adapters/clickhouse/list-metadata-keys.ts";
import { listSpans as readSpans } from "#adapters/clickhouse/list-spans.ts";
import { cachedAnswer } from "#adapters/redis/query-cache.ts";
import { listFacets as endpoint } from "#core/contracts/api/spans.ts";
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

export const listFacets: Handler<"listFacets"> = async (env, { params: { projectId }, query }) => {
  const range = readRange(query, Date.now());
  if (range.kind === "failure") return range;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { homeRegion } = project.value;
  const { fields, filter = [], limit } = query;
  const request = { projectId, fields, filter, range: { fromMs: range.fromMs, toMs: range.toMs }, limit };
  const ask = async () => await readFacets(env, homeRegion, request);
  const facets = await cachedAnswer(env, homeRegion, ["facets", request], endpoint.output.shape.facets, ask);
  return facets.kind === "unavailable" ? facets : { kind: "answered", value: { facets: facets.value } };
};

export const listMetadataKeys: Handler<"listMetadataKeys"> = async (env, { params: { projectId }, query }) => {
  const range = readRange(query, Date.now());
  if (range.kind === "failure") return range;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const keys = await readMetadataKeys(env, project.value.homeRegion, { projectId, fromMs: range.fromMs, toMs: range.toMs });
  return keys.kind === "unavailable" ? keys : { kind: "answered", value: { keys: keys.value } };
};
