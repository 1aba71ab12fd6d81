import * as z from "zod";
import { until } from "../processes/until.ts";
import { countOf } from "./count-of.ts";
import type { Database } from "./database.ts";

const mergedWithinMs = 10 * 60_000;
const tables = ["spans", "trace_times"] as const;
const engineSchema = z.object({ engine: z.string() });

/** The merges that parts have once they are an hour old (`0017_merge_what_is_old.sql`), at once: each partition becomes one part. */
export async function mergeByAge(database: Database): Promise<void> {
  const usualSeconds = await mergeAgeSeconds(database);
  await setMergeAge(database, 1);
  await until("parts to be merged by their age", mergedWithinMs, async () => {
    const parts = await countOf(
      database,
      `SELECT max(parts) AS count FROM (SELECT count() AS parts FROM system.parts WHERE active AND database = currentDatabase()
       AND table IN (${tables.map((table) => `'${table}'`).join(", ")}) GROUP BY table, partition)`,
    );
    if (parts > 1) throw new Error(`${parts} parts`);
  });
  await setMergeAge(database, usualSeconds);
}

async function mergeAgeSeconds(database: Database): Promise<number> {
  const query = "SELECT engine_full AS engine FROM system.tables WHERE database = currentDatabase() AND name = 'spans'";
  const [table] = await database.rows(query, engineSchema);
  const [, seconds] = /min_age_to_force_merge_seconds = (\d+)/.exec(table?.engine ?? "") ?? [];
  if (seconds === undefined) throw new Error("spans are not merged by their age");
  return Number(seconds);
}

async function setMergeAge(database: Database, seconds: number): Promise<void> {
  for (const table of tables) await database.run(`ALTER TABLE ${table} MODIFY SETTING min_age_to_force_merge_seconds = ${seconds}`);
}
