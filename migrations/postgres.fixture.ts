/// <reference types="node" />
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { serveHttp } from "#local/http/server.ts";
import { freePort, host } from "#local/ports.ts";
import { serveEmbeddedPostgres } from "#local/postgres/embedded.ts";
import { neonFront } from "#local/postgres/neon-front.ts";

/** A real, empty PostgreSQL over its own protocol and over Neon's. */
export async function startPostgres() {
  const directory = await mkdtemp(join(tmpdir(), "evalforge-postgres-"));
  const databaseUrl = `postgres://postgres:secret@${host}:${await freePort()}/postgres`;
  const closeEngine = await serveEmbeddedPostgres(directory, Number(new URL(databaseUrl).port));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on("error", () => undefined);
  const front = await serveHttp(0, neonFront(pool, databaseUrl));
  return {
    databaseUrl,
    env: { DATABASE_URL: databaseUrl, NEON_FETCH_ENDPOINT: `http://${host}:${front.port}/sql` },
    query: async (text: string) => (await pool.query<Record<string, unknown>>(text)).rows,
    stop: async () => {
      await front.close();
      await pool.end();
      await closeEngine();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
