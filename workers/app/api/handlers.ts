import { getSession, getUser, listSessions, listUsers } from "./actors.ts";
import type { Handlers } from "./handler.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import { getMetrics } from "./metrics.ts";
import { deleteCredential, putCredential, putPriceOverride } from "./providers.ts";
import { listFacets, listMetadataKeys, listSpans } from "./spans.ts";
import { getPayload, getTrace, listTraces } from "./traces.ts";

/** A handler for every endpoint; one that is missing does not compile. */
export const handlers = {
  listTraces,
  getTrace,
  getPayload,
  listSpans,
  listFacets,
  listMetadataKeys,
  getMetrics,
  listSessions,
  getSession,
  listUsers,
  getUser,
  createKey,
  listKeys,
  revokeKey,
  putCredential,
  deleteCredential,
  putPriceOverride,
} as const satisfies Handlers;
