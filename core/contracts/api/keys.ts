import * as z from "zod";
import { keyIdSchema, projectIdSchema } from "../id.ts";
import type { Endpoint } from "./endpoint.ts";

/** `durable`: the last byte of an answer is released only when its record is safe. */
export const recordModeSchema = z.enum(["normal", "durable"]);
export type RecordMode = z.infer<typeof recordModeSchema>;

/** What becomes of a call whose client goes away: `drain` reads on for at most 25 s, so that its whole cost is known. */
export const onDisconnectSchema = z.enum(["cancel", "drain"]);
export type OnDisconnect = z.infer<typeof onDisconnectSchema>;

/**
 * Models as in a call's `model`, tried in this order in place of the call's own; the header `x-evalforge-route` goes
 * before it. Empty: each call's own model.
 */
export const routeSchema = z.array(z.string().min(1).max(512)).max(8);

/** What holds for every call of a key. */
export const keyPolicySchema = z.strictObject({
  record: recordModeSchema.default("normal"),
  route: routeSchema.default([]),
  onDisconnect: onDisconnectSchema.default("cancel"),
});
export type KeyPolicy = z.infer<typeof keyPolicySchema>;

export const virtualKeySchema = z.strictObject({
  keyId: keyIdSchema,
  name: z.string(),
  record: recordModeSchema,
  route: z.array(z.string()),
  onDisconnect: onDisconnectSchema,
  createdAtMs: z.number(),
  revokedAtMs: z.number().nullable(),
});
export type VirtualKey = z.infer<typeof virtualKeySchema>;

const params = z.strictObject({ projectId: projectIdSchema });

export const createKey = {
  method: "POST",
  path: "/api/projects/{projectId}/keys",
  summary: "Make a virtual key; its text is shown this once",
  group: "keys",
  scope: "write",
  params,
  query: z.strictObject({}),
  body: keyPolicySchema.extend({ name: z.string().min(1).max(200) }),
  output: virtualKeySchema.extend({ key: z.string() }),
} as const satisfies Endpoint;

export const listKeys = {
  method: "GET",
  path: "/api/projects/{projectId}/keys",
  summary: "Virtual keys of a project, newest first",
  group: "keys",
  scope: "read",
  params,
  query: z.strictObject({}),
  body: null,
  output: z.strictObject({ keys: z.array(virtualKeySchema) }),
} as const satisfies Endpoint;

export const revokeKey = {
  method: "DELETE",
  path: "/api/projects/{projectId}/keys/{keyId}",
  summary: "Revoke a virtual key; every region refuses it within 5 seconds",
  group: "keys",
  scope: "write",
  params: params.extend({ keyId: keyIdSchema }),
  query: z.strictObject({}),
  body: null,
  output: virtualKeySchema,
} as const satisfies Endpoint;
