import { writeFile } from "node:fs/promises";
import { constants, getPriority, setPriority } from "node:os";
import * as z from "zod";
import { serveHttp } from "../http/server.ts";
import { runAsChild } from "../process/node-child.ts";
import { openClickHouse } from "./engine.ts";
import { clickHouseFront } from "./front.ts";

const inputSchema = z.object({
  directory: z.string(),
  databases: z.array(z.string()),
  port: z.int(),
  user: z.string(),
  password: z.string(),
});

/** It yields to the streams that pass on the same cores, but keeps up; in production it has machines of its own. */
const priority = Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL);

setPriority(priority);
// Where Linux groups processes by session, priorities count between groups only, and this process has a session of its own.
await writeFile("/proc/self/autogroup", String(priority)).catch(() => undefined);
await runAsChild(inputSchema, async (input) => {
  const engine = await openClickHouse(input.directory, input.databases);
  const front = await serveHttp(input.port, clickHouseFront(engine, input));
  return async () => {
    await front.close();
    await engine.close();
  };
});
