import { connect } from "#adapters/postgres/database.ts";
import { insertOrganization, readOrganization, readOrganizations, renameOrganization } from "#adapters/postgres/organizations.ts";
import { attempt } from "#adapters/unavailable.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { organizationIdSchema } from "#core/contracts/id.ts";
import { change } from "./change.ts";
import { noOrganization } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readSettingsPage } from "./settings-page.ts";

export const createOrganization: Handler<"createOrganization"> = async (env, { body: { name } }, { remember }) => {
  const createdAtMs = Date.now();
  const value = { organizationId: organizationIdSchema.parse(uuidV7(createdAtMs)), name, createdAtMs };
  return await attempt("postgres", async () => {
    await connect(env).batch([insertOrganization(connect(env), value), ...(await remember(value))]);
    return value;
  });
};

export const listOrganizations: Handler<"listOrganizations"> = async (env, { query }) => {
  const page = readSettingsPage(query);
  if (page.kind === "failure") return page;
  return await attempt("postgres", async () => {
    const { rows, nextCursor } = await readOrganizations(connect(env), page);
    return { organizations: [...rows], nextCursor };
  });
};

export const getOrganization: Handler<"getOrganization"> = async (env, { params: { organizationId } }) => {
  const read = await attempt("postgres", async () => await readOrganization(connect(env), organizationId));
  if (read.kind === "unavailable") return read;
  return read.value === null ? noOrganization : { kind: "answered", value: read.value.value };
};

export const updateOrganization: Handler<"updateOrganization"> = async (env, { params: { organizationId }, body: { name } }, { ifMatch }) =>
  await change(ifMatch, {
    read: async () => await readOrganization(connect(env), organizationId),
    write: async (version) => await renameOrganization(connect(env), organizationId, name, version),
    missing: noOrganization,
  });
