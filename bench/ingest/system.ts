import { readFile } from "node:fs/promises";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { targetDetailsSchema } from "../gateway/target.ts";
import { startChild, type Child } from "../processes/parent.ts";

const recordSchema = z.object({ processes: z.record(z.string(), z.object({ pid: z.int() })) });
const parts = {
  edges: "workerd of the edges",
  objects: "workerd of the objects",
  app: "workerd of the app",
  clickhouse: "ClickHouse",
} as const;
const clockTickMs = 10;
const pageBytes = 4096;

/** The processes that events go through, and the one that started them (fronts of PostgreSQL and Redis, calls between the workerds). */
export type Part = keyof typeof parts | "runner";
export type Usage = Readonly<Record<Part, { readonly cpuMs: number; readonly rssBytes: number }>>;

/** The whole local system as `npm start` brings it up, with a load generator beside it. */
export interface IngestSystem {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clickhouseUrl: string;
  readonly generator: Child;
  /** What its processes have used so far, as Linux counts it, in steps of 10 ms. */
  readonly usage: () => Usage;
  readonly stop: () => Promise<void>;
}

export async function startIngestSystem(): Promise<IngestSystem> {
  const directory = mkdtempSync(join(tmpdir(), "evalforge-bench-"));
  // However the run ends; by then its processes have been ended.
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, "system"));
  const data = join(directory, "system/data");
  const generator = await startChild(new URL("./load.ts", import.meta.url), [], join(directory, "load.log"));
  // Nothing calls a provider here.
  const script = new URL("../gateway/target-process.ts", import.meta.url);
  const system = await startChild(script, ["evalforge", "http://127.0.0.1:9", data], join(directory, "system/output.log"));
  const { headers, pid, clickhouseUrl } = targetDetailsSchema.parse(system.details);
  if (clickhouseUrl === null) throw new Error("the system records nothing");
  const { processes } = recordSchema.parse(JSON.parse(await readFile(join(data, "processes.json"), "utf8")));
  const pidOf = (part: Part): number => (part === "runner" ? pid : (processes[parts[part]]?.pid ?? 0));
  return {
    url: system.url,
    headers,
    clickhouseUrl,
    generator,
    usage: () => ({
      edges: usageOf(pidOf("edges")),
      objects: usageOf(pidOf("objects")),
      app: usageOf(pidOf("app")),
      clickhouse: usageOf(pidOf("clickhouse")),
      runner: usageOf(pidOf("runner")),
    }),
    stop: async () => {
      await Promise.all([system.stop(), generator.stop()]);
    },
  };
}

function usageOf(pid: number): { cpuMs: number; rssBytes: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name stands in parentheses and may hold spaces; the fields after it are counted from state = 3 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  return { cpuMs: (field(14) + field(15)) * clockTickMs, rssBytes: field(24) * pageBytes };
}
