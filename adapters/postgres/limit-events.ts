import { and, eq, lt, sql } from "drizzle-orm";
import type { OrganizationId } from "#core/contracts/id.ts";
import { limitEventSchema, type LimitEvent } from "#core/contracts/limit-event.ts";
import type { LimitId } from "#core/contracts/limits.ts";
import { errorClass } from "../unavailable.ts";
import type { Database } from "./database.ts";
import { after, newestFirst, pageOf, type Page, type PageRequest } from "./page.ts";
import { limitEvents, organizations } from "./schema.ts";

const keptForMs = 400 * 86_400_000;

const id = sql`${limitEvents.id}::text`;

interface RaisedEvent {
  readonly organizationId: OrganizationId;
  readonly event: LimitEvent;
}

/**
 * Stores what is not stored yet; events of an organisation that is gone are let go, and those that Postgres will never take for
 * what they hold: how many. Throws what else the driver throws, as all here.
 */
export async function insertLimitEvents(database: Database, rows: readonly RaisedEvent[]): Promise<number> {
  try {
    await insertAll(database, rows);
    return 0;
  } catch (error) {
    if (!isDataError(error)) throw error;
    if (rows.length <= 1) return rows.length;
  }
  const half = Math.ceil(rows.length / 2);
  return (await insertLimitEvents(database, rows.slice(0, half))) + (await insertLimitEvents(database, rows.slice(half)));
}

/** Class 22 of SQLSTATE. */
function isDataError(error: unknown): boolean {
  return /^22...$/.test(errorClass(error));
}

/** All or none. */
async function insertAll(database: Database, rows: readonly RaisedEvent[]): Promise<void> {
  const [first, ...others] = rows.map(({ organizationId, event: { eventId, limitId, createdAtMs, ...facts } }) =>
    database
      .insert(limitEvents)
      .select(
        database
          .select({
            id: sql`${eventId}::uuid`.as("id"),
            organizationId: organizations.id,
            limitId: sql`${limitId}::uuid`.as("limit_id"),
            facts: sql`${JSON.stringify(facts)}::jsonb`.as("facts"),
            createdAt: sql`${new Date(createdAtMs).toISOString()}::timestamptz`.as("created_at"),
          })
          .from(organizations)
          .where(eq(organizations.id, organizationId)),
      )
      .onConflictDoNothing(),
  );
  if (first !== undefined) await database.batch([first, ...others]);
}

/** Removes events that are older than their windows are kept. */
export async function removeOldLimitEvents(database: Database, nowMs: number): Promise<void> {
  await database.delete(limitEvents).where(lt(limitEvents.createdAt, new Date(nowMs - keptForMs)));
}

/** Of all of an organisation's budgets, or of one. */
export async function readLimitEvents(
  database: Database,
  organizationId: OrganizationId,
  limitId: LimitId | null,
  { limit, cursor }: PageRequest,
): Promise<Page<LimitEvent>> {
  const rows = await database
    .select()
    .from(limitEvents)
    .where(
      and(
        eq(limitEvents.organizationId, organizationId),
        limitId === null ? undefined : eq(limitEvents.limitId, limitId),
        after(cursor, limitEvents.createdAt, id),
      ),
    )
    .orderBy(...newestFirst(limitEvents.createdAt, id))
    .limit(limit + 1);
  return pageOf(rows.map(toEvent), limit, ({ createdAtMs, eventId }) => ({ atMs: createdAtMs, id: eventId }));
}

function toEvent({ id: eventId, limitId, facts, createdAt }: typeof limitEvents.$inferSelect): LimitEvent {
  return limitEventSchema.parse({ ...facts, eventId, limitId, createdAtMs: createdAt.getTime() });
}
