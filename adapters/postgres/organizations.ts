import { and, eq, sql } from "drizzle-orm";
import type { Organization } from "#core/contracts/api/organizations.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import type { Database } from "./database.ts";
import { after, newestFirst, pageOf, type Page, type PageRequest } from "./page.ts";
import { isVersion, rowVersion, type Versioned } from "./row-version.ts";
import { organizations } from "./schema.ts";

const id = sql`${organizations.id}::text`;

/** The statement that makes an organization. */
export function insertOrganization(database: Database, { organizationId, name, createdAtMs }: Organization) {
  return database.insert(organizations).values({ id: organizationId, name, createdAt: new Date(createdAtMs) });
}

export async function readOrganizations(database: Database, { limit, cursor }: PageRequest): Promise<Page<Organization>> {
  const rows = await database
    .select()
    .from(organizations)
    .where(after(cursor, organizations.createdAt, id))
    .orderBy(...newestFirst(organizations.createdAt, id))
    .limit(limit + 1);
  return pageOf(rows.map(toOrganization), limit, ({ createdAtMs, organizationId }) => ({ atMs: createdAtMs, id: organizationId }));
}

/** `null` where there is none. Throws what the driver throws, as all here. */
export async function readOrganization(database: Database, organizationId: OrganizationId): Promise<Versioned<Organization> | null> {
  const [row] = await database
    .select({ row: organizations, version: rowVersion })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  return row === undefined ? null : { value: toOrganization(row.row), version: row.version };
}

/** `null` where there is none, or none of this version. */
export async function renameOrganization(
  database: Database,
  organizationId: OrganizationId,
  name: string,
  version: string | null,
): Promise<Organization | null> {
  const [row] = await database
    .update(organizations)
    .set({ name })
    .where(and(eq(organizations.id, organizationId), isVersion(version)))
    .returning();
  return row === undefined ? null : toOrganization(row);
}

function toOrganization(row: typeof organizations.$inferSelect): Organization {
  return { organizationId: row.id, name: row.name, createdAtMs: row.createdAt.getTime() };
}
