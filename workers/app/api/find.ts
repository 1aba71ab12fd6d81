import { organizationExists, readProject, type Project } from "#adapters/postgres/control-plane.ts";
import { connect } from "#adapters/postgres/database.ts";
import { attempt, type Answered, type Unavailable } from "#adapters/unavailable.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { OrganizationId, ProjectId } from "#core/contracts/id.ts";
import type { AppEnvironment } from "../environment.ts";

export const noProject = failure("not_found", "There is no such project.", "projectId");
export const noOrganization = failure("not_found", "There is no such organization.", "organizationId");

/** The project of a path. */
export async function findProject(env: AppEnvironment, projectId: ProjectId): Promise<Answered<Project> | Failure | Unavailable> {
  const read = await attempt("postgres", async () => await readProject(connect(env), projectId));
  if (read.kind === "unavailable") return read;
  return read.value === null ? noProject : { kind: "answered", value: read.value };
}

/** Whether the organisation of a path is there. */
export async function findOrganization(
  env: AppEnvironment,
  organizationId: OrganizationId,
): Promise<Answered<true> | Failure | Unavailable> {
  const read = await attempt("postgres", async () => await organizationExists(connect(env), organizationId));
  if (read.kind === "unavailable") return read;
  return read.value ? { kind: "answered", value: true } : noOrganization;
}
