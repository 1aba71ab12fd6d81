import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { describe, test } from "vitest";
import { freePort, host } from "../ports.ts";
import { makingMarkOf, stateOf } from "./directory.ts";
import { serveEmbeddedPostgres } from "./embedded.ts";

/** What the embedded engine on `directory` answers to `sql`. */
async function askDatabase(directory: string, sql: string): Promise<Record<string, unknown>[]> {
  const port = await freePort();
  const close = await serveEmbeddedPostgres(directory, port);
  const client = new pg.Client({ connectionString: `postgres://postgres:secret@${host}:${port}/postgres` });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
    await close();
  }
}

const catalog = "SELECT pg_control_version, catalog_version_no FROM pg_control_system()";
const tables = "SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'";

describe("the embedded PostgreSQL", () => {
  test("starts on a prepared directory that its own version would have made", { timeout: 120_000 }, async ({ expect }) => {
    const directory = await mkdtemp(join(tmpdir(), "evalforge-postgres-"));
    const own = await PGlite.create();
    const { rows } = await own.query(catalog);
    await own.close();
    expect(await askDatabase(join(directory, "postgres"), catalog)).toEqual(rows);
    await rm(directory, { recursive: true });
  });

  test("keeps what it holds, and makes anew a directory whose making was cut off", { timeout: 120_000 }, async ({ expect }) => {
    const directory = join(await mkdtemp(join(tmpdir(), "evalforge-postgres-")), "postgres");
    await askDatabase(directory, "CREATE TABLE kept (id int)");
    expect(await askDatabase(directory, tables)).toEqual([{ tables: 1 }]);
    await writeFile(makingMarkOf(directory), "");
    expect(await askDatabase(directory, tables)).toEqual([{ tables: 0 }]);
    expect(await stateOf(directory)).toBe("whole");
    await rm(directory, { recursive: true });
  });
});

test("a directory is known at a glance: unmade, whole, damaged", async ({ expect }) => {
  const directory = join(await mkdtemp(join(tmpdir(), "evalforge-postgres-")), "postgres");
  const seen = [await stateOf(directory)];
  await mkdir(directory);
  seen.push(await stateOf(directory));
  await writeFile(join(directory, "base"), "");
  seen.push(await stateOf(directory));
  await writeFile(join(directory, "PG_VERSION"), "18");
  seen.push(await stateOf(directory));
  await writeFile(makingMarkOf(directory), "");
  seen.push(await stateOf(directory));
  expect(seen).toEqual(["unmade", "unmade", "damaged", "whole", "unmade"]);
});
