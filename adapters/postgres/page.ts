import { sql, type AnyColumn, type SQL } from "drizzle-orm";
import * as z from "zod";
import { fromBase64, toBase64Url } from "../bytes.ts";

/** Where a page of a list ended: when its last row was made, and what tells it from others of that moment. */
export interface PageCursor {
  readonly atMs: number;
  readonly id: string;
}

/** What is asked of a list: so many rows after a cursor, `null` being its start. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: PageCursor | null;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** `null`: this is the last page. */
  readonly nextCursor: string | null;
}

const cursorSchema = z.tuple([z.int().nonnegative().max(8.64e15), z.string()]);

export function formatCursor({ atMs, id }: PageCursor): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify([atMs, id])));
}

/** `null` where the text is no cursor of ours. */
export function parseCursor(text: string): PageCursor | null {
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  if (bytes === null) return null;
  try {
    const [atMs, id] = cursorSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes)));
    // What Postgres would refuse is no cursor that it gave.
    return id.includes("\0") ? null : { atMs, id };
  } catch {
    return null;
  }
}

/** The rows after a cursor, in the order of `newestFirst`. Both are compared as they are sorted, so none is met twice or missed. */
export function after(cursor: PageCursor | null, at: AnyColumn, id: SQL): SQL | undefined {
  return cursor === null ? undefined : sql`(${at}, ${id}) < (${new Date(cursor.atMs).toISOString()}::timestamptz, ${cursor.id})`;
}

export function newestFirst(at: AnyColumn, id: SQL): SQL[] {
  return [sql`${at} desc`, sql`${id} desc`];
}

/** A page of the rows that were found where one more than its limit was asked for. */
export function pageOf<Row>(found: readonly Row[], limit: number, cursorOf: (row: Row) => PageCursor): Page<Row> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > limit && last !== undefined ? formatCursor(cursorOf(last)) : null };
}
