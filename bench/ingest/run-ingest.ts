import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { describeMachine } from "../gateway/machine.ts";
import { percentile } from "../gateway/percentile.ts";
import { nowMicroseconds } from "../wire/monotonic.ts";
import { countRows, countSpans } from "./count-spans.ts";
import { tracePrefix } from "./ids.ts";
import { loadResultSchema, type LoadOrder } from "./load-order.ts";
import { loads, spansPerBatch, type Load, type LoadName } from "./loads.ts";
import type { IngestReport, LoadSummary } from "./report.ts";
import { startIngestSystem, type IngestSystem, type Part, type Usage } from "./system.ts";

const watchEveryMs = 5_000;
const drainPatienceMs = 180_000;
const warmUp = { seconds: 10, offeredPerSecond: 10_000 } as const;

/** Runs loads one after the other, each on a system of its own and until its last span is a row, and tells its progress to `say`. */
export async function runIngest(names: readonly LoadName[], say: (text: string) => void): Promise<IngestReport> {
  const loadAverageBefore = loadavg()[0] ?? 0;
  const summaries: LoadSummary[] = [];
  const failures: { name: LoadName; reason: string }[] = [];
  for (const name of names) {
    say(loads[name].title);
    try {
      const summary = await onOwnSystem(name);
      if (summary === null) say(`${loads[name].path} is not served: left out`);
      else summaries.push(summary);
    } catch (error) {
      failures.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { machine: describeMachine(), loadAverageBefore, loads: summaries, failures };
}

/** So no load pays for merging what another one left, where it is not said that it does. `null`: its path is not served. */
async function onOwnSystem(name: LoadName): Promise<LoadSummary | null> {
  const load = loads[name];
  const system = await startIngestSystem();
  try {
    if (await isAbsent(system, load)) return null;
    await runOne(system, name, { ...load, ...warmUp }, 1);
    if (load.after === "burst") await runOne(system, "burst-gzip", loads["burst-gzip"], 2);
    return await runOne(system, name, load, 3);
  } finally {
    await system.stop();
  }
}

async function isAbsent({ url, headers }: IngestSystem, { path }: Load): Promise<boolean> {
  const answer = await fetch(url + path, { method: "POST", headers, body: "" });
  await answer.arrayBuffer();
  return answer.status === 404;
}

async function runOne(system: IngestSystem, name: LoadName, load: Load, number: number): Promise<LoadSummary> {
  const offered = load.offeredPerSecond * load.seconds;
  const order: LoadOrder = {
    url: system.url + load.path,
    headers: { ...system.headers },
    form: load.form,
    load: number,
    batches: Math.ceil(offered / spansPerBatch),
    batchesPerSecond: load.offeredPerSecond / spansPerBatch,
    connections: load.connections,
  };
  const rowsBefore = await countRows(system.clickhouseUrl);
  const stored = async (): Promise<number> => (await countRows(system.clickhouseUrl)) - rowsBefore;
  const counted = async (as: "" | "FINAL"): Promise<number> => await countSpans(system.clickhouseUrl, tracePrefix(number), as);
  const before = system.usage();
  const watch = watchSystem(system, stored);
  const result = loadResultSchema.parse(await system.generator.ask(order));
  const accepted = result.latenciesUs.length * spansPerBatch;
  const drainedUs = await untilStored(accepted, stored);
  const seen = await watch.stop();
  const after = system.usage();
  const perSpan = (ms: number): number => (ms * 1000) / Math.max(1, accepted);
  const latencyMs = (share: number): number => percentile(result.latenciesUs, share) / 1000;
  return {
    name,
    offered: order.batches * spansPerBatch,
    accepted,
    refused: result.refused,
    loadMs: (result.endedUs - result.startedUs) / 1000,
    latencyMs: { p50: latencyMs(0.5), p95: latencyMs(0.95), p99: latencyMs(0.99) },
    bytesPerSpan: result.bytesPerBatch / spansPerBatch,
    backlog: seen.map(({ rows, atUs }) => result.acceptedUs.filter((us) => us > 0 && us <= atUs).length * spansPerBatch - rows),
    drainedMs: Math.max(0, (drainedUs - result.endedUs) / 1000),
    rows: await counted(""),
    spans: await counted("FINAL"),
    cpuMicrosecondsPerSpan: {
      generator: perSpan(result.cpuMs),
      ...ofParts((part) => perSpan(after[part].cpuMs - before[part].cpuMs)),
    },
    rssBytesMax: ofParts((part) => Math.max(...seen.map(({ usage }) => usage[part].rssBytes), after[part].rssBytes)),
  };
}

function ofParts(valueOf: (part: Part) => number): Record<Part, number> {
  return {
    edges: valueOf("edges"),
    objects: valueOf("objects"),
    app: valueOf("app"),
    clickhouse: valueOf("clickhouse"),
    runner: valueOf("runner"),
  };
}

interface Seen {
  readonly atUs: number;
  readonly rows: number;
  readonly usage: Usage;
}

/** Looks every few seconds how many rows are there and what the processes hold. */
function watchSystem(system: IngestSystem, stored: () => Promise<number>): { readonly stop: () => Promise<readonly Seen[]> } {
  const seen: Seen[] = [];
  const ended = new AbortController();
  const watching = (async (): Promise<void> => {
    for (;;) {
      await sleep(watchEveryMs, undefined, { signal: ended.signal });
      const rows = await stored();
      seen.push({ atUs: nowMicroseconds(), rows, usage: system.usage() });
    }
  })().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
  return {
    stop: async () => {
      ended.abort();
      await watching;
      return seen;
    },
  };
}

/** When all were rows, in monotonic microseconds. Gives up in the end: what is missing is then counted as lost. */
async function untilStored(accepted: number, stored: () => Promise<number>): Promise<number> {
  const endUs = nowMicroseconds() + drainPatienceMs * 1000;
  for (;;) {
    const rows = await stored();
    if (rows >= accepted || nowMicroseconds() > endUs) return nowMicroseconds();
    await sleep(200);
  }
}
