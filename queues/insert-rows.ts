import type { Inserted } from "#adapters/clickhouse/insert-block.ts";
import type { Unavailable } from "#adapters/unavailable.ts";

/** A row, and which event of its object it comes from. */
export interface EventRow<Row> {
  readonly index: number;
  readonly row: Row;
}

/** An event that the store refuses for what it holds; `reason` may quote it. */
export interface RefusedEvent {
  readonly index: number;
  readonly reason: string;
}

export type InsertedRows = { readonly kind: "inserted"; readonly refused: readonly RefusedEvent[] } | Unavailable;

/** Inserts rows under a token: all or none. */
export type Insert<Row> = (token: string, rows: readonly Row[]) => Promise<Inserted>;

/**
 * Inserts the rows of an object under its key. Where the store refuses them for what one holds, each half is tried
 * under a token of its own (`<key>#0`, `<key>#1`, `<key>#0#0`, …), until the rows at fault stand alone and all others
 * are stored. The halves follow from the rows, so a repetition changes nothing.
 */
export async function insertRows<Row>(insert: Insert<Row>, token: string, rows: readonly EventRow<Row>[]): Promise<InsertedRows> {
  const [first] = rows;
  if (first === undefined) return { kind: "inserted", refused: [] };
  const inserted = await insert(
    token,
    rows.map(({ row }) => row),
  );
  if (inserted.kind === "unavailable") return inserted;
  if (inserted.kind === "inserted") return { kind: "inserted", refused: [] };
  if (rows.length === 1) return { kind: "inserted", refused: [{ index: first.index, reason: inserted.reason }] };
  const middle = Math.ceil(rows.length / 2);
  const refused: RefusedEvent[] = [];
  for (const [half, part] of [rows.slice(0, middle), rows.slice(middle)].entries()) {
    const outcome = await insertRows(insert, `${token}#${half}`, part);
    if (outcome.kind === "unavailable") return outcome;
    refused.push(...outcome.refused);
  }
  return { kind: "inserted", refused };
}
