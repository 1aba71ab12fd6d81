import * as z from "zod";
import { organizationIdSchema } from "../id.ts";
import { nameSchema } from "../name.ts";
import type { Endpoint } from "./endpoint.ts";
import { nextCursorSchema, pageQuerySchema } from "./page.ts";

export const organizationSchema = z
  .strictObject({ organizationId: organizationIdSchema, name: z.string(), createdAtMs: z.number() })
  .meta({ id: "Organization", description: "Owns projects, and the provider credentials and prices that they share." });
export type Organization = z.infer<typeof organizationSchema>;

const params = z.strictObject({ organizationId: organizationIdSchema });

export const createOrganization = {
  method: "POST",
  path: "/api/organizations",
  summary: "Make an organization",
  group: "organizations",
  scope: "admin",
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: z.strictObject({ name: nameSchema }).meta({ examples: [{ name: "Acme" }] }),
  output: organizationSchema,
  creates: true,
} as const satisfies Endpoint;

export const listOrganizations = {
  method: "GET",
  path: "/api/organizations",
  summary: "Organizations, newest first",
  group: "organizations",
  scope: "admin",
  params: z.strictObject({}),
  query: pageQuerySchema,
  body: null,
  output: z.strictObject({ organizations: z.array(organizationSchema), nextCursor: nextCursorSchema }),
} as const satisfies Endpoint;

export const getOrganization = {
  method: "GET",
  path: "/api/organizations/{organizationId}",
  summary: "An organization",
  group: "organizations",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: null,
  output: organizationSchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const updateOrganization = {
  method: "PATCH",
  path: "/api/organizations/{organizationId}",
  summary: "Give an organization another name",
  group: "organizations",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: z.strictObject({ name: nameSchema }).meta({ examples: [{ name: "Acme Ltd" }] }),
  output: organizationSchema,
  hasVersion: true,
} as const satisfies Endpoint;
