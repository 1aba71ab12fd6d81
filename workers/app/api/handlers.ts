import type { Handlers } from "./handler.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import { deleteCredential, putCredential, putPriceOverride } from "./providers.ts";
import { listScores } from "./scores.ts";
import { getPayload, getTrace, listTraces } from "./traces.ts";

/** A handler for every endpoint; one that is missing does not compile. */
export const handlers = {
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
} as const satisfies Handlers;
