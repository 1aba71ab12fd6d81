import { and, eq, isNull } from "drizzle-orm";
import type { KeyId, OrganizationId, ProjectId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import type { Database } from "./database.ts";
import { organizations, projects, virtualKeys } from "./schema.ts";

export interface Project {
  readonly id: ProjectId;
  readonly organizationId: OrganizationId;
  readonly homeRegion: Region;
}

/** A project; `null` where there is none. Throws what the driver throws, as all reads and writes here. */
export async function readProject(database: Database, projectId: ProjectId): Promise<Project | null> {
  const [row] = await database
    .select({ id: projects.id, organizationId: projects.organizationId, homeRegion: projects.homeRegion })
    .from(projects)
    .where(eq(projects.id, projectId));
  return row ?? null;
}

export async function organizationExists(database: Database, organizationId: OrganizationId): Promise<boolean> {
  const rows = await database.select({ id: organizations.id }).from(organizations).where(eq(organizations.id, organizationId));
  return rows.length > 0;
}

/** The ids of an organisation's keys that still work: those whose snapshots hold its credentials and prices. */
export async function readLiveKeyIds(database: Database, organizationId: OrganizationId): Promise<KeyId[]> {
  const rows = await database
    .select({ keyId: virtualKeys.keyId })
    .from(virtualKeys)
    .innerJoin(projects, eq(projects.id, virtualKeys.projectId))
    .where(and(eq(projects.organizationId, organizationId), isNull(virtualKeys.revokedAt)));
  return rows.map((row) => row.keyId);
}
