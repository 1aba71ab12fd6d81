import * as z from "zod";
import { keyIdSchema, projectIdSchema } from "../id.ts";
import { nameSchema } from "../name.ts";
import { scopeSchema, type Endpoint } from "./endpoint.ts";
import { nextCursorSchema, pageQuerySchema } from "./page.ts";

/** What a project's key may be allowed to do. */
export const projectScopeSchema = scopeSchema.exclude(["admin"]);
export type ProjectScope = z.infer<typeof projectScopeSchema>;

/** The text of an API key: `ef_api_<keyId>_<secret>`, the secret being 32 random bytes in base64url. */
export const apiKeyPattern = /^ef_api_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

const scopesSchema = z
  .array(projectScopeSchema)
  .min(1)
  .max(projectScopeSchema.options.length)
  .refine((scopes) => new Set(scopes).size === scopes.length, { error: "must name each scope once" })
  .meta({ description: "What it may do: `read`, `write`, or both. One does not hold the other." });

export const apiKeySchema = z
  .strictObject({
    keyId: keyIdSchema,
    name: z.string(),
    scopes: z.array(projectScopeSchema),
    createdAtMs: z.number(),
    revokedAtMs: z.number().nullable(),
  })
  .meta({ id: "ApiKey", description: "A key of this API that reaches one project." });
export type ApiKey = z.infer<typeof apiKeySchema>;

const params = z.strictObject({ projectId: projectIdSchema });

export const createApiKey = {
  method: "POST",
  path: "/api/projects/{projectId}/api-keys",
  summary: "Make a key of this API for one project; its text is shown this once",
  group: "keys",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: z.strictObject({ name: nameSchema, scopes: scopesSchema }).meta({ examples: [{ name: "nightly report", scopes: ["read"] }] }),
  output: apiKeySchema.extend({ key: z.string().meta({ description: "The key's text, `ef_api_…`; it is stored nowhere." }) }),
  creates: true,
} as const satisfies Endpoint;

export const listApiKeys = {
  method: "GET",
  path: "/api/projects/{projectId}/api-keys",
  summary: "API keys of a project, newest first",
  group: "keys",
  scope: "admin",
  params,
  query: pageQuerySchema,
  body: null,
  output: z.strictObject({ apiKeys: z.array(apiKeySchema), nextCursor: nextCursorSchema }),
} as const satisfies Endpoint;

export const revokeApiKey = {
  method: "DELETE",
  path: "/api/projects/{projectId}/api-keys/{keyId}",
  summary: "Revoke an API key; it is refused within 5 seconds",
  group: "keys",
  scope: "admin",
  params: params.extend({ keyId: keyIdSchema }),
  query: z.strictObject({}),
  body: null,
  output: apiKeySchema,
} as const satisfies Endpoint;
