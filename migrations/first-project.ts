import { drizzle } from "drizzle-orm/node-postgres";
import type pg from "pg";
import { insertKey } from "#adapters/postgres/insert-key.ts";
import * as schema from "#adapters/postgres/schema.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { makeVirtualKey } from "#adapters/virtual-key.ts";
import { keyPolicySchema } from "#core/contracts/api/keys.ts";
import { organizationIdSchema, projectIdSchema, type OrganizationId, type ProjectId } from "#core/contracts/id.ts";

export interface FirstProject {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  /** The text of its key, which is stored nowhere in the database. */
  readonly apiKey: string;
}

/** An organisation, a project and a key, all three or none: a project without its key could not be used. Throws what the driver throws. */
export async function makeFirstProject(client: pg.Client): Promise<FirstProject> {
  return await drizzle(client, { schema }).transaction(async (transaction) => {
    const nowMs = Date.now();
    const organizationId = organizationIdSchema.parse(uuidV7(nowMs));
    const projectId = projectIdSchema.parse(uuidV7(nowMs));
    await transaction.insert(schema.organizations).values({ id: organizationId, name: "First organization" });
    await transaction.insert(schema.projects).values({ id: projectId, organizationId, name: "First project", homeRegion: "us-east" });
    const { keyId, key, secretHash } = await makeVirtualKey();
    await insertKey(transaction, projectId, { keyId, name: "First key", ...keyPolicySchema.parse({}), createdAtMs: nowMs }, secretHash);
    return { organizationId, projectId, apiKey: key };
  });
}
