import { insertApiKey, readApiKeys, revokeStoredApiKey } from "#adapters/postgres/api-keys.ts";
import { connect } from "#adapters/postgres/database.ts";
import { attempt } from "#adapters/unavailable.ts";
import { makeApiKey } from "#adapters/virtual-key.ts";
import { failure } from "#core/contracts/error.ts";
import { findProject } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readSettingsPage } from "./settings-page.ts";

export const createApiKey: Handler<"createApiKey"> = async (env, { params: { projectId }, body: { name, scopes } }, { remember }) => {
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const { keyId, key, secretHash } = await makeApiKey();
  const made = { keyId, name, scopes, createdAtMs: Date.now() };
  const value = { ...made, revokedAtMs: null, key };
  return await attempt("postgres", async () => {
    await connect(env).batch([insertApiKey(connect(env), projectId, made, secretHash), ...(await remember(value))]);
    return value;
  });
};

export const listApiKeys: Handler<"listApiKeys"> = async (env, { params: { projectId }, query }) => {
  const page = readSettingsPage(query);
  if (page.kind === "failure") return page;
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  return await attempt("postgres", async () => {
    const { rows, nextCursor } = await readApiKeys(connect(env), projectId, page);
    return { apiKeys: [...rows], nextCursor };
  });
};

export const revokeApiKey: Handler<"revokeApiKey"> = async (env, { params: { projectId, keyId } }) => {
  const revoked = await attempt("postgres", async () => await revokeStoredApiKey(connect(env), projectId, keyId));
  if (revoked.kind === "unavailable") return revoked;
  return revoked.value === null
    ? failure("not_found", "There is no such key in this project.", "keyId")
    : { kind: "answered", value: revoked.value };
};
