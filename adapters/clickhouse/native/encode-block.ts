import { BlockWriter } from "./block-writer.ts";
import type { Column } from "./column.ts";

/** What a row comes to without long texts. */
const rowBytes = 1024;
/** So many values take a few milliseconds. */
const valuesAtOnce = 65_536;

/** Rows, and the names of the columns that they have there, in their order. */
export interface Block {
  readonly columnNames: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Rows as one block of ClickHouse's `Native` format: column by column, each behind its name and type. The server takes it
 * in a sixth of the time that it needs for the same rows as JSON. Columns in which no row says anything are left out: of
 * spans half of them, most often. Lets others have their turn meanwhile.
 */
export async function encodeBlock<Row>(columns: Readonly<Record<string, Column<Row>>>, rows: readonly Row[]): Promise<Block> {
  const all = Object.entries(columns).filter(([, column]) => !column.isBlank(rows));
  const writer = new BlockWriter(64 * 1024 + rows.length * rowBytes);
  writer.length(all.length);
  writer.length(rows.length);
  let values = 0;
  for (const [name, column] of all) {
    writer.text(name);
    writer.text(column.typeName);
    column.write(writer, rows);
    values += rows.length;
    if (values < valuesAtOnce) continue;
    values = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { columnNames: all.map(([name]) => name), bytes: writer.finish() };
}
