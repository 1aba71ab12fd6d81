import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neon, neonConfig, NeonDbError } from "@neondatabase/serverless";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, test } from "vitest";
import { serveHttp, type HttpFront } from "../http/server.ts";
import { freePort, host } from "../ports.ts";
import { serveEmbeddedPostgres } from "./embedded.ts";
import { neonFront } from "./neon-front.ts";

let databaseUrl: string;
let front: HttpFront;
let stop: () => Promise<void>;

beforeAll(async () => {
  const port = await freePort();
  databaseUrl = `postgres://postgres:secret@${host}:${port}/postgres`;
  const directory = await mkdtemp(join(tmpdir(), "evalforge-postgres-"));
  const closeEngine = await serveEmbeddedPostgres(directory, port);
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  front = await serveHttp(0, neonFront(pool, databaseUrl));
  neonConfig.fetchEndpoint = `http://${host}:${front.port}/sql`;
  await pool.query("CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL, data jsonb, seen timestamptz)");
  stop = async () => {
    await front.close();
    await pool.end();
    await closeEngine();
    await rm(directory, { recursive: true });
  };
});
afterAll(() => stop());

describe("Neon's driver over the front", () => {
  test("binds parameters and parses every column by its type", async ({ expect }) => {
    const sql = neon(databaseUrl);
    const rows = await sql`SELECT ${7}::int AS number, ${"it's"}::text AS text, ${JSON.stringify({ a: [1] })}::jsonb AS json,
      ${["x", 'y"']}::text[] AS list, ${null}::int AS nothing, true AS yes, '2026-01-02T03:04:05Z'::timestamptz AS time, 9007199254740993 AS big`;
    expect(rows).toEqual([
      {
        number: 7,
        text: "it's",
        json: { a: [1] },
        list: ["x", 'y"'],
        nothing: null,
        yes: true,
        time: new Date("2026-01-02T03:04:05Z"),
        big: "9007199254740993",
      },
    ]);
  });

  test("tells rows as arrays with the command and its count", async ({ expect }) => {
    const sql = neon(databaseUrl, { arrayMode: true, fullResults: true });
    const result = await sql`SELECT 1 AS a, 'b' AS b UNION ALL SELECT 2, 'c' ORDER BY 1`;
    expect([result.command, result.rowCount, result.rows, result.fields.map(({ name }) => name)]).toEqual([
      "SELECT",
      2,
      [
        [1, "b"],
        [2, "c"],
      ],
      ["a", "b"],
    ]);
  });

  test("runs a batch as one transaction: all of it or nothing", async ({ expect }) => {
    const sql = neon(databaseUrl);
    await expect(
      sql.transaction([sql`INSERT INTO items (id, name) VALUES (1, 'kept?')`, sql`INSERT INTO items (id, name) VALUES (1, 'twice')`]),
    ).rejects.toMatchObject({ code: "23505" });
    expect(await sql`SELECT * FROM items`).toEqual([]);
    const results = await sql.transaction(
      [sql`INSERT INTO items (id, name) VALUES (2, 'two') RETURNING id`, sql`SELECT count(*)::int AS count FROM items`],
      { isolationLevel: "Serializable" },
    );
    expect(results).toEqual([[{ id: 2 }], [{ count: 1 }]]);
  });

  test("refuses to write in a read-only batch", async ({ expect }) => {
    const sql = neon(databaseUrl);
    await expect(sql.transaction([sql`DELETE FROM items`], { readOnly: true })).rejects.toMatchObject({ code: "25006" });
  });

  test("throws PostgreSQL's own error with all its fields", async ({ expect }) => {
    const sql = neon(databaseUrl);
    const error: unknown = await sql`INSERT INTO items (id) VALUES (9)`.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NeonDbError);
    expect(error).toMatchObject({ severity: "ERROR", code: "23502", schema: "public", table: "items", column: "name" });
  });

  test("refuses several statements in one text", async ({ expect }) => {
    await expect(neon(databaseUrl).query("SELECT 1; SELECT 2")).rejects.toMatchObject({ code: "42601" });
  });

  test("refuses another password", async ({ expect }) => {
    await expect(neon(databaseUrl.replace("secret", "guess"))`SELECT 1`).rejects.toMatchObject({ code: "28P01" });
  });
});

test("a body that is no query is refused with the field's name", async ({ expect }) => {
  const response = await fetch(`http://${host}:${front.port}/sql`, {
    method: "POST",
    headers: { "neon-connection-string": databaseUrl },
    body: JSON.stringify({ query: 1 }),
  });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("query")]);
});

test("a server that cannot be reached is an error without PostgreSQL's fields, as from Neon", async ({ expect }) => {
  const nowhere = `postgres://postgres:secret@${host}:${await freePort()}/postgres`;
  const pool = new Pool({ connectionString: nowhere });
  const lone = await serveHttp(0, neonFront(pool, nowhere));
  const response = await fetch(`http://${host}:${lone.port}/sql`, {
    method: "POST",
    headers: { "neon-connection-string": nowhere },
    body: JSON.stringify({ query: "SELECT 1", params: [] }),
  });
  expect([response.status, await response.text()]).toEqual([503, "PostgreSQL cannot be reached: ECONNREFUSED"]);
  await lone.close();
  await pool.end();
});
