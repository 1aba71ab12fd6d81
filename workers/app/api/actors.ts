import { findSession, findUser, listSessions as readSessions, listUsers as readUsers } from "#adapters/clickhouse/list-actors.ts";
import { listTraces } from "#adapters/clickhouse/list-traces.ts";
import { cachedAnswer } from "#adapters/redis/query-cache.ts";
import { filterSchema } from "#core/analytics/filter.ts";
import { traceReachMs } from "#core/analytics/page-query.ts";
import { listSessions as listSessionsContract, listUsers as listUsersContract } from "#core/contracts/api/actors.ts";
import { failure } from "#core/contracts/error.ts";
import { findProject } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readPageRequest } from "./page.ts";

/** Events may have begun so long ago, so this is all that is stored. */
const allMs = 400 * 86_400_000;

export const listSessions: Handler<"listSessions"> = async (env, { params: { projectId }, query }) => {
  const read = readPageRequest(projectId, query, Date.now());
  if (read.kind === "failure") return read;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { homeRegion } = project.value;
  return await cachedAnswer(env, homeRegion, ["sessions", read.request], listSessionsContract.output, async () => {
    const page = await readSessions(env, homeRegion, read.request);
    if (page.kind === "unavailable") return page;
    return { kind: "answered", value: { sessions: page.value.rows, nextCursor: page.value.nextCursor } };
  });
};

export const listUsers: Handler<"listUsers"> = async (env, { params: { projectId }, query }) => {
  const read = readPageRequest(projectId, query, Date.now());
  if (read.kind === "failure") return read;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { homeRegion } = project.value;
  return await cachedAnswer(env, homeRegion, ["users", read.request], listUsersContract.output, async () => {
    const page = await readUsers(env, homeRegion, read.request);
    if (page.kind === "unavailable") return page;
    return { kind: "answered", value: { users: page.value.rows, nextCursor: page.value.nextCursor } };
  });
};

export const getSession: Handler<"getSession"> = async (env, { params: { projectId, sessionId }, query }) => {
  const nowMs = Date.now();
  const filter = filterSchema.parse([{ field: "sessionId", operator: "eq", value: sessionId }]);
  const asked = { fromMs: nowMs - allMs, ...query, filter, sort: "startedAt", order: "ascending" } as const;
  const read = readPageRequest(projectId, asked, nowMs);
  if (read.kind === "failure") return read;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { homeRegion } = project.value;
  const session = await findSession(env, homeRegion, { projectId, range: read.request.range, id: sessionId });
  if (session.kind === "unavailable") return session;
  if (session.value === null) return failure("not_found", "There is no such session.", "sessionId");
  // Only where the session is: what is looked through may be a year otherwise. A trace may have begun without it.
  const { firstStartedAtMs, lastStartedAtMs } = session.value;
  const { range } = read.request;
  const near = { fromMs: Math.max(range.fromMs, firstStartedAtMs - traceReachMs), toMs: Math.min(range.toMs, lastStartedAtMs + 1) };
  const page = await listTraces(env, homeRegion, { ...read.request, range: near });
  return page.kind === "unavailable" ? page : { kind: "answered", value: { session: session.value, ...page.value } };
};

export const getUser: Handler<"getUser"> = async (env, { params: { projectId, userId }, query }) => {
  const nowMs = Date.now();
  const filter = filterSchema.parse([{ field: "userId", operator: "eq", value: userId }]);
  const asked = { fromMs: nowMs - allMs, ...query, filter, sort: "startedAt", order: "descending" } as const;
  const read = readPageRequest(projectId, asked, nowMs);
  if (read.kind === "failure") return read;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { homeRegion } = project.value;
  const user = await findUser(env, homeRegion, { projectId, range: read.request.range, id: userId });
  if (user.kind === "unavailable") return user;
  if (user.value === null) return failure("not_found", "There is no such user.", "userId");
  const page = await listTraces(env, homeRegion, read.request);
  return page.kind === "unavailable" ? page : { kind: "answered", value: { user: user.value, ...page.value } };
};
