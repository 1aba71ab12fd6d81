/// <reference types="node" />
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openClickHouse } from "#local/clickhouse/engine.ts";
import { clickHouseFront } from "#local/clickhouse/front.ts";
import { serveHttp } from "#local/http/server.ts";

/** A real ClickHouse with one empty database for each name, over its HTTP interface. One a process. */
export async function startClickhouse(databases: readonly string[]) {
  const directory = await mkdtemp(path.join(tmpdir(), "evalforge-clickhouse-"));
  const engine = await openClickHouse(directory, databases);
  const login = { user: "test", password: "secret" };
  const front = await serveHttp(0, clickHouseFront(engine, login));
  return {
    url: (database: string) => `http://${login.user}:${login.password}@127.0.0.1:${front.port}/${database}`,
    stop: async () => {
      await front.close();
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
