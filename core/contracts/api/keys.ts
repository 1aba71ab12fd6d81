import * as z from "zod";
import { keyIdSchema, projectIdSchema } from "../id.ts";
import type { Endpoint } from "./endpoint.ts";

/** `durable`: the last byte of an answer is released only when its record is safe. */
export const recordModeSchema = z.enum(["normal", "durable"]);
export type RecordMode = z.infer<typeof recordModeSchema>;

export const virtualKeySchema = z.strictObject({
  keyId: keyIdSchema,
  name: z.string(),
  record: recordModeSchema,
  createdAtMs: z.number(),
  revokedAtMs: z.number().nullable(),
});
export type VirtualKey = z.infer<typeof virtualKeySchema>;

const params = z.strictObject({ projectId: projectIdSchema });

export const createKey = {
  method: "POST",
  path: "/api/projects/{projectId}/keys",
  summary: "Make a virtual key; its text is shown this once",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: z.strictObject({ name: z.string().min(1).max(200), record: recordModeSchema.default("normal") }),
  output: virtualKeySchema.extend({ key: z.string() }),
} as const satisfies Endpoint;

export const listKeys = {
  method: "GET",
  path: "/api/projects/{projectId}/keys",
  summary: "Virtual keys of a project, newest first",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body: null,
  output: z.strictObject({ keys: z.array(virtualKeySchema) }),
} as const satisfies Endpoint;

export const revokeKey = {
  method: "DELETE",
  path: "/api/projects/{projectId}/keys/{keyId}",
  summary: "Revoke a virtual key; every region refuses it within 5 seconds",
  scope: "admin",
  params: params.extend({ keyId: keyIdSchema }),
  query: z.strictObject({}),
  body: null,
  output: virtualKeySchema,
} as const satisfies Endpoint;
