import { and, eq, sql } from "drizzle-orm";
import type { ApiKey, ProjectScope } from "#core/contracts/api/api-keys.ts";
import type { KeyId, ProjectId } from "#core/contracts/id.ts";
import type { Database } from "./database.ts";
import { after, newestFirst, pageOf, type Page, type PageRequest } from "./page.ts";
import { apiKeys } from "./schema.ts";

const id = sql`${apiKeys.keyId}::text`;

/** What a request needs to know of the key that it was sent with. */
export interface StoredApiKey {
  readonly keyId: KeyId;
  readonly projectId: ProjectId;
  readonly secretHash: string;
  readonly scopes: readonly ProjectScope[];
  readonly revoked: boolean;
}

/** The statement that stores a new key; of its text only the hash. */
export function insertApiKey(database: Database, projectId: ProjectId, key: Omit<ApiKey, "revokedAtMs">, secretHash: string) {
  const { keyId, name, scopes, createdAtMs } = key;
  return database.insert(apiKeys).values({ keyId, projectId, secretHash, name, scopes, createdAt: new Date(createdAtMs) });
}

/** Newest first. */
export async function readApiKeys(database: Database, projectId: ProjectId, { limit, cursor }: PageRequest): Promise<Page<ApiKey>> {
  const rows = await database
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.projectId, projectId), after(cursor, apiKeys.createdAt, id)))
    .orderBy(...newestFirst(apiKeys.createdAt, id))
    .limit(limit + 1);
  return pageOf(rows.map(toApiKey), limit, ({ createdAtMs, keyId }) => ({ atMs: createdAtMs, id: keyId }));
}

/** `null` where there is no key of this id in any project. Throws what the driver throws, as all here. */
export async function readStoredApiKey(database: Database, keyId: KeyId): Promise<StoredApiKey | null> {
  const [row] = await database.select().from(apiKeys).where(eq(apiKeys.keyId, keyId));
  if (row === undefined) return null;
  const { projectId, secretHash, scopes } = row;
  return { keyId, projectId, secretHash, scopes, revoked: row.revokedAt !== null };
}

/** Marks a key as revoked; one that already is keeps its time. `null` where the project has no such key. */
export async function revokeStoredApiKey(database: Database, projectId: ProjectId, keyId: KeyId): Promise<ApiKey | null> {
  const [row] = await database
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, now())` })
    .where(and(eq(apiKeys.projectId, projectId), eq(apiKeys.keyId, keyId)))
    .returning();
  return row === undefined ? null : toApiKey(row);
}

function toApiKey({ keyId, name, scopes, createdAt, revokedAt }: typeof apiKeys.$inferSelect): ApiKey {
  return { keyId, name, scopes: [...scopes], createdAtMs: createdAt.getTime(), revokedAtMs: revokedAt?.getTime() ?? null };
}
