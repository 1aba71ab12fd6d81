import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { VirtualKey } from "#core/contracts/api/keys.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import * as schema from "./schema.ts";

/** The statement that stores a new key, over any driver; of its text only the hash. */
export function insertKey<Result extends PgQueryResultHKT>(
  database: PgDatabase<Result, typeof schema>,
  projectId: ProjectId,
  key: Omit<VirtualKey, "revokedAtMs">,
  secretHash: string,
) {
  const { createdAtMs, ...settings } = key;
  return database.insert(schema.virtualKeys).values({ ...settings, projectId, secretHash, createdAt: new Date(createdAtMs) });
}
