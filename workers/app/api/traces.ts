import { getTrace as readTrace } from "#adapters/clickhouse/get-trace.ts";
import { listTraces as readTraces } from "#adapters/clickhouse/list-traces.ts";
import { spanCursor } from "#adapters/clickhouse/page-cursor.ts";
import { readPayload } from "#adapters/r2/payloads.ts";
import { attempt } from "#adapters/unavailable.ts";
import { failure } from "#core/contracts/error.ts";
import { findProject } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readPageRequest, wrongCursor } from "./page.ts";

export const listTraces: Handler<"listTraces"> = async (env, { params, query }) => {
  const read = readPageRequest(params.projectId, query, Date.now());
  if (read.kind === "failure") return read;
  const project = await findProject(env, params.projectId);
  if (project.kind !== "answered") return project;
  return await readTraces(env, project.value.homeRegion, read.request);
};

export const getTrace: Handler<"getTrace"> = async (env, { params: { projectId, traceId }, query }) => {
  const cursor = query.cursor === undefined ? null : spanCursor.parse(query.cursor);
  if (query.cursor !== undefined && cursor === null) return wrongCursor;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const read = await readTrace(env, project.value.homeRegion, { projectId, traceId, limit: query.limit, cursor });
  if (read.kind === "unavailable") return read;
  if (read.value.spans.length === 0 && cursor === null) return failure("not_found", "There is no such trace.", "traceId");
  return { kind: "answered", value: { traceId, ...read.value } };
};

export const getPayload: Handler<"getPayload"> = async (env, { params: { projectId, sha256 } }) => {
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const read = await attempt("r2", async () => await readPayload(env, project.value.homeRegion, projectId, sha256));
  if (read.kind === "unavailable") return read;
  if (read.value === null) return failure("not_found", "There is no such payload.", "sha256");
  return { kind: "answered", value: { sha256, ...read.value } };
};
