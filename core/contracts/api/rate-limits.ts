import * as z from "zod";
import { organizationIdSchema } from "../id.ts";
import { limitIdSchema, rateLimitFields, rateLimitSettingSchema } from "../limits.ts";
import type { Endpoint } from "./endpoint.ts";
import { nextCursorSchema, pageQuerySchema } from "./page.ts";

export const rateLimitSchema = z
  .strictObject({
    limitId: limitIdSchema,
    ...rateLimitFields,
    version: z.int().meta({ description: "Rises with every change." }),
    createdAtMs: z.number(),
  })
  .meta({ id: "RateLimit", description: "How many requests or tokens a minute, or calls under way at once, somebody may have." });

export type RateLimitAnswer = z.infer<typeof rateLimitSchema>;

const params = z.strictObject({ organizationId: organizationIdSchema });
const rateLimitParams = params.extend({ limitId: limitIdSchema });

const body = rateLimitSettingSchema.meta({
  examples: [{ name: "Every key", subject: { kind: "key", id: null }, measure: "requests", limit: 600 }],
});

export const createRateLimit = {
  method: "POST",
  path: "/api/organizations/{organizationId}/rate-limits",
  summary: "Set a rate limit; every region knows it within 5 seconds",
  group: "limits",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body,
  output: rateLimitSchema,
  creates: true,
} as const satisfies Endpoint;

export const listRateLimits = {
  method: "GET",
  path: "/api/organizations/{organizationId}/rate-limits",
  summary: "Rate limits of an organization, newest first",
  group: "limits",
  scope: "admin",
  params,
  query: pageQuerySchema,
  body: null,
  output: z.strictObject({ rateLimits: z.array(rateLimitSchema), nextCursor: nextCursorSchema }),
} as const satisfies Endpoint;

export const getRateLimit = {
  method: "GET",
  path: "/api/organizations/{organizationId}/rate-limits/{limitId}",
  summary: "A rate limit",
  group: "limits",
  scope: "admin",
  params: rateLimitParams,
  query: z.strictObject({}),
  body: null,
  output: rateLimitSchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const putRateLimit = {
  method: "PUT",
  path: "/api/organizations/{organizationId}/rate-limits/{limitId}",
  summary: "Change a rate limit; every region keeps to it within 5 seconds",
  group: "limits",
  scope: "admin",
  params: rateLimitParams,
  query: z.strictObject({}),
  body,
  output: rateLimitSchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const deleteRateLimit = {
  method: "DELETE",
  path: "/api/organizations/{organizationId}/rate-limits/{limitId}",
  summary: "Remove a rate limit; within 5 seconds no region asks it any more",
  group: "limits",
  scope: "admin",
  params: rateLimitParams,
  query: z.strictObject({}),
  body: null,
  output: z.strictObject({ limitId: limitIdSchema }),
} as const satisfies Endpoint;
