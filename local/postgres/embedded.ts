import { rm, writeFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { PGlite } from "@electric-sql/pglite";
import { dataDir as preparedDirectory } from "@electric-sql/pglite-prepopulatedfs";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { host } from "../ports.ts";
import { makingMarkOf, stateOf } from "./directory.ts";

const connectionsMax = 100;

// V8 would soon compile most of the engine a second time to make it faster, a second and a half of both cores in the
// middle of a start. With eighty times the patience it does so only for what is used very much.
setFlagsFromString("--wasm-tiering-budget=1000000000");

/** Opens the embedded PostgreSQL on `directory` and serves its wire protocol on `port`. The result closes both. */
export async function serveEmbeddedPostgres(directory: string, port: number): Promise<() => Promise<void>> {
  const isMade = (await stateOf(directory)) !== "unmade";
  const database = isMade ? await PGlite.create({ dataDir: directory }) : await makeDatabase(directory);
  const server = new PGLiteSocketServer({ db: database, host, port, maxConnections: connectionsMax });
  await server.start();
  return async () => {
    await server.stop();
    await database.close();
  };
}

/** A new database is a copy of a prepared one: this engine's own `initdb` takes three times as long. */
async function makeDatabase(directory: string): Promise<PGlite> {
  const mark = makingMarkOf(directory);
  await writeFile(mark, "");
  await rm(directory, { recursive: true, force: true });
  const database = await PGlite.create({ dataDir: directory, loadDataDir: await preparedDirectory() });
  await rm(mark);
  return database;
}
