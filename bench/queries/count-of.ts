import * as z from "zod";
import type { Database } from "./database.ts";

const countSchema = z.object({ count: z.coerce.number() });

export async function countOf(database: Database, query: string): Promise<number> {
  const [row] = await database.rows(query, countSchema);
  return row?.count ?? 0;
}
