import { and, count, eq, sql } from "drizzle-orm";
import type { OrganizationId } from "#core/contracts/id.ts";
import type { LimitId, LimitKind } from "#core/contracts/limits.ts";
import type { Database } from "./database.ts";
import { after, newestFirst, pageOf, type Page, type PageRequest } from "./page.ts";
import { isVersion, rowVersion, type Versioned } from "./row-version.ts";
import { limits } from "./schema.ts";

const id = sql`${limits.id}::text`;

/** A limit as it is stored; the kind's schema reads its setting. */
export interface StoredLimit {
  readonly limitId: LimitId;
  readonly setting: unknown;
  readonly version: number;
  readonly createdAtMs: number;
}

/** Where limits of one kind stand. */
export interface LimitShelf {
  readonly organizationId: OrganizationId;
  readonly kind: LimitKind;
}

/** What Postgres says of a second limit at one place. */
export const uniqueViolation = "23505";

/** The statement that stores a limit. */
export function insertLimit(database: Database, shelf: LimitShelf, { limitId, setting, createdAtMs }: StoredLimit, placeHash: string) {
  return database.insert(limits).values({ id: limitId, ...shelf, placeHash, setting, createdAt: new Date(createdAtMs) });
}

/** Of both kinds. Throws what the driver throws, as all here. */
export async function countLimits(database: Database, organizationId: OrganizationId): Promise<number> {
  const [row] = await database.select({ rows: count() }).from(limits).where(eq(limits.organizationId, organizationId));
  return row?.rows ?? 0;
}

export async function readLimits(database: Database, shelf: LimitShelf, { limit, cursor }: PageRequest): Promise<Page<StoredLimit>> {
  const rows = await database
    .select()
    .from(limits)
    .where(and(onShelf(shelf), after(cursor, limits.createdAt, id)))
    .orderBy(...newestFirst(limits.createdAt, id))
    .limit(limit + 1);
  return pageOf(rows.map(toLimit), limit, ({ createdAtMs, limitId }) => ({ atMs: createdAtMs, id: limitId }));
}

/** `null` where there is none. */
export async function readLimit(database: Database, shelf: LimitShelf, limitId: LimitId): Promise<Versioned<StoredLimit> | null> {
  const [found] = await database
    .select({ row: limits, version: rowVersion })
    .from(limits)
    .where(and(onShelf(shelf), eq(limits.id, limitId)));
  return found === undefined ? null : { value: toLimit(found.row), version: found.version };
}

/** `null` where there is none, or none of this version of its row. */
export async function updateLimit(
  database: Database,
  shelf: LimitShelf,
  limitId: LimitId,
  { setting, placeHash, version }: { readonly setting: unknown; readonly placeHash: string; readonly version: string | null },
): Promise<StoredLimit | null> {
  const [row] = await database
    .update(limits)
    .set({ setting, placeHash, version: sql`${limits.version} + 1` })
    .where(and(onShelf(shelf), eq(limits.id, limitId), isVersion(version)))
    .returning();
  return row === undefined ? null : toLimit(row);
}

/** Whether there was one. */
export async function removeLimit(database: Database, shelf: LimitShelf, limitId: LimitId): Promise<boolean> {
  const rows = await database
    .delete(limits)
    .where(and(onShelf(shelf), eq(limits.id, limitId)))
    .returning({ id: limits.id });
  return rows.length > 0;
}

function onShelf({ organizationId, kind }: LimitShelf) {
  return and(eq(limits.organizationId, organizationId), eq(limits.kind, kind));
}

function toLimit(row: typeof limits.$inferSelect): StoredLimit {
  return { limitId: row.id, setting: row.setting, version: row.version, createdAtMs: row.createdAt.getTime() };
}
