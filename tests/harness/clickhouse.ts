import type * as z from "zod";
import type { RunningSystem } from "./running-system.ts";

/** Asks a region's database over ClickHouse's HTTP interface; the rows are checked against `row`. */
export async function askClickhouse<Row>(
  { local }: RunningSystem,
  { query, row, database = "evalforge_us_east" }: { readonly query: string; readonly row: z.ZodType<Row>; readonly database?: string },
): Promise<Row[]> {
  const { protocol, host, username, password } = new URL(local.clickhouseUrl);
  const response = await fetch(`${protocol}//${host}/?database=${database}&default_format=JSONEachRow`, {
    method: "POST",
    headers: { "x-clickhouse-user": decodeURIComponent(username), "x-clickhouse-key": decodeURIComponent(password) },
    body: query,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`ClickHouse: ${response.status} ${text}`);
  return text.split("\n").flatMap((line) => (line === "" ? [] : [row.parse(JSON.parse(line))]));
}
