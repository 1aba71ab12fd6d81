import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { projectIdSchema } from "#core/contracts/id.ts";
import { makeOwnDatabase, type OwnDatabase } from "./own-database.ts";
import { freeFirstPort } from "./ports.ts";
import { until } from "./until.ts";

const localSchema = z.object({
  url: z.string(),
  dashboardUrl: z.string(),
  apiKey: z.string(),
  adminKey: z.string(),
  projectId: projectIdSchema,
  demoProjectId: projectIdSchema.nullable(),
  regions: z.object({ "us-east": z.string(), "us-west": z.string(), "eu-west": z.string() }),
  apiUrl: z.string(),
  postgresUrl: z.string(),
  clickhouseUrl: z.string(),
  redisUrl: z.string(),
  simulatorUrl: z.string(),
  pid: z.int(),
});

const startWithinMs = 120_000;
const stopWithinMs = 60_000;

/** The whole system as `npm start` runs it, in a data directory of its own. */
export interface RunningSystem {
  readonly local: z.infer<typeof localSchema>;
  readonly dataDirectory: string;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Ends it with a signal, waits until it has gone, and gives its exit code (`null`: killed). */
  readonly end: (signal: "SIGINT" | "SIGKILL") => Promise<number | null>;
  /** Starts it again on the same data and ports. */
  readonly restart: () => Promise<RunningSystem>;
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>;
}

/** A start that is not waited for: for those that must fail. */
export function launch(
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
} {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../local/start.ts"), ...flags], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return { child, output: () => output, errors: () => errors };
}

/** Waits until a launched process has gone, and gives its exit code (`null`: killed). */
export async function exitOf(child: ChildProcess): Promise<number | null> {
  await until("the process to end", stopWithinMs, () => (child.exitCode !== null || child.signalCode !== null ? true : null));
  return child.exitCode;
}

/** Starts a system on free ports. `environment` is added to the process's own; `flags` are those of `npm start`. */
export async function startSystem(
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<RunningSystem> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "evalforge-test-"));
  const database = await makeOwnDatabase(environment["DATABASE_URL"] ?? process.env["DATABASE_URL"]);
  return await run({ dataDirectory, database }, { PORT: String(await freeFirstPort()), ...environment, DATABASE_URL: database.url }, flags);
}

interface Data {
  readonly dataDirectory: string;
  readonly database: OwnDatabase;
}

async function run(data: Data, environment: Readonly<Record<string, string>>, flags: readonly string[]): Promise<RunningSystem> {
  const { dataDirectory, database } = data;
  const { child, output, errors } = launch({ ...environment, EVALFORGE_DATA_DIR: dataDirectory }, flags);
  await until(`a start in ${dataDirectory}`, startWithinMs, () => {
    if (child.exitCode !== null) throw new Error(`exit ${child.exitCode}: ${errors()}${output()}`);
    return output().includes("EvalForge is ready") ? true : null;
  }).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw new Error(`the system does not start: ${errors()}${output()}`, { cause: error });
  });
  const local = localSchema.parse(JSON.parse(await readFile(join(dataDirectory, "local.json"), "utf8")));
  const end = async (signal: "SIGINT" | "SIGKILL"): Promise<number | null> => {
    child.kill(signal);
    return await exitOf(child);
  };
  return {
    local,
    dataDirectory,
    output: () => output() + errors(),
    end,
    restart: async () => await run(data, environment, flags),
    remove: async () => {
      await end("SIGINT");
      await rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 });
      await database.drop();
    },
  };
}
