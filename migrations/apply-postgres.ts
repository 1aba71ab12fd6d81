import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { z } from "zod";
import type { Applied } from "./applied.ts";
import { describeError } from "./describe-error.ts";

const migrationsFolder = fileURLToPath(new URL("postgres", import.meta.url));

/** Any number that nobody else locks by: two runs at once wait for each other. */
const lockId = 6_014_223_871;

const appliedRows = z.array(z.object({ hash: z.string(), created_at: z.coerce.number() }));

/**
 * Applies what is missing, all of it in one transaction: PostgreSQL is never half-way. A file that was changed
 * after it was applied is told, since the database would then not be what the files say.
 */
export async function applyPostgres(databaseUrl: string): Promise<Applied> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  // Without a listener, a connection that breaks ends the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT pg_advisory_lock($1)", [lockId]);
    const names = await readNames();
    const before = await readLedger(client);
    const changed = readMigrationFiles({ migrationsFolder }).find((file) =>
      before.some((row) => row.created_at === file.folderMillis && row.hash !== file.hash),
    );
    if (changed !== undefined) {
      const name = names.get(changed.folderMillis) ?? "a migration";
      return {
        kind: "failed",
        message: `Postgres: ${name} was changed after it was applied. Restore the file and put the change into a new one.`,
      };
    }
    await migrate(drizzle(client), { migrationsFolder });
    const added = (await readLedger(client)).slice(before.length);
    return { kind: "applied", applied: added.map((row) => `Postgres/${names.get(row.created_at) ?? row.created_at}`) };
  } catch (error) {
    return {
      kind: "failed",
      message: `Postgres: ${describeError(error)}. Nothing of a failed migration stays; correct the cause and run this again.`,
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

const journalSchema = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

/** Names of the files by their times, which are all that the database remembers. */
async function readNames(): Promise<Map<number, string>> {
  const journal: unknown = JSON.parse(await readFile(path.join(migrationsFolder, "meta", "_journal.json"), "utf8"));
  return new Map(journalSchema.parse(journal).entries.map((entry) => [entry.when, entry.tag]));
}

async function readLedger(client: pg.Client): Promise<z.infer<typeof appliedRows>> {
  const exists = await client.query("SELECT 1 WHERE to_regclass('drizzle.__drizzle_migrations') IS NOT NULL");
  if (exists.rows.length === 0) return [];
  const rows = await client.query("SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY created_at");
  return appliedRows.parse(rows.rows);
}
