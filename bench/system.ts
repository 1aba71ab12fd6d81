import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { endTree } from "./processes/process-tree.ts";
import { until } from "./processes/until.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const localSchema = z.object({
  url: z.string(),
  apiUrl: z.string(),
  apiKey: z.string(),
  adminKey: z.string(),
  projectId: z.string(),
  clickhouseUrl: z.string(),
});

/** The whole local system, as `npm start` brings it up. */
export interface LocalSystem extends z.infer<typeof localSchema> {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Starts it on free ports, with its data in `directory`; `environment` is added to this process's own. */
export async function startSystem(directory: string, environment: Readonly<Record<string, string>>): Promise<LocalSystem> {
  const child = spawn(process.execPath, [join(root, "local/start.ts")], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PORT: "0", EVALFORGE_DATA_DIR: directory, ...environment },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("local/start.ts did not start");
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGINT");
    const patience = setTimeout(() => endTree(pid), 10_000);
    await ended;
    clearTimeout(patience);
  };
  const local = await Promise.race([
    until("local.json", 180_000, async () => localSchema.parse(JSON.parse(await readFile(join(directory, "local.json"), "utf8")))),
    ended.then(() => Promise.reject(new Error("local/start.ts ended while it started"))),
  ]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { ...local, pid, stop };
}
