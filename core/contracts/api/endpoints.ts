import type * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import { deleteCredential, putCredential, putPriceOverride } from "./providers.ts";
import { listScores } from "./scores.ts";
import { getPayload, getTrace, listTraces } from "./traces.ts";

/** The control API: every endpoint once. Server, clients and documentation derive from this table. */
export const endpoints = {
  listTraces,
  getTrace,
  listScores,
  getPayload,
  createKey,
  listKeys,
  revokeKey,
  putCredential,
  deleteCredential,
  putPriceOverride,
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof endpoints;

/** What a handler of an endpoint is given, parsed. */
export interface EndpointInput<Name extends EndpointName> {
  readonly params: z.output<(typeof endpoints)[Name]["params"]>;
  readonly query: z.output<(typeof endpoints)[Name]["query"]>;
  readonly body: (typeof endpoints)[Name]["body"] extends z.ZodType ? z.output<(typeof endpoints)[Name]["body"]> : null;
}

export type EndpointOutput<Name extends EndpointName> = z.output<(typeof endpoints)[Name]["output"]>;
