import { hasClickhouse } from "#adapters/clickhouse/client.ts";
import { connect } from "#adapters/postgres/database.ts";
import { readProjectSnapshots } from "#adapters/postgres/key-snapshots.ts";
import { insertProject, readProjects, readProjectSettings, updateProjectSettings } from "#adapters/postgres/projects.ts";
import { attempt } from "#adapters/unavailable.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { failure } from "#core/contracts/error.ts";
import { projectIdSchema } from "#core/contracts/id.ts";
import { regionSchema } from "#core/contracts/region.ts";
import { change } from "./change.ts";
import { findOrganization, noProject } from "./find.ts";
import type { Handler } from "./handler.ts";
import { readSettingsPage } from "./settings-page.ts";
import { publishSnapshots } from "./publish-snapshots.ts";

export const createProject: Handler<"createProject"> = async (env, { params: { organizationId }, body }, { remember }) => {
  const { name, homeRegion, policy } = body;
  if (!hasClickhouse(env, homeRegion)) {
    const known = regionSchema.options.filter((region) => hasClickhouse(env, region)).join("`, `");
    return failure("invalid_field", `\`homeRegion\`: nothing is stored in ${homeRegion} here. Possible: \`${known}\`.`, "homeRegion");
  }
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  const createdAtMs = Date.now();
  const value = { projectId: projectIdSchema.parse(uuidV7(createdAtMs)), organizationId, name, homeRegion, createdAtMs };
  return await attempt("postgres", async () => {
    await connect(env).batch([insertProject(connect(env), value, policy), ...(await remember(value))]);
    return value;
  });
};

export const listProjects: Handler<"listProjects"> = async (env, { params: { organizationId }, query }) => {
  const page = readSettingsPage(query);
  if (page.kind === "failure") return page;
  const organization = await findOrganization(env, organizationId);
  if (organization.kind !== "answered") return organization;
  return await attempt("postgres", async () => {
    const { rows, nextCursor } = await readProjects(connect(env), organizationId, page);
    return { projects: [...rows], nextCursor };
  });
};

export const getProject: Handler<"getProject"> = async (env, { params: { projectId } }) => {
  const read = await attempt("postgres", async () => await readProjectSettings(connect(env), projectId));
  if (read.kind === "unavailable") return read;
  return read.value === null ? noProject : { kind: "answered", value: read.value.value.project };
};

export const updateProject: Handler<"updateProject"> = async (env, { params: { projectId }, body: { name } }, { ifMatch }) =>
  await change(ifMatch, {
    read: async () => {
      const read = await readProjectSettings(connect(env), projectId);
      return read === null ? null : { value: read.value.project, version: read.version };
    },
    write: async (version) => (await updateProjectSettings(connect(env), projectId, { name }, version))?.project ?? null,
    missing: noProject,
  });

export const getPolicy: Handler<"getPolicy"> = async (env, { params: { projectId } }) => {
  const read = await attempt("postgres", async () => await readProjectSettings(connect(env), projectId));
  if (read.kind === "unavailable") return read;
  return read.value === null ? noProject : { kind: "answered", value: read.value.value.policy };
};

export const putPolicy: Handler<"putPolicy"> = async (env, { params: { projectId }, body: policy }, { ifMatch }) => {
  const changed = await change(ifMatch, {
    read: async () => {
      const read = await readProjectSettings(connect(env), projectId);
      return read === null ? null : { value: read.value.policy, version: read.version };
    },
    write: async (version) => (await updateProjectSettings(connect(env), projectId, { policy }, version))?.policy ?? null,
    missing: noProject,
  });
  if (changed.kind !== "answered") return changed;
  const published = await publishSnapshots(env, async () => await readProjectSnapshots(connect(env), projectId));
  return published.kind === "unavailable" ? published : changed;
};
