import * as z from "zod";
import { organizationIdSchema, projectIdSchema } from "../id.ts";
import { nameSchema } from "../name.ts";
import { projectPolicySchema } from "../policy.ts";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";
import { nextCursorSchema, pageQuerySchema } from "./page.ts";

export const projectSchema = z
  .strictObject({
    projectId: projectIdSchema,
    organizationId: organizationIdSchema,
    name: z.string(),
    homeRegion: regionSchema.meta({ description: "Where everything that the project stores lies." }),
    createdAtMs: z.number(),
  })
  .meta({ id: "Project", description: "Keys, and what is recorded of their calls and events." });
export type ProjectAnswer = z.infer<typeof projectSchema>;

const params = z.strictObject({ projectId: projectIdSchema });

export const createProject = {
  method: "POST",
  path: "/api/organizations/{organizationId}/projects",
  summary: "Make a project; its home region never changes",
  group: "projects",
  scope: "admin",
  params: z.strictObject({ organizationId: organizationIdSchema }),
  query: z.strictObject({}),
  body: z
    .strictObject({
      name: nameSchema,
      homeRegion: regionSchema.meta({ description: "Where everything that the project stores will lie, for good." }),
      policy: projectPolicySchema.prefault({}),
    })
    .meta({ examples: [{ name: "Chat", homeRegion: "us-east" }] }),
  output: projectSchema,
  creates: true,
} as const satisfies Endpoint;

export const listProjects = {
  method: "GET",
  path: "/api/organizations/{organizationId}/projects",
  summary: "Projects of an organization, newest first",
  group: "projects",
  scope: "admin",
  params: z.strictObject({ organizationId: organizationIdSchema }),
  query: pageQuerySchema,
  body: null,
  output: z.strictObject({ projects: z.array(projectSchema), nextCursor: nextCursorSchema }),
} as const satisfies Endpoint;

export const getProject = {
  method: "GET",
  path: "/api/projects/{projectId}",
  summary: "A project",
  group: "projects",
  scope: "read",
  params,
  query: z.strictObject({}),
  body: null,
  output: projectSchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const updateProject = {
  method: "PATCH",
  path: "/api/projects/{projectId}",
  summary: "Give a project another name",
  group: "projects",
  scope: "write",
  params,
  query: z.strictObject({}),
  body: z.strictObject({ name: nameSchema }).meta({ examples: [{ name: "Chat, in production" }] }),
  output: projectSchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const getPolicy = {
  method: "GET",
  path: "/api/projects/{projectId}/policy",
  summary: "What holds for all calls and events of a project",
  group: "projects",
  scope: "read",
  params,
  query: z.strictObject({}),
  body: null,
  output: projectPolicySchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const putPolicy = {
  method: "PUT",
  path: "/api/projects/{projectId}/policy",
  summary: "Set what holds for all calls and events of a project; every region knows it within 5 seconds",
  group: "projects",
  scope: "write",
  params,
  query: z.strictObject({}),
  body: projectPolicySchema,
  output: projectPolicySchema,
  hasVersion: true,
} as const satisfies Endpoint;
