import pg from "pg";
import * as z from "zod";
import { organizationIdSchema, projectIdSchema, type OrganizationId, type ProjectId } from "#core/contracts/id.ts";
import type { FirstProject } from "./first-project.ts";

export type Seeded =
  | ({ readonly kind: "made" } & FirstProject)
  | { readonly kind: "exists"; readonly organizationId: OrganizationId; readonly projectId: ProjectId };

const rowsSchema = z.array(z.object({ organizationId: organizationIdSchema, projectId: projectIdSchema }));

/** The first organisation, project and key, where there is no project yet. Throws what the driver throws. */
export async function seedFirstProject({ databaseUrl }: { readonly databaseUrl: string }): Promise<Seeded> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query('SELECT organization_id AS "organizationId", id AS "projectId" FROM projects ORDER BY id LIMIT 1');
    const [existing] = rowsSchema.parse(rows);
    if (existing !== undefined) return { kind: "exists", ...existing };
    // As with the migrations, drizzle is read only where it is needed.
    const { makeFirstProject } = await import("./first-project.ts");
    return { kind: "made", ...(await makeFirstProject(client)) };
  } finally {
    await client.end();
  }
}
