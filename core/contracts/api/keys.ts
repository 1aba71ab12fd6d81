import * as z from "zod";
import { keyIdSchema, projectIdSchema } from "../id.ts";
import { nameSchema, storableTextSchema } from "../name.ts";
import type { Endpoint } from "./endpoint.ts";
import { nextCursorSchema, pageQuerySchema } from "./page.ts";

/** `durable`: the last byte of an answer is released only when its record is safe. */
export const recordModeSchema = z
  .enum(["normal", "durable"])
  .meta({ description: "`durable`: the last byte of an answer is released only when its record is safe." });
export type RecordMode = z.infer<typeof recordModeSchema>;

/** What becomes of a call whose client goes away: `drain` reads on for at most 25 s, so that its whole cost is known. */
export const onDisconnectSchema = z.enum(["cancel", "drain"]).meta({
  description: "What becomes of a call whose client goes away: `drain` reads on for at most 25 s, so that its whole cost is known.",
});
export type OnDisconnect = z.infer<typeof onDisconnectSchema>;

/**
 * Models as in a call's `model`, tried in this order in place of the call's own; the header `x-evalforge-route` goes
 * before it. Empty: each call's own model.
 */
export const routeSchema = z
  .array(storableTextSchema.min(1).max(512))
  .max(8)
  .meta({ description: "Models that are tried in this order in place of a call's own; empty: the call's own." });

export const teamSchema = storableTextSchema
  .min(1)
  .max(200)
  .nullable()
  .meta({ description: "Whose calls these are, for limits of a team; `null`: no team's." });

/** What holds for every call of a key. */
export const keyPolicySchema = z.strictObject({
  record: recordModeSchema.default("normal"),
  route: routeSchema.default([]),
  onDisconnect: onDisconnectSchema.default("cancel"),
  team: teamSchema.default(null),
});
export type KeyPolicy = z.infer<typeof keyPolicySchema>;

export const virtualKeySchema = z
  .strictObject({
    keyId: keyIdSchema,
    name: z.string(),
    record: recordModeSchema,
    route: z.array(z.string()),
    onDisconnect: onDisconnectSchema,
    team: z.string().nullable(),
    createdAtMs: z.number(),
    revokedAtMs: z.number().nullable(),
  })
  .meta({ id: "VirtualKey", description: "What applications call the gateway and send events with." });
export type VirtualKey = z.infer<typeof virtualKeySchema>;

const withText = virtualKeySchema.extend({ key: z.string().meta({ description: "The key's text, `ef_…`; it is stored nowhere." }) });

const params = z.strictObject({ projectId: projectIdSchema });
const keyParams = params.extend({ keyId: keyIdSchema });

export const createKey = {
  method: "POST",
  path: "/api/projects/{projectId}/keys",
  summary: "Make a virtual key; its text is shown this once",
  group: "keys",
  scope: "write",
  params,
  query: z.strictObject({}),
  body: keyPolicySchema.extend({ name: nameSchema }).meta({ examples: [{ name: "app" }] }),
  output: withText,
  creates: true,
} as const satisfies Endpoint;

export const listKeys = {
  method: "GET",
  path: "/api/projects/{projectId}/keys",
  summary: "Virtual keys of a project, newest first",
  group: "keys",
  scope: "read",
  params,
  query: pageQuerySchema,
  body: null,
  output: z.strictObject({ keys: z.array(virtualKeySchema), nextCursor: nextCursorSchema }),
} as const satisfies Endpoint;

export const getKey = {
  method: "GET",
  path: "/api/projects/{projectId}/keys/{keyId}",
  summary: "A virtual key, without its text",
  group: "keys",
  scope: "read",
  params: keyParams,
  query: z.strictObject({}),
  body: null,
  output: virtualKeySchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const updateKey = {
  method: "PATCH",
  path: "/api/projects/{projectId}/keys/{keyId}",
  summary: "Change a virtual key's name or policy; what is left out stays. Every region knows it within 5 seconds",
  group: "keys",
  scope: "write",
  params: keyParams,
  query: z.strictObject({}),
  body: z
    .strictObject({ name: nameSchema, record: recordModeSchema, route: routeSchema, onDisconnect: onDisconnectSchema, team: teamSchema })
    .partial()
    .refine((changes) => Object.keys(changes).length > 0, { error: "must change something" })
    .meta({ examples: [{ record: "durable", route: ["openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5"] }] }),
  output: virtualKeySchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const rotateKey = {
  method: "POST",
  path: "/api/projects/{projectId}/keys/{keyId}/rotate",
  summary: "Give a virtual key a new text, shown this once; every region refuses the old one within 5 seconds",
  group: "keys",
  scope: "write",
  params: keyParams,
  query: z.strictObject({}),
  body: null,
  output: withText,
  creates: true,
} as const satisfies Endpoint;

export const revokeKey = {
  method: "DELETE",
  path: "/api/projects/{projectId}/keys/{keyId}",
  summary: "Revoke a virtual key; every region refuses it within 5 seconds",
  group: "keys",
  scope: "write",
  params: keyParams,
  query: z.strictObject({}),
  body: null,
  output: virtualKeySchema,
} as const satisfies Endpoint;

export const callWithKey = {
  method: "POST",
  path: "/api/projects/{projectId}/keys/{keyId}/calls",
  summary:
    "A chat completion as an application with this key would make it, by the gateway of the project's region: recorded, limited and billed alike. Takes and answers what `/v1/chat/completions` does, also as a stream",
  group: "keys",
  scope: "write",
  params: keyParams,
  query: z.strictObject({}),
  body: z
    .looseObject({ model: z.string().meta({ description: "`provider/model`; well-known names need no provider." }) })
    .meta({ examples: [{ model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Say hello." }] }] }),
  output: z.looseObject({}).meta({ description: "OpenAI's chat completion; with `stream`, its events." }),
  bodyBytesMax: 4 * 1024 * 1024,
} as const satisfies Endpoint;
