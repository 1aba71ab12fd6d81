import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { endTree } from "../../processes/process-tree.ts";
import { until } from "../../processes/until.ts";
import type { StartTarget } from "../target.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const localSchema = z.object({ url: z.string(), apiKey: z.string(), clickhouseUrl: z.string() });

/** The whole local system, as `npm start` brings it up, with the mock as its OpenAI: everything on. */
export const evalforge: StartTarget = async ({ upstreamUrl, scratchDirectory }) => {
  const child = spawn(process.execPath, [join(root, "local/start.ts")], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PORT: "0", EVALFORGE_DATA_DIR: scratchDirectory, OPENAI_BASE_URL: `${upstreamUrl}/v1`, OPENAI_API_KEY: "bench" },
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
    until("local.json", 180_000, async () => localSchema.parse(JSON.parse(await readFile(join(scratchDirectory, "local.json"), "utf8")))),
    ended.then(() => Promise.reject(new Error("local/start.ts ended while it started"))),
  ]);
  return {
    url: local.url,
    headers: { authorization: `Bearer ${local.apiKey}` },
    model: "gpt-4o-mini",
    pid,
    stop,
    clickhouseUrl: local.clickhouseUrl,
  };
};
