import * as z from "zod";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";

export const dependencyNameSchema = z.enum(["postgres", "clickhouse", "redis", "r2", "buffer"]);

export const dependencySchema = z.strictObject({
  store: dependencyNameSchema,
  region: regionSchema.nullable().meta({ description: "`null`: it is one for all regions." }),
  status: z.enum(["up", "down", "not_configured"]),
  latencyMs: z
    .number()
    .nonnegative()
    .nullable()
    .meta({ description: "Until it answered, or was given up; `null` where it is not configured." }),
  error: z
    .string()
    .nullable()
    .meta({ description: "The class of what was thrown, or the store's own code (`ECONNREFUSED`, `516`); `null` where it is not down." }),
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
