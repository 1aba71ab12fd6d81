import type { StoredLimit } from "#adapters/postgres/limits.ts";
import { failure } from "#core/contracts/error.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { rateLimitSettingSchema } from "#core/contracts/limits.ts";
import type { Handler } from "./handler.ts";
import { createLimit, deleteLimit, getLimit, listLimits, putLimit } from "./limits.ts";

function shelfOf(organizationId: OrganizationId) {
  return { organizationId, kind: "rate" } as const;
}

function toAnswer({ setting, ...stored }: StoredLimit) {
  return { ...stored, ...rateLimitSettingSchema.parse(setting) };
}

function faceOf(organizationId: OrganizationId) {
  return { shelf: shelfOf(organizationId), toAnswer };
}

export const createRateLimit: Handler<"createRateLimit"> = async (env, { params, body }, request) =>
  await createLimit(env, faceOf(params.organizationId), body, request);

export const listRateLimits: Handler<"listRateLimits"> = async (env, { params, query }) => {
  const listed = await listLimits(env, faceOf(params.organizationId), query);
  if (listed.kind !== "answered") return listed;
  return { kind: "answered", value: { rateLimits: listed.value.rows, nextCursor: listed.value.nextCursor } };
};

export const getRateLimit: Handler<"getRateLimit"> = async (env, { params }) =>
  await getLimit(env, faceOf(params.organizationId), params.limitId);

const otherMeasure = failure("invalid_field", "What a limit measures cannot be changed: make another one.", "measure");

/** What is used of a limit is kept in units of its measure. */
export const putRateLimit: Handler<"putRateLimit"> = async (env, { params, body }, request) => {
  const standing = await getLimit(env, faceOf(params.organizationId), params.limitId);
  if (standing.kind !== "answered") return standing;
  if (standing.value.measure !== body.measure) return otherMeasure;
  return await putLimit(env, faceOf(params.organizationId), params.limitId, body, request);
};

export const deleteRateLimit: Handler<"deleteRateLimit"> = async (env, { params }) =>
  await deleteLimit(env, shelfOf(params.organizationId), params.limitId);
