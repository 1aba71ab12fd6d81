import { and, eq, sql } from "drizzle-orm";
import { projectPolicySchema } from "#core/contracts/policy.ts";
import type { Region } from "#core/contracts/region.ts";
import type { ProjectRetention } from "#core/operations/retention.ts";
import type { Database } from "./database.ts";
import { projects } from "./schema.ts";

/** The projects at home in a region that keep anything for some days only, by id. Throws what the driver throws. */
export async function readRetentions(database: Database, region: Region): Promise<ProjectRetention[]> {
  const rows = await database
    .select({ projectId: projects.id, policy: projects.policy })
    .from(projects)
    .where(and(eq(projects.homeRegion, region), sql`${projects.policy} -> 'retention' is not null`))
    .orderBy(projects.id);
  return rows
    .map(({ projectId, policy }) => ({ projectId, retention: projectPolicySchema.parse(policy).retention }))
    .filter(({ retention: { payloadDays, spanDays } }) => payloadDays !== null || spanDays !== null);
}
