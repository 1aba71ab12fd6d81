import { asc } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { createVirtualKey } from "#adapters/postgres/create-key.ts";
import * as schema from "#adapters/postgres/schema.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { organizationIdSchema, projectIdSchema, type OrganizationId, type ProjectId } from "#core/contracts/id.ts";

export type Seeded =
  | { readonly kind: "made"; readonly organizationId: OrganizationId; readonly projectId: ProjectId; readonly apiKey: string }
  | { readonly kind: "exists"; readonly organizationId: OrganizationId; readonly projectId: ProjectId };

/** The first organisation, project and key, where there is no project yet. Throws what the driver throws. */
export async function seedFirstProject({ databaseUrl }: { readonly databaseUrl: string }): Promise<Seeded> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    // All three or none: a project without its key could not be used, and would not be seeded again.
    return await drizzle(client, { schema }).transaction(async (transaction): Promise<Seeded> => {
      const [existing] = await transaction.select().from(schema.projects).orderBy(asc(schema.projects.id)).limit(1);
      if (existing !== undefined) return { kind: "exists", organizationId: existing.organizationId, projectId: existing.id };
      const nowMs = Date.now();
      const organizationId = organizationIdSchema.parse(uuidV7(nowMs));
      const projectId = projectIdSchema.parse(uuidV7(nowMs));
      await transaction.insert(schema.organizations).values({ id: organizationId, name: "First organization" });
      await transaction.insert(schema.projects).values({ id: projectId, organizationId, name: "First project", homeRegion: "us-east" });
      const { key } = await createVirtualKey(transaction, { projectId, name: "First key", record: "normal", nowMs });
      return { kind: "made", organizationId, projectId, apiKey: key };
    });
  } finally {
    await client.end();
  }
}
