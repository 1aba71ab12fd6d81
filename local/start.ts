import { mkdir } from "node:fs/promises";
import { enableCompileCache } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readEnvironment } from "./environment.ts";
import { removeLocalFile, writeLocalFile, type LocalFile } from "./local-file.ts";
import { endParts, type Stop } from "./process/end-parts.ts";
import { childrenOf, endProcess } from "./process/identity.ts";
import { lockDirectory } from "./process/lock.ts";
import { openProcessRecord } from "./process/record.ts";
import { startProgress, type Progress } from "./progress.ts";
import { codeOf, reasonOf, StartFailure } from "./start-failure.ts";
import { startOnFreePorts } from "./start-on-free-ports.ts";

const stopTimeoutMs = 10_000;
const headStartMs = 500;
const lastGraceMs = 5_000;
const killWithinMs = 1_000;

/** What ends the parts that run. */
const parts: Stop[] = [];
/** What must be done after them, and at once where they take too long: no process of this run may be left. */
let cleanUp: (graceMs: number) => Promise<void> = async () => undefined;
let unlock: Stop = async () => undefined;
let isReady = false;
let ending: Promise<void> | null = null;

// Whoever reads the output may go away first.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

const progress = startProgress((line) => console.log(line));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (ending === null) progress.say("Stopping …");
    void end(0);
  });
}
for (const event of ["uncaughtException", "unhandledRejection"] as const) process.on(event, (error) => void fail(error));

try {
  await main();
} catch (error) {
  await fail(error);
}

async function main(): Promise<void> {
  const repository = dirname(import.meta.dirname);
  // Half of a start is reading code; the children inherit it.
  process.env["NODE_COMPILE_CACHE"] = join(repository, ".cache/node");
  enableCompileCache(process.env["NODE_COMPILE_CACHE"]);
  const environment = readEnvironment(process.env, { repository, workingDirectory: process.cwd(), arguments: process.argv.slice(2) });
  const directory = environment.dataDirectory;
  progress.say(`EvalForge starts; data in ${directory}`);
  for (const name of environment.ignored) progress.say(`${name} is not the address of a provider, and makes none`);
  await makeDirectory(directory);
  unlock = await lockDirectory(directory);
  const record = await openProcessRecord(directory);
  const leftBehind = await record.endAll(lastGraceMs);
  if (leftBehind.length > 0) progress.say(`Ended what an earlier run left behind: ${leftBehind.join(", ")}`);
  await removeLocalFile(directory);
  cleanUp = async (graceMs) => {
    await record.endAll(graceMs);
    // One that was just being started is not on record yet.
    for (const child of await childrenOf(process.pid)) await endProcess(child, 0);
    await removeLocalFile(directory);
  };

  const { startSystem } = await import("./system.ts");
  const context = {
    environment,
    repository,
    progress,
    supervision: { record, say: progress.say, onGivenUp: (failure: StartFailure) => void fail(failure), isEnding: () => ending !== null },
    onStarted: (stop: Stop) => parts.push(stop),
  };
  const local = await startOnFreePorts(context, startSystem);
  if (ending !== null) return;
  await writeLocalFile(directory, local);
  printWhereToLook(local, progress);
  isReady = true;
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartFailure(`The data directory ${directory} cannot be made (${codeOf(error)}). Set EVALFORGE_DATA_DIR to another one.`);
  }
}

/** Says why in one line, ends everything, exits 1. */
async function fail(error: unknown): Promise<void> {
  if (ending === null) {
    console.error(error instanceof StartFailure ? error.message : `EvalForge ${isReady ? "ends" : "cannot start"}: ${reasonOf(error)}`);
  }
  await end(1);
}

async function end(exitCode: number): Promise<void> {
  ending ??= (async () => {
    setTimeout(() => {
      void Promise.race([cleanUp(0), sleep(killWithinMs)]).finally(() => process.exit(exitCode));
    }, stopTimeoutMs);
    await endParts(parts, headStartMs);
    try {
      await cleanUp(lastGraceMs);
      await unlock();
      process.exit(exitCode);
    } catch (error) {
      // Left to itself it would come back as an unhandled rejection, whose handler waits for this end.
      console.error(`EvalForge ends out of order: ${reasonOf(error)}`);
      process.exit(1);
    }
  })();
  await ending;
}

function printWhereToLook(local: LocalFile, to: Progress): void {
  const body = JSON.stringify({ model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Say hello." }] });
  const dashboardOf = (projectId: string) =>
    `${local.dashboardUrl}/#key=${local.adminKey}&project=${projectId}&gateway=${encodeURIComponent(local.url)}`;
  to.say(`
  Dashboard   ${dashboardOf(local.projectId)}${local.demoProjectId === null ? "" : `\n  Demo        ${dashboardOf(local.demoProjectId)}`}
  API         ${local.url}/v1
  Key         ${local.apiKey}

  Try it:

  curl ${local.url}/v1/chat/completions -H 'authorization: Bearer ${local.apiKey}' -H 'content-type: application/json' -d '${body}'
`);
  to.say(`EvalForge is ready after ${to.elapsedSeconds()} s. Ctrl-C stops it.`);
}
