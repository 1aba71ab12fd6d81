import * as z from "zod";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";

export const dependencyNameSchema = z.enum(["postgres", "clickhouse", "redis", "r2", "buffer"]);

export const dependencySchema = z.strictObject({
  store: dependencyNameSchema,
  /** `null`: it is one for all regions. */
  region: regionSchema.nullable(),
  status: z.enum(["up", "down", "not_configured"]),
  /** Until it answered, or was given up; `null` where it is not configured. */
  latencyMs: z.number().nonnegative().nullable(),
  /** The class of what was thrown, or the store's own code (`ECONNREFUSED`, `516`); `null` where it is not down. */
  error: z.string().nullable(),
});
export type Dependency = z.infer<typeof dependencySchema>;

export const getDependencies = {
  method: "GET",
  path: "/api/dependencies",
  summary: "Whether every store of every region answers, and how fast",
  group: "operations",
  scope: "admin",
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: null,
  output: z.strictObject({ dependencies: z.array(dependencySchema) }),
} as const satisfies Endpoint;
