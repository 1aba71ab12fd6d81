import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import pg from "pg";
import * as z from "zod";
import type { Applied } from "./applied.ts";
import { describeError } from "./describe-error.ts";
import { planMigrations, type LedgerRow } from "./plan.ts";

const postgresFolder = fileURLToPath(new URL("postgres", import.meta.url));

/** Any number that nobody else locks by: two runs at once wait for each other. */
const lockId = 6_014_223_871;

/**
 * Applies what is missing, all of it in one transaction: PostgreSQL is never half-way. What drizzle would pass over in
 * silence is refused first, by the rules of `planMigrations`: it only looks for files newer than the last one applied.
 */
export async function applyPostgres(databaseUrl: string, migrationsFolder: string = postgresFolder): Promise<Applied> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  // Without a listener, a connection that breaks ends the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT pg_advisory_lock($1)", [lockId]);
    const files = await readFiles(migrationsFolder);
    const plan = planMigrations(files, await readLedger(client, files));
    if (plan.kind === "refused") return { kind: "failed", message: `Postgres: ${plan.message}` };
    if (plan.files.length > 0) {
      // Reading drizzle takes a second and more: a start that finds all applied does without.
      const { drizzle } = await import("drizzle-orm/node-postgres");
      const { migrate } = await import("drizzle-orm/node-postgres/migrator");
      await migrate(drizzle(client), { migrationsFolder });
    }
    return { kind: "applied", applied: plan.files.map(({ name }) => `Postgres/${name}`) };
  } catch (error) {
    return {
      kind: "failed",
      message: `Postgres: ${describeError(error)}. Nothing of a failed migration stays; correct the cause and run this again.`,
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface File {
  readonly name: string;
  /** When it was generated: all that the database remembers of it besides the checksum. Epoch milliseconds. */
  readonly atMs: number;
  readonly checksum: string;
  readonly isRepeatable: boolean;
}

const journalSchema = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

/** The files by their times, which is the order that drizzle goes by. */
async function readFiles(migrationsFolder: string): Promise<File[]> {
  const journal: unknown = JSON.parse(await readFile(path.join(migrationsFolder, "meta", "_journal.json"), "utf8"));
  const names = new Map(journalSchema.parse(journal).entries.map((entry) => [entry.when, entry.tag]));
  return readMigrationFiles({ migrationsFolder })
    .map(({ folderMillis, hash }) => ({ name: names.get(folderMillis) ?? "", atMs: folderMillis, checksum: hash, isRepeatable: false }))
    .toSorted((left, right) => left.atMs - right.atMs);
}

const ledgerSchema = z.array(z.object({ hash: z.string(), created_at: z.coerce.number() }));

async function readLedger(client: pg.Client, files: readonly File[]): Promise<LedgerRow[]> {
  const exists = await client.query("SELECT 1 WHERE to_regclass('drizzle.__drizzle_migrations') IS NOT NULL");
  if (exists.rows.length === 0) return [];
  const { rows } = await client.query("SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY created_at");
  return ledgerSchema.parse(rows).map(({ hash, created_at: atMs }) => ({
    name: files.find((file) => file.atMs === atMs)?.name ?? `the migration of ${new Date(atMs).toISOString()}`,
    state: "done",
    checksum: hash,
  }));
}
