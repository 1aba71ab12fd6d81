import { readKeys, revokeVirtualKey } from "#adapters/postgres/control-plane.ts";
import { createVirtualKey } from "#adapters/postgres/create-key.ts";
import { connect } from "#adapters/postgres/database.ts";
import { readKeySnapshot } from "#adapters/postgres/key-snapshots.ts";
import { hasCache } from "#adapters/redis/client.ts";
import { replaceCached } from "#adapters/redis/key-snapshot-cache.ts";
import { attempt } from "#adapters/unavailable.ts";
import { failure } from "#core/contracts/error.ts";
import { regionSchema } from "#core/contracts/region.ts";
import { findProject } from "./find.ts";
import type { Handler } from "./handler.ts";

export const createKey: Handler<"createKey"> = async (env, { params: { projectId }, body: { name, ...policy } }) => {
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  return await attempt("postgres", async () => await createVirtualKey(connect(env), { projectId, name, policy, nowMs: Date.now() }));
};

export const listKeys: Handler<"listKeys"> = async (env, { params: { projectId } }) => {
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  return await attempt("postgres", async () => ({ keys: await readKeys(connect(env), projectId) }));
};

/**
 * First the truth, then a tombstone over every region's copy. A region that could not be told makes the answer a
 * 503: the key is revoked, and asking again tells the regions again.
 */
export const revokeKey: Handler<"revokeKey"> = async (env, { params: { projectId, keyId } }) => {
  const database = connect(env);
  const revoked = await attempt("postgres", async () => {
    const key = await revokeVirtualKey(database, projectId, keyId);
    return key === null ? null : { key, snapshot: await readKeySnapshot(database, keyId) };
  });
  if (revoked.kind === "unavailable") return revoked;
  if (revoked.value === null) return failure("not_found", "There is no such key in this project.", "keyId");
  const { key, snapshot } = revoked.value;
  if (snapshot !== null) {
    const regions = regionSchema.options.filter((region) => hasCache(env, region));
    const written = await Promise.all(regions.map(async (region) => await replaceCached(env, region, snapshot)));
    const failed = written.find((result) => result.kind === "unavailable");
    if (failed !== undefined) return failed;
  }
  return { kind: "answered", value: key };
};
