import { and, eq, sql } from "drizzle-orm";
import type { ProjectAnswer } from "#core/contracts/api/projects.ts";
import type { OrganizationId, ProjectId } from "#core/contracts/id.ts";
import { projectPolicySchema, type ProjectPolicy } from "#core/contracts/policy.ts";
import type { Region } from "#core/contracts/region.ts";
import type { Database } from "./database.ts";
import { after, newestFirst, pageOf, type Page, type PageRequest } from "./page.ts";
import { isVersion, rowVersion, type Versioned } from "./row-version.ts";
import { projects } from "./schema.ts";

const id = sql`${projects.id}::text`;

/** The statement that makes a project. */
export function insertProject(database: Database, project: ProjectAnswer, policy: ProjectPolicy) {
  const { projectId, organizationId, name, homeRegion, createdAtMs } = project;
  return database.insert(projects).values({ id: projectId, organizationId, name, homeRegion, policy, createdAt: new Date(createdAtMs) });
}

export async function readProjects(
  database: Database,
  organizationId: OrganizationId,
  { limit, cursor }: PageRequest,
): Promise<Page<ProjectAnswer>> {
  const rows = await database
    .select()
    .from(projects)
    .where(and(eq(projects.organizationId, organizationId), after(cursor, projects.createdAt, id)))
    .orderBy(...newestFirst(projects.createdAt, id))
    .limit(limit + 1);
  return pageOf(rows.map(toProject), limit, ({ createdAtMs, projectId }) => ({ atMs: createdAtMs, id: projectId }));
}

/** An organisation's projects by where they store. */
export async function readProjectHomes(
  database: Database,
  organizationId: OrganizationId,
): Promise<ReadonlyMap<Region, readonly ProjectId[]>> {
  const rows = await database
    .select({ projectId: projects.id, homeRegion: projects.homeRegion })
    .from(projects)
    .where(eq(projects.organizationId, organizationId));
  const homes = new Map<Region, ProjectId[]>();
  for (const { projectId, homeRegion } of rows) homes.set(homeRegion, [...(homes.get(homeRegion) ?? []), projectId]);
  return homes;
}

/** A project and its policy; `null` where there is none. Throws what the driver throws, as all here. */
export async function readProjectSettings(
  database: Database,
  projectId: ProjectId,
): Promise<Versioned<{ readonly project: ProjectAnswer; readonly policy: ProjectPolicy }> | null> {
  const [found] = await database.select({ row: projects, version: rowVersion }).from(projects).where(eq(projects.id, projectId));
  if (found === undefined) return null;
  return { value: { project: toProject(found.row), policy: projectPolicySchema.parse(found.row.policy) }, version: found.version };
}

/** Changes a project's name or policy; `null` where there is no such project, or none of this version. */
export async function updateProjectSettings(
  database: Database,
  projectId: ProjectId,
  changes: { readonly name: string } | { readonly policy: ProjectPolicy },
  version: string | null,
): Promise<{ readonly project: ProjectAnswer; readonly policy: ProjectPolicy } | null> {
  const [row] = await database
    .update(projects)
    .set(changes)
    .where(and(eq(projects.id, projectId), isVersion(version)))
    .returning();
  return row === undefined ? null : { project: toProject(row), policy: projectPolicySchema.parse(row.policy) };
}

function toProject(row: typeof projects.$inferSelect): ProjectAnswer {
  const { id: projectId, organizationId, name, homeRegion } = row;
  return { projectId, organizationId, name, homeRegion, createdAtMs: row.createdAt.getTime() };
}
