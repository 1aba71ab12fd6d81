import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import { createKey, listKeys } from "#core/contracts/api/keys.ts";
import { listTraces } from "#core/contracts/api/traces.ts";
import { control, spanOf } from "./harness/control-api.ts";
import { pidOf, processTree, programsIn, stillRunning } from "./harness/processes.ts";
import { findProgram } from "./harness/programs.ts";
import { exitOf, launch, startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

/** No provider's key of this machine: the simulator answers. No server of it either: its database is in the data directory. */
const environment = { OPENAI_API_KEY: "", OPENAI_BASE_URL: "", DATABASE_URL: "", VITE_BASE_URL: "/app/" };
const needsProc = process.platform === "linux";
const run = promisify(execFile);

let system: RunningSystem;
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "evalforge-start-"));
  system = await startSystem(environment);
});
afterAll(async () => {
  await system?.remove();
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts what must fail; gives what a person sees of it. */
async function failedStart(variables: Readonly<Record<string, string>>) {
  const { child, errors } = launch({ ...environment, ...variables });
  const exitCode = await exitOf(child);
  return { exitCode, lines: errors().trimEnd().split("\n") };
}

async function callSimulator({ local }: RunningSystem): Promise<string> {
  const response = await fetch(`${local.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${local.apiKey}` },
    body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Are you there?" }] }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  await response.text();
  return response.headers.get("x-evalforge-trace-id") ?? "";
}

describe("a start", () => {
  const hasCurl = findProgram("curl") !== null;
  const answerSchema = z.object({ choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]) });

  test.skipIf(!hasCurl)(
    `prints a curl line that works when pasted${hasCurl ? "" : " (skipped: curl is not installed)"}`,
    async ({ expect }) => {
      const line = /^\s*(curl .*)$/m.exec(system.output())?.[1] ?? "";
      const { stdout } = await run("sh", ["-c", line]);
      expect(answerSchema.parse(JSON.parse(stdout)).choices[0].message.content).toContain("Say hello.");
      const trace = await until("the call to be listed", 20_000, async () => {
        const { traces } = await control(system, listTraces);
        return traces.find(({ inputPreview }) => inputPreview.includes("Say hello.")) ?? null;
      });
      expect(trace).toMatchObject({ provider: "openai", modelRequested: "openai/gpt-4o-mini", status: "ok", simulated: true });
    },
  );

  test("tells scripts in local.json where everything is, and only its user may read that", async ({ expect }) => {
    const file = join(system.dataDirectory, "local.json");
    const address = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      url: address,
      dashboardUrl: address,
      apiKey: expect.stringMatching(/^ef_[0-9a-f]{16}_[\w-]{43}$/),
      adminKey: expect.stringMatching(/^ef_admin_/),
      projectId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      demoProjectId: null,
      regions: { "us-east": system.local.url, "us-west": address, "eu-west": address },
      ingestUrl: address,
      apiUrl: address,
      postgresUrl: expect.stringMatching(/^postgres(ql)?:\/\//),
      clickhouseUrl: expect.stringMatching(/^http:\/\//),
      redisUrl: expect.stringMatching(/^http:\/\//),
      simulatorUrl: address,
      pid: expect.any(Number),
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("has every region's edge and the app alive and ready", async ({ expect }) => {
    const readySchema = z.object({ status: z.string(), down: z.array(z.string()) });
    const answers = await Promise.all(
      [...Object.values(system.local.regions), system.local.apiUrl].map(async (url) => {
        const [health, ready] = await Promise.all([fetch(`${url}/health`), fetch(`${url}/ready`)]);
        await health.text();
        return { health: health.status, ready: ready.status, ...readySchema.parse(await ready.json()) };
      }),
    );
    expect(answers).toEqual(answers.map(() => ({ health: 200, ready: 200, status: "ready", down: [] })));
  });

  test("shows its progress with times, and the page's address with the way in", ({ expect }) => {
    const { local } = system;
    const output = system.output();
    expect(output).toMatch(/^ +\d+\.\d s {2}PostgreSQL$/m);
    expect(output).toMatch(/^VITE_BASE_URL is not the address of a provider, and makes none$/m);
    expect(output).toMatch(/EvalForge is ready after \d+\.\d s/);
    const printed = new URL(/Dashboard\s+(\S+)/.exec(output)?.[1] ?? "");
    const fragment = new URLSearchParams(printed.hash.slice(1));
    expect([printed.origin, fragment.get("key"), fragment.get("project")]).toEqual([local.dashboardUrl, local.adminKey, local.projectId]);
  });
});

describe("a start that cannot be says why in one line and exits 1", () => {
  test("on data that another one uses: which process that is", async ({ expect }) => {
    const { exitCode, lines } = await failedStart({ PORT: "0", EVALFORGE_DATA_DIR: system.dataDirectory });
    expect([exitCode, lines]).toEqual([
      1,
      [expect.stringMatching(new RegExp(`already runs on ${system.dataDirectory} as process ${system.local.pid}\\b`))],
    ]);
    expect(await spanOf(system, await callSimulator(system))).toMatchObject({ status: "ok" });
  });

  test("on a port in use: which port", async ({ expect }) => {
    const { port } = new URL(system.local.url);
    const { exitCode, lines } = await failedStart({ PORT: port, EVALFORGE_DATA_DIR: join(scratch, "port") });
    expect([exitCode, lines]).toEqual([1, [expect.stringMatching(new RegExp(`^Port ${port} is in use\\b`))]]);
  });

  test("on a port in use that is not its first: which port", async ({ expect }) => {
    const port = Number(new URL(system.local.url).port);
    const { exitCode, lines } = await failedStart({ PORT: String(port - 1), EVALFORGE_DATA_DIR: join(scratch, "port") });
    expect([exitCode, lines]).toEqual([1, [expect.stringMatching(new RegExp(`^Port ${port} is in use\\b`))]]);
  });

  test.for([
    ["PORT", "abc"],
    ["PORT", "70000"],
    ["DATABASE_URL", "mysql://127.0.0.1/x"],
    ["REDIS_URL", "127.0.0.1:6379"],
    ["OPENAI_BASE_URL", "api.openai.com"],
  ] as const)("on %s=%s: the variable and the value", async ([name, value], { expect }) => {
    const { exitCode, lines } = await failedStart({ EVALFORGE_DATA_DIR: join(scratch, "environment"), [name]: value });
    expect([exitCode, lines]).toEqual([1, [expect.stringMatching(new RegExp(`^${name} must be .*${JSON.stringify(value)}\\.$`))]]);
  });

  test("on a data directory that is a file: which", async ({ expect }) => {
    const file = join(scratch, "file");
    await writeFile(file, "");
    const { exitCode, lines } = await failedStart({ PORT: "0", EVALFORGE_DATA_DIR: file });
    expect([exitCode, lines]).toEqual([1, [expect.stringContaining(file)]]);
  });
});

describe("what nobody caught in the runner ends it as a failure does, in one line", () => {
  test.for([
    ["an exception", 'throw new Error("a bug")'],
    ["a rejection", 'void Promise.reject(new Error("a bug"))'],
  ] as const)("%s", async ([, code], { expect }) => {
    // The children inherit the option, and are left alone.
    const atWork = `if (process.argv[1]?.endsWith("local/start.ts")) setTimeout(() => { ${code} }, 1_500)`;
    const { exitCode, lines } = await failedStart({
      PORT: "0",
      EVALFORGE_DATA_DIR: join(scratch, "uncaught"),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(atWork)}`,
    });
    expect([exitCode, lines]).toEqual([1, [expect.stringMatching(/^EvalForge (?:cannot start|ends): a bug$/)]]);
    expect(await readdir(join(scratch, "uncaught"))).not.toContain("lock");
    await until("no program to be left", 10_000, async () => ((await programsIn(join(scratch, "uncaught"))).length === 0 ? true : null));
  });
});

describe("an end", () => {
  test.skipIf(!needsProc)(
    `by kill -9 of the runner: the next start ends what was left, and keys and traces are still there${needsProc ? "" : " (skipped: there is no /proc)"}`,
    async ({ expect }) => {
      const { key } = await control(system, createKey, { body: { name: "made before the kill" } });
      const traceId = await callSimulator(system);
      const before = await spanOf(system, traceId);
      const { local } = system;
      const tree = await processTree(local.pid);
      expect(tree.map(({ command }) => command)).toContain("workerd");
      await system.end("SIGKILL");
      system = await system.restart();
      expect(await stillRunning(tree)).toEqual([]);
      expect(system.local).toMatchObject({
        url: local.url,
        regions: local.regions,
        apiKey: local.apiKey,
        adminKey: local.adminKey,
        projectId: local.projectId,
      });
      expect(await spanOf(system, traceId)).toEqual(before);
      expect((await control(system, listKeys)).keys.map(({ name }) => name)).toContain("made before the kill");
      expect(await spanOf(system, await callSimulator({ ...system, local: { ...system.local, apiKey: key } }))).toMatchObject({
        status: "ok",
      });
    },
  );

  test.skipIf(!needsProc)(
    `by Ctrl-C exits 0 and leaves no process behind${needsProc ? "" : " (skipped: there is no /proc)"}`,
    async ({ expect }) => {
      const tree = await processTree(system.local.pid);
      expect(tree.map(({ command }) => command)).toContain("workerd");
      expect(await system.end("SIGINT")).toBe(0);
      expect(await stillRunning(tree)).toEqual([]);
      expect(await readdir(system.dataDirectory)).not.toContain("local.json");
    },
  );

  test.skipIf(!needsProc)(
    `by Ctrl-C comes within seconds and leaves no process behind where the engines hang${needsProc ? "" : " (skipped: there is no /proc)"}`,
    async ({ expect }) => {
      system = await system.restart();
      const tree = await processTree(system.local.pid);
      for (const part of ["PostgreSQL", "ClickHouse"] as const) process.kill((await pidOf(system, part)) ?? 0, "SIGSTOP");
      const fromMs = Date.now();
      expect(await system.end("SIGINT")).toBe(0);
      expect(await stillRunning(tree)).toEqual([]);
      expect(Date.now() - fromMs).toBeLessThan(15_000);
    },
  );

  test.skipIf(!needsProc)(
    `by Ctrl-C comes also where the data directory is gone${needsProc ? "" : " (skipped: there is no /proc)"}`,
    async ({ expect }) => {
      const bereft = await startSystem(environment);
      const tree = await processTree(bereft.local.pid);
      await rm(bereft.dataDirectory, { recursive: true, force: true, maxRetries: 5 });
      expect(await bereft.end("SIGINT")).toBe(1);
      expect(await stillRunning(tree)).toEqual([]);
    },
  );

  describe("and a damaged data directory after it", () => {
    test.for([
      ["PostgreSQL", "postgres"],
      ["ClickHouse", "clickhouse"],
      ["workerd", "workers"],
    ] as const)("%s's files full of garbage: one line that names the directory, exit 1", async ([, folder], { expect }) => {
      const directory = join(scratch, `damaged-${folder}`);
      await cp(system.dataDirectory, directory, { recursive: true });
      await fillWithGarbage(join(directory, folder));
      const { exitCode, lines } = await failedStart({ PORT: "0", EVALFORGE_DATA_DIR: directory });
      expect([exitCode, lines]).toEqual([1, [expect.stringContaining(join(directory, folder))]]);
    });

    test("its secrets full of garbage: one line that names the file, exit 1", async ({ expect }) => {
      const directory = join(scratch, "damaged-secrets");
      await cp(system.dataDirectory, directory, { recursive: true });
      await writeFile(join(directory, "secrets.json"), "garbage");
      const { exitCode, lines } = await failedStart({ PORT: "0", EVALFORGE_DATA_DIR: directory });
      expect([exitCode, lines]).toEqual([1, [expect.stringContaining(join(directory, "secrets.json"))]]);
    });

    test("the undamaged one starts again with all that it held", async ({ expect }) => {
      const { local } = system;
      system = await system.restart();
      expect(system.local.apiKey).toBe(local.apiKey);
      expect((await control(system, listTraces)).traces.length).toBeGreaterThan(0);
    });
  });
});

/** Every file keeps its name and size and loses its content. */
async function fillWithGarbage(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    await writeFile(file, Buffer.alloc(Math.max((await stat(file)).size, 16), "garbage "));
  }
}
