import * as z from "zod";
import { filterParameterSchema } from "../../analytics/filter.ts";
import { projectIdSchema } from "../id.ts";
import type { Endpoint } from "./endpoint.ts";
import { nanoUsdText, orderQuery, pageQuery, rangeQuery } from "./range.ts";
import { traceSummarySchema } from "./traces.ts";

/** What the spans of a session or of a user come to, in the range that was asked for. */
const actorTotals = {
  firstStartedAtMs: z.number().meta({ description: "When the first of the spans began; epoch milliseconds." }),
  lastStartedAtMs: z.number().meta({ description: "When the last of them began." }),
  traces: z.number(),
  spans: z.number(),
  requests: z.number().meta({ description: "Calls of models." }),
  errors: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costNanoUsd: nanoUsdText,
  costIncomplete: z.boolean().meta({ description: "Some span has usage but no known price, so that the cost is less than the whole." }),
};

export const sessionSchema = z.strictObject({
  sessionId: z.string(),
  ...actorTotals,
  userIds: z.array(z.string()).meta({ description: "Users of the session: the first ten by name." }),
});
export type Session = z.infer<typeof sessionSchema>;

export const userSchema = z.strictObject({ userId: z.string(), ...actorTotals, sessions: z.number() });
export type User = z.infer<typeof userSchema>;

const listQuery = z.strictObject({
  filter: filterParameterSchema.optional().meta({ description: "Only spans that meet it are counted." }),
  sort: z.enum(["lastStartedAt", "requests", "costNanoUsd", "totalTokens"]).default("lastStartedAt"),
  ...orderQuery,
  ...rangeQuery,
  ...pageQuery,
});
/** Without a range: all that is stored. */
const oneQuery = z.strictObject({ ...rangeQuery, ...pageQuery });
const params = z.strictObject({ projectId: projectIdSchema });
const idSchema = z.string().min(1).max(1_000);

export const listSessions = {
  method: "GET",
  path: "/api/projects/{projectId}/sessions",
  summary: "Sessions with spans in the range, the latest first or by requests, cost or tokens",
  group: "traces",
  scope: "read",
  params,
  query: listQuery,
  body: null,
  output: z.strictObject({ sessions: z.array(sessionSchema), nextCursor: z.string().nullable() }),
} as const satisfies Endpoint;

export const getSession = {
  method: "GET",
  path: "/api/projects/{projectId}/sessions/{sessionId}",
  summary: "A session: its totals, and its traces in the order in which they began",
  group: "traces",
  scope: "read",
  params: params.extend({ sessionId: idSchema }),
  query: oneQuery,
  body: null,
  output: z.strictObject({ session: sessionSchema, traces: z.array(traceSummarySchema), nextCursor: z.string().nullable() }),
} as const satisfies Endpoint;

export const listUsers = {
  method: "GET",
  path: "/api/projects/{projectId}/users",
  summary: "Users with spans in the range, the latest first or by requests, cost or tokens",
  group: "traces",
  scope: "read",
  params,
  query: listQuery,
  body: null,
  output: z.strictObject({ users: z.array(userSchema), nextCursor: z.string().nullable() }),
} as const satisfies Endpoint;

export const getUser = {
  method: "GET",
  path: "/api/projects/{projectId}/users/{userId}",
  summary: "A user: totals, and the traces, newest first",
  group: "traces",
  scope: "read",
  params: params.extend({ userId: idSchema }),
  query: oneQuery,
  body: null,
  output: z.strictObject({ user: userSchema, traces: z.array(traceSummarySchema), nextCursor: z.string().nullable() }),
} as const satisfies Endpoint;
