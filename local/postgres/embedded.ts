import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { host } from "../ports.ts";

const connectionsMax = 100;

/** Opens the embedded PostgreSQL on `directory` and serves its wire protocol on `port`. The result closes both. */
export async function serveEmbeddedPostgres(directory: string, port: number): Promise<() => Promise<void>> {
  const database = await PGlite.create({ dataDir: directory });
  const server = new PGLiteSocketServer({ db: database, host, port, maxConnections: connectionsMax });
  await server.start();
  return async () => {
    await server.stop();
    await database.close();
  };
}
