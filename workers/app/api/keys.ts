import { connect } from "#adapters/postgres/database.ts";
import { insertKey } from "#adapters/postgres/insert-key.ts";
import { readKeySnapshot } from "#adapters/postgres/key-snapshots.ts";
import { readKey, readKeys, replaceSecret, revokeVirtualKey, updateVirtualKey } from "#adapters/postgres/keys.ts";
import { attempt } from "#adapters/unavailable.ts";
import { makeVirtualKey } from "#adapters/virtual-key.ts";
import { failure } from "#core/contracts/error.ts";
import type { KeyId } from "#core/contracts/id.ts";
import type { AppEnvironment } from "../environment.ts";
import { change } from "./change.ts";
import { findProject } from "./find.ts";
import type { Handled, Handler } from "./handler.ts";
import { readSettingsPage } from "./settings-page.ts";
import { publishSnapshots } from "./publish-snapshots.ts";

const noKey = failure("not_found", "There is no such key in this project.", "keyId");
const revokedKey = failure("conflict", "This key was revoked, which is for good.", "keyId");

export const createKey: Handler<"createKey"> = async (env, { params: { projectId }, body: { name, ...policy } }, { remember }) => {
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { keyId, key, secretHash } = await makeVirtualKey();
  const made = { keyId, name, ...policy, createdAtMs: Date.now() };
  const value = { ...made, revokedAtMs: null, key };
  return await attempt("postgres", async () => {
    await connect(env).batch([insertKey(connect(env), projectId, made, secretHash), ...(await remember(value))]);
    return value;
  });
};

export const listKeys: Handler<"listKeys"> = async (env, { params: { projectId }, query }) => {
  const page = readSettingsPage(query);
  if (page.kind === "failure") return page;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  return await attempt("postgres", async () => {
    const { rows, nextCursor } = await readKeys(connect(env), projectId, page);
    return { keys: [...rows], nextCursor };
  });
};

export const getKey: Handler<"getKey"> = async (env, { params: { projectId, keyId } }) => {
  const read = await attempt("postgres", async () => await readKey(connect(env), projectId, keyId));
  if (read.kind === "unavailable") return read;
  return read.value === null ? noKey : { kind: "answered", value: read.value.value };
};

export const updateKey: Handler<"updateKey"> = async (env, { params: { projectId, keyId }, body: changes }, { ifMatch }) => {
  const changed = await change(ifMatch, {
    read: async () => await readKey(connect(env), projectId, keyId),
    write: async (version) => await updateVirtualKey(connect(env), projectId, keyId, { changes, version }),
    missing: noKey,
  });
  if (changed.kind === "answered") return await published(env, keyId, changed);
  const standing =
    changed.kind === "failure" ? await attempt("postgres", async () => await readKey(connect(env), projectId, keyId)) : changed;
  return standing.kind === "answered" && standing.value !== null && standing.value.value.revokedAtMs !== null ? revokedKey : changed;
};

export const rotateKey: Handler<"rotateKey"> = async (env, { params: { projectId, keyId } }, { remember }) => {
  const rotated = await attempt("postgres", async () => {
    const standing = await readKey(connect(env), projectId, keyId);
    if (standing === null) return noKey;
    if (standing.value.revokedAtMs !== null) return revokedKey;
    const { key, secretHash } = await makeVirtualKey(keyId);
    const value = { ...standing.value, key };
    const [rows] = await connect(env).batch([replaceSecret(connect(env), projectId, keyId, secretHash), ...(await remember(value))]);
    return rows.length === 0 ? revokedKey : { kind: "answered" as const, value };
  });
  if (rotated.kind === "unavailable" || rotated.value.kind === "failure") return rotated.kind === "unavailable" ? rotated : rotated.value;
  return await published(env, keyId, rotated.value);
};

/**
 * First the truth, then a tombstone over every region's copy. A region that could not be told makes the answer a
 * 503: the key is revoked, and asking again tells the regions again.
 */
export const revokeKey: Handler<"revokeKey"> = async (env, { params: { projectId, keyId } }) => {
  const revoked = await attempt("postgres", async () => await revokeVirtualKey(connect(env), projectId, keyId));
  if (revoked.kind === "unavailable") return revoked;
  return revoked.value === null ? noKey : await published(env, keyId, { kind: "answered", value: revoked.value });
};

/** The answer, once every region has been told what now holds for a key. */
async function published<Value>(env: AppEnvironment, keyId: KeyId, answer: Handled<Value>): Promise<Handled<Value>> {
  const told = await publishSnapshots(env, async () => {
    const snapshot = await readKeySnapshot(connect(env), keyId);
    return snapshot === null ? [] : [snapshot];
  });
  return told.kind === "unavailable" ? told : answer;
}
