import { and, eq, isNull, sql } from "drizzle-orm";
import type { KeyPolicy, VirtualKey } from "#core/contracts/api/keys.ts";
import type { KeyId, ProjectId } from "#core/contracts/id.ts";
import type { Database } from "./database.ts";
import { after, newestFirst, pageOf, type Page, type PageRequest } from "./page.ts";
import { isVersion, rowVersion, type Versioned } from "./row-version.ts";
import { virtualKeys } from "./schema.ts";

const id = sql`${virtualKeys.keyId}::text`;

/** Newest first. */
export async function readKeys(database: Database, projectId: ProjectId, { limit, cursor }: PageRequest): Promise<Page<VirtualKey>> {
  const rows = await database
    .select()
    .from(virtualKeys)
    .where(and(eq(virtualKeys.projectId, projectId), after(cursor, virtualKeys.createdAt, id)))
    .orderBy(...newestFirst(virtualKeys.createdAt, id))
    .limit(limit + 1);
  return pageOf(rows.map(toVirtualKey), limit, ({ createdAtMs, keyId }) => ({ atMs: createdAtMs, id: keyId }));
}

/** `null` where the project has no such key. Throws what the driver throws, as all here. */
export async function readKey(database: Database, projectId: ProjectId, keyId: KeyId): Promise<Versioned<VirtualKey> | null> {
  const [found] = await database
    .select({ row: virtualKeys, version: rowVersion })
    .from(virtualKeys)
    .where(and(eq(virtualKeys.projectId, projectId), eq(virtualKeys.keyId, keyId)));
  return found === undefined ? null : { value: toVirtualKey(found.row), version: found.version };
}

/** What of a key may be changed. */
export type KeyChanges = { readonly [Name in keyof (KeyPolicy & { name: string })]?: (KeyPolicy & { name: string })[Name] | undefined };

/** Changes a key that still works; `null` where the project has none of this id, or none of this version. */
export async function updateVirtualKey(
  database: Database,
  projectId: ProjectId,
  keyId: KeyId,
  { changes, version }: { readonly changes: KeyChanges; readonly version: string | null },
): Promise<VirtualKey | null> {
  const [row] = await database
    .update(virtualKeys)
    .set(changes)
    .where(and(eq(virtualKeys.projectId, projectId), eq(virtualKeys.keyId, keyId), isNull(virtualKeys.revokedAt), isVersion(version)))
    .returning();
  return row === undefined ? null : toVirtualKey(row);
}

/** The statement that gives a key that still works another secret; it returns a row where there is such a key. */
export function replaceSecret(database: Database, projectId: ProjectId, keyId: KeyId, secretHash: string) {
  return database
    .update(virtualKeys)
    .set({ secretHash })
    .where(and(eq(virtualKeys.projectId, projectId), eq(virtualKeys.keyId, keyId), isNull(virtualKeys.revokedAt)))
    .returning({ keyId: virtualKeys.keyId });
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
    team: row.team,
    createdAtMs: row.createdAt.getTime(),
    revokedAtMs: row.revokedAt?.getTime() ?? null,
  };
}
