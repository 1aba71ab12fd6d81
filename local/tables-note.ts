import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashOfFiles, readCached } from "./cache.ts";

/**
 * Whether consumers may run before ClickHouse is migrated: nothing waits for them in a new directory, and the tables of
 * one that was noted have all columns already. Otherwise what waits would be inserted at once, and a table of an older
 * version would pass over the columns that it lacks.
 */
export async function areTablesCurrent(dataDirectory: string, repository: string): Promise<boolean> {
  const [workers, noted] = await Promise.all([
    readdir(join(dataDirectory, "workers")).catch((): string[] => []),
    readCached(noteOf(dataDirectory)),
  ]);
  return workers.length === 0 || noted === (await hashOfMigrations(repository));
}

/** Notes that the tables are as this version's migrations make them. */
export async function noteTablesCurrent(dataDirectory: string, repository: string): Promise<void> {
  await writeFile(noteOf(dataDirectory), await hashOfMigrations(repository));
}

function noteOf(dataDirectory: string): string {
  return join(dataDirectory, "tables.sha256");
}

async function hashOfMigrations(repository: string): Promise<string> {
  return await hashOfFiles(repository, ["migrations/clickhouse/*.sql"]);
}
