import { Pool } from "pg";
import * as z from "zod";
import { serveHttp } from "../http/server.ts";
import { runAsChild } from "../process/node-child.ts";
import { serveEmbeddedPostgres } from "./embedded.ts";
import { neonFront } from "./neon-front.ts";

/** `directory` is null where `databaseUrl` is a server of its own, not the embedded one. */
const inputSchema = z.object({
  databaseUrl: z.string(),
  directory: z.string().nullable(),
  frontPort: z.int(),
});

/** The embedded engine runs one query at a time, whatever the number of connections. */
const connectionsMax = { embedded: 1, server: 10 } as const;

await runAsChild(inputSchema, async ({ databaseUrl, directory, frontPort }) => {
  const closeEngine =
    directory === null ? async () => undefined : await serveEmbeddedPostgres(directory, Number(new URL(databaseUrl).port));
  const pool = new Pool({
    connectionString: databaseUrl,
    max: directory === null ? connectionsMax.server : connectionsMax.embedded,
    application_name: "evalforge",
  });
  // A connection that breaks while idle is replaced by the pool; without a listener the process would end.
  pool.on("error", () => undefined);
  await pool.query("SELECT 1");
  const front = await serveHttp(frontPort, neonFront(pool, databaseUrl));
  return async () => {
    await front.close();
    await pool.end();
    await closeEngine();
  };
});
