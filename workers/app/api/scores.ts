import { listScores as readScores } from "#adapters/clickhouse/list-scores.ts";
import { scoreCursor } from "#adapters/clickhouse/page-cursor.ts";
import { failure } from "#core/contracts/error.ts";
import { findProject } from "./find.ts";
import type { Handler } from "./handler.ts";

export const listScores: Handler<"listScores"> = async (env, { params: { projectId, traceId }, query }) => {
  const cursor = query.cursor === undefined ? null : scoreCursor.parse(query.cursor);
  if (query.cursor !== undefined && cursor === null) {
    return failure("invalid_field", "`cursor` must be the `nextCursor` of an earlier page.", "cursor");
  }
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  return await readScores(env, project.value.homeRegion, { projectId, traceId, limit: query.limit, cursor });
};
