import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import { getDependencies } from "#core/contracts/api/dependencies.ts";
import { getIngestion } from "#core/contracts/api/ingestion.ts";
import { askClickhouse } from "./harness/clickhouse.ts";
import { control, spanOf } from "./harness/control-api.ts";
import { whileStopped } from "./harness/processes.ts";
import { completion, json, startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

/** Words that no line of a log may hold. */
const words = "plum-coloured-words-of-a-person";
const providerKey = "sk-provider-secret-of-nobody";
let provider: Provider;
let system: RunningSystem;
/** Told to the person who starts it, the keys among it. */
let greeting: readonly string[];

beforeAll(async () => {
  provider = await startProvider();
  provider.behave(json(200, completion));
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: providerKey });
  greeting = await until("the end of the greeting", 10_000, () =>
    system.output().includes(system.local.apiKey) && system.output().includes(system.local.adminKey) ? system.output().split("\n") : null,
  );
});
afterAll(async () => {
  await system?.remove();
  await provider?.close();
});

async function call(): Promise<string> {
  const response = await fetch(`${system.local.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${system.local.apiKey}` },
    body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: words }] }),
  });
  await response.text();
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return response.headers.get("x-evalforge-trace-id") ?? "";
}

const verdict = async () => await control(system, getIngestion);

async function untilVerdict(wanted: string): Promise<void> {
  await until(`the verdict ${wanted}`, 60_000, async () => ((await verdict()).verdict === wanted ? true : null));
}

describe("whether anything is lost, late or stuck", () => {
  test("is told as ok once all is stored, with how much was accepted", async ({ expect }) => {
    await spanOf(system, await call());
    await until("the acknowledgement", 20_000, async () => {
      const { regions } = await verdict();
      return regions.every(({ lagMs }) => lagMs === 0) ? true : null;
    });
    const { verdict: told, reasons, regions } = await verdict();
    expect({ told, reasons }).toEqual({ told: "ok", reasons: [] });
    expect(regions.map(({ region, buffers }) => [region, buffers.map(({ status }) => status?.acceptedEvents)])).toEqual([
      ["us-east", [1]],
      ["us-west", [0]],
      ["eu-west", [0]],
    ]);
    const [usEast] = regions;
    expect(usEast?.clickhouse.status === "up" ? Date.now() - (usEast.clickhouse.newestReceivedAtMs ?? 0) : null).toBeLessThan(60_000);
    const { dependencies } = await control(system, getDependencies);
    expect(dependencies).toHaveLength(13);
    expect(dependencies.filter(({ status }) => status !== "up")).toEqual([]);
  });

  test("is told as stuck while a store is away, which is named, and as ok again when it is back", async ({ expect }) => {
    const waiting = await whileStopped(system, ["ClickHouse"], async () => {
      const traceId = await call();
      const startedAtMs = Date.now();
      const { verdict: told, reasons } = await verdict();
      expect(Date.now() - startedAtMs).toBeLessThan(5_000);
      expect(told).toBe("stuck");
      expect(reasons).toContain("us-east: ClickHouse does not answer: accepted events wait in the bucket");
      const { dependencies } = await control(system, getDependencies);
      const down = dependencies.filter(({ status }) => status === "down");
      expect(down.map(({ store, region }) => [store, region])).toEqual([
        ["clickhouse", "us-east"],
        ["clickhouse", "us-west"],
        ["clickhouse", "eu-west"],
      ]);
      expect(down.every(({ error }) => error !== null && error !== "")).toBe(true);
      return traceId;
    });
    await spanOf(system, waiting, { withinMs: 60_000 });
    await untilVerdict("ok");
  });

  test("is told to Prometheus in the same figures", async ({ expect }) => {
    const ask = async (key: string) => await fetch(`${system.local.apiUrl}/metrics`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask(system.local.apiKey)).status).toBe(401);
    const response = await ask(system.local.adminKey);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    const lines = (await response.text()).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        'evalforge_ingest_accepted_events_total{region="us-east",shard="0"} 2',
        'evalforge_ingest_verdict{region="us-east",verdict="ok"} 1',
        'evalforge_dependency_up{store="clickhouse",region="us-east"} 1',
        'evalforge_recent_calls{region="us-east",provider="openai",status="ok"} 2',
      ]),
    );
  });
});

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** Runs `npm run replay` for today, against this system. */
async function replay(...options: readonly string[]): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const script = join(import.meta.dirname, "../tools/replay.ts");
  const days = ["--from", dayOf(Date.now() - 86_400_000), "--to", dayOf(Date.now())];
  const child = spawn(process.execPath, [script, "--region", "us-east", ...days, ...options], {
    env: { ...process.env, EVALFORGE_DATA_DIR: system.dataDirectory, EVALFORGE_APP_URL: "", ADMIN_KEY: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  return { exitCode, output };
}

const ask = async (query: string) => await askClickhouse(system, { query, row: z.record(z.string(), z.unknown()) });
const spansOf = async (traceIds: readonly string[]) =>
  await ask(`SELECT * EXCEPT (inserted_at) FROM spans FINAL WHERE trace_id IN ('${traceIds.join("','")}') ORDER BY trace_id, span_id`);

/** Once there is one of each. */
const allSpansOf = async (traceIds: readonly string[]) =>
  await until("every call to be stored", 60_000, async () => {
    const spans = await spansOf(traceIds);
    return spans.length >= traceIds.length ? spans : null;
  });

describe("npm run replay", () => {
  test("makes ClickHouse equal to before, to the last digit, while calls go on, of which none is lost", async ({ expect }) => {
    const traceIds: string[] = [];
    for (let count = 0; count < 30; count += 1) traceIds.push(await call());
    const before = await allSpansOf(traceIds);
    await ask("ALTER TABLE spans DELETE WHERE cityHash64(span_id) % 3 = 0 SETTINGS mutations_sync = 1");
    await ask("ALTER TABLE spans UPDATE cost_nano_usd = 1, input_text = 'x' WHERE cityHash64(span_id) % 3 = 1 SETTINGS mutations_sync = 1");
    expect(await spansOf(traceIds)).not.toEqual(before);

    expect(await replay("--dry-run")).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/^\d+ raw objects of \d+ bytes would be replayed into us-east\. Nothing was changed\.\n$/),
    });
    const during: string[] = [];
    const state = { isOver: false };
    const replaying = replay().finally(() => (state.isOver = true));
    while (!state.isOver) {
      during.push(await call());
      await pause(250);
    }
    const { exitCode, output } = await replaying;
    expect(output).toMatch(/Done: \d+ raw objects replayed\.\n$/);
    expect(exitCode).toBe(0);
    expect(await spansOf(traceIds)).toEqual(before);
    expect(await allSpansOf(during)).toHaveLength(during.length);
    expect(await ask("SELECT name FROM system.databases WHERE name LIKE '%replay%'")).toEqual([]);
    await untilVerdict("ok");
  }, 300_000);

  test("says what is asked wrongly, and ends with 2", async ({ expect }) => {
    const wrong = await replay("--from", "yesterday");
    expect([wrong.exitCode, wrong.output.includes("Invalid ISO date")]).toEqual([2, true]);
  });
});

test("no secret and no word of a call has got into the logs of all that", async ({ expect }) => {
  const { adminKey, apiKey, postgresUrl, clickhouseUrl } = system.local;
  const secrets = [adminKey, apiKey.slice(20), providerKey, ...[postgresUrl, clickhouseUrl].map((url) => new URL(url).password)];
  const output = system
    .output()
    .split("\n")
    .filter((line) => !greeting.includes(line))
    .join("\n");
  expect(output).toContain('"event":"dependency_down"');
  expect([words, ...secrets].filter((secret) => secret !== "" && output.includes(secret))).toEqual([]);
});
