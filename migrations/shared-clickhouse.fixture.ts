/// <reference types="node" />
import type { IncomingMessage } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { openClickHouse, type ClickHouseEngine } from "#local/clickhouse/engine.ts";
import { clickHouseFront } from "#local/clickhouse/front.ts";
import { serveHttp, type Answer } from "#local/http/server.ts";
import { applyClickhouse } from "./apply-clickhouse.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated databases `chaos` and `clean` are behind it. */
    readonly clickhouseUrl: string;
  }
}

const login = { user: "test", password: "secret" };
const databases = ["chaos", "clean"];

/**
 * A real ClickHouse for tests inside workerd, whose address they ask `inject("clickhouseUrl")` for. It is opened at the
 * first request: most of those tests need none.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let opening: Promise<ClickHouseEngine> | null = null;
  let directory: string | null = null;
  const open = async (): Promise<ClickHouseEngine> => {
    directory = await mkdtemp(path.join(tmpdir(), "evalforge-clickhouse-"));
    const engine = await openClickHouse(directory, databases);
    const front = await serveHttp(0, clickHouseFront(engine, login));
    for (const database of databases) {
      const applied = await applyClickhouse(database, `http://${login.user}:${login.password}@127.0.0.1:${front.port}/${database}`);
      if (applied.kind === "failed") throw new Error(applied.message);
    }
    await front.close();
    return engine;
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    opening ??= open();
    return await clickHouseFront(await opening, login)(request);
  };
  const front = await serveHttp(0, answer);
  project.provide("clickhouseUrl", `http://${login.user}:${login.password}@127.0.0.1:${front.port}`);
  return async () => {
    await front.close();
    await (await opening)?.close();
    if (directory !== null) await rm(directory, { recursive: true, force: true });
  };
}
