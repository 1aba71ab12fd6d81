import { getSession, getUser, listSessions, listUsers } from "./actors.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "./api-keys.ts";
import { getBudgetLedger } from "./budget-ledger.ts";
import { createBudget, deleteBudget, getBudget, getBudgetState, listBudgets, putBudget } from "./budgets.ts";
import { callWithKey } from "./calls.ts";
import { discardDeadLetter, getDeadLetter, listDeadLetters, replayDeadLetter } from "./dead-letters.ts";
import type { Handlers } from "./handler.ts";
import { getDependencies, getIngestion } from "./ingestion.ts";
import { createKey, getKey, listKeys, revokeKey, rotateKey, updateKey } from "./keys.ts";
import { listLimitEvents } from "./limit-events.ts";
import { getMetrics } from "./metrics.ts";
import { createOrganization, getOrganization, listOrganizations, updateOrganization } from "./organizations.ts";
import { createProject, getPolicy, getProject, listProjects, putPolicy, updateProject } from "./projects.ts";
import {
  deleteCredential,
  deletePriceOverride,
  listCredentials,
  listPriceOverrides,
  putCredential,
  putPriceOverride,
} from "./providers.ts";
import { createRateLimit, deleteRateLimit, getRateLimit, listRateLimits, putRateLimit } from "./rate-limits.ts";
import { abandonReplay, advanceReplay, beginReplay, countRawObjects, getReplay } from "./replay.ts";
import { listScores } from "./scores.ts";
import { listFacets, listMetadataKeys, listSpans } from "./spans.ts";
import { getPayload, getTrace, listTraces } from "./traces.ts";

/** A handler for every endpoint; one that is missing does not compile. */
export const handlers = {
  listTraces,
  getTrace,
  listScores,
  getPayload,
  listSpans,
  listFacets,
  listMetadataKeys,
  getMetrics,
  listSessions,
  getSession,
  listUsers,
  getUser,
  createOrganization,
  listOrganizations,
  getOrganization,
  updateOrganization,
  createProject,
  listProjects,
  getProject,
  updateProject,
  getPolicy,
  putPolicy,
  createKey,
  listKeys,
  getKey,
  updateKey,
  callWithKey,
  rotateKey,
  revokeKey,
  createApiKey,
  listApiKeys,
  revokeApiKey,
  createBudget,
  listBudgets,
  getBudget,
  getBudgetState,
  getBudgetLedger,
  putBudget,
  deleteBudget,
  listLimitEvents,
  createRateLimit,
  listRateLimits,
  getRateLimit,
  putRateLimit,
  deleteRateLimit,
  putCredential,
  listCredentials,
  deleteCredential,
  putPriceOverride,
  listPriceOverrides,
  deletePriceOverride,
  getIngestion,
  getDependencies,
  listDeadLetters,
  getDeadLetter,
  replayDeadLetter,
  discardDeadLetter,
  countRawObjects,
  beginReplay,
  getReplay,
  advanceReplay,
  abandonReplay,
} as const satisfies Handlers;
