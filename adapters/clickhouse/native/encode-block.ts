import { BlockWriter } from "./block-writer.ts";
import type { Column } from "./column.ts";

/** What a row comes to without long texts. */
const rowBytes = 1024;
/** So many values take about a millisecond. */
const valuesAtOnce = 16_384;

/**
 * Rows as one block of ClickHouse's `Native` format: column by column, each behind its name and type. The server takes it
 * in a sixth of the time that it needs for the same rows as JSON. Lets others have their turn meanwhile.
 */
export async function encodeBlock<Row>(
  columns: Readonly<Record<string, Column<Row>>>,
  rows: readonly Row[],
): Promise<Uint8Array<ArrayBuffer>> {
  const all = Object.entries(columns);
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
  return writer.finish();
}
