import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { VirtualKey } from "#core/contracts/api/keys.ts";
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

/** Newest first. */
export async function readKeys(database: Database, projectId: ProjectId): Promise<VirtualKey[]> {
  const rows = await database
    .select()
    .from(virtualKeys)
    .where(eq(virtualKeys.projectId, projectId))
    .orderBy(desc(virtualKeys.createdAt), desc(virtualKeys.keyId));
  return rows.map(toVirtualKey);
}

/** Marks a key as revoked; one that already is keeps its time. `null` where the project has no such key. */
export async function revokeVirtualKey(database: Database, projectId: ProjectId, keyId: KeyId): Promise<VirtualKey | null> {
  const [row] = await database
    .update(virtualKeys)
    .set({ revokedAt: sql`coalesce(${virtualKeys.revokedAt}, now())` })
    .where(and(eq(virtualKeys.projectId, projectId), eq(virtualKeys.keyId, keyId)))
    .returning();
  return row === undefined ? null : toVirtualKey(row);
}

function toVirtualKey(row: typeof virtualKeys.$inferSelect): VirtualKey {
  return {
    keyId: row.keyId,
    name: row.name,
    record: row.record,
    route: [...row.route],
    onDisconnect: row.onDisconnect,
    createdAtMs: row.createdAt.getTime(),
    revokedAtMs: row.revokedAt?.getTime() ?? null,
  };
}
