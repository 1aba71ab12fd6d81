import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Span } from "../../core/contracts/span.ts";
import { traffic } from "../../local/demo/traffic.ts";
import { requestBody } from "../gateway/workloads.ts";
import { startChild } from "../processes/parent.ts";
import { treeUsage } from "../processes/process-tree.ts";
import { benchProject, trafficEndsAtMs } from "../project.ts";
import { startSystem } from "../system.ts";
import { CountingSystem, type RawCounts } from "./counting-system.ts";
import { objectGb, operationsOfMessage, type Counts } from "./prices.ts";

const minuteMs = 60_000;

/** What is sent, how often, for how long. A request carries so many spans. */
export const loads = [
  { kind: "calls", title: "calls, 1/s", requestsPerSecond: 1, spansOfRequest: 1, seconds: 60 },
  { kind: "calls", title: "calls, 50/s", requestsPerSecond: 50, spansOfRequest: 1, seconds: 40 },
  { kind: "calls", title: "calls, 500/s", requestsPerSecond: 500, spansOfRequest: 1, seconds: 20 },
  { kind: "events", title: "events, 1 batch of 100 a second", requestsPerSecond: 1, spansOfRequest: 100, seconds: 40 },
  { kind: "events", title: "events, 20 batches of 100 a second", requestsPerSecond: 20, spansOfRequest: 100, seconds: 20 },
] as const;
export type Load = (typeof loads)[number];

export interface CostFigures {
  readonly load: Load;
  /** Calls or events that were sent. */
  readonly units: number;
  /** For a million of them. */
  readonly perMillion: Counts;
}

export interface CostReport {
  readonly figures: readonly CostFigures[];
  /** Of all workerds of the whole system (gateway, buffer, app with its consumer) beyond what they use idle, by calls a second. */
  readonly cpuMsOfCall: readonly { readonly callsPerSecond: number; readonly ms: number }[];
}

const cpuRates = [50, 300] as const;
const cpuSeconds = 20;

export async function runCost(say: (text: string) => void): Promise<CostReport> {
  const cpuMsOfCall = await measureCpu(say);
  const ms = Math.max(...cpuMsOfCall.map((measured) => measured.ms));
  const figures: CostFigures[] = [];
  const system = await CountingSystem.start();
  try {
    const spans = smallSpans();
    for (const load of loads) {
      say(`${load.title} for ${load.seconds} s`);
      const { before, after, sent } = await send(system, load, spans);
      const units = sent * load.spansOfRequest;
      const difference = (counter: keyof RawCounts): number => after[counter] - before[counter];
      const scale = 1e6 / units;
      figures.push({
        load,
        units,
        perMillion: {
          workerRequests: (sent + difference("consumerRequests")) * scale,
          // An event has no provider and no stream to pass on: what it costs was not measured alone, and is less.
          workerCpuMs: ms * 1e6,
          objectRequests: difference("objectRequests") * scale,
          objectGbSeconds: (difference("objectActiveMs") / 1000) * objectGb * scale,
          // Two minutes later, and so after the count, the row of each object is deleted.
          rowsWritten: (difference("rowsWritten") + difference("messages")) * scale,
          rowsRead: difference("rowsRead") * scale,
          bucketWrites: difference("bucketWrites") * scale,
          bucketReads: difference("bucketReads") * scale,
          queueOperations: difference("messages") * operationsOfMessage * scale,
        },
      });
    }
  } finally {
    await system.stop();
  }
  return { figures, cpuMsOfCall };
}

/** Spans as a call of the gateway's benchmark makes them: short ones. Sent again and again with ids of their own. */
function smallSpans(): readonly Span[] {
  const options = { seed: "cost", project: benchProject, fromMs: trafficEndsAtMs - 60 * minuteMs, toMs: trafficEndsAtMs, count: 600 };
  return [...traffic(options)].filter(({ metadata }) => metadata["app"] === "extractor");
}

let lastId = 0;

function newSpan(spans: readonly Span[]): Record<string, unknown> {
  lastId += 1;
  return { ...spans[lastId % spans.length], traceId: lastId.toString(16).padStart(32, "0"), spanId: lastId.toString(16).padStart(16, "0") };
}

/** Sends at an even pace, then waits until nothing changes any more: what is still on its way belongs to the load. */
async function send(
  system: CountingSystem,
  load: Load,
  spans: readonly Span[],
): Promise<{ before: RawCounts; after: RawCounts; sent: number }> {
  const before = await system.counts();
  const sending = new Set<Promise<void>>();
  const sent = load.requestsPerSecond * load.seconds;
  const startedMs = performance.now();
  let minutes = 0;
  for (let number = 0; number < sent; number += 1) {
    const dueMs = startedMs + (number * 1000) / load.requestsPerSecond;
    if (dueMs > performance.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
    if (performance.now() - startedMs > (minutes + 0.5) * minuteMs) {
      minutes += 1;
      await system.post("/minute", "");
    }
    const body = load.kind === "calls" ? newSpan(spans) : Array.from({ length: load.spansOfRequest }, () => newSpan(spans));
    const request = system.post(`/${load.kind}`, JSON.stringify(body)).finally(() => sending.delete(request));
    sending.add(request);
  }
  await Promise.all(sending);
  return { before, after: await whenQuiet(system), sent };
}

const quietMs = 2_500;

async function whenQuiet(system: CountingSystem): Promise<RawCounts> {
  let last = await system.counts();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const now = await system.counts();
    if (now.messages === last.messages && now.objectRequests === last.objectRequests) return now;
    last = now;
  }
}

async function cpuDuring(pid: number, work: () => Promise<void>): Promise<number> {
  const before = treeUsage(pid).workerd.cpuMs;
  await work();
  return treeUsage(pid).workerd.cpuMs - before;
}

/** CPU of the workerds of the whole system for each call, at an even pace, less what they use when nobody calls. */
async function measureCpu(say: (text: string) => void): Promise<CostReport["cpuMsOfCall"]> {
  const directory = mkdtempSync(join(tmpdir(), "evalforge-bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const upstream = await startChild(new URL("../gateway/upstream.ts", import.meta.url), [], join(directory, "upstream.log"));
  const system = await startSystem(join(directory, "data"), { OPENAI_BASE_URL: `${upstream.url}/v1`, OPENAI_API_KEY: "bench" });
  const body = requestBody("plain", "gpt-4o-mini");
  const call = async (): Promise<void> => {
    const response = await fetch(`${system.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${system.apiKey}` },
      body,
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`a call was answered with ${response.status}`);
  };
  const pace = async (callsPerSecond: number, seconds: number): Promise<void> => {
    const calls: Promise<void>[] = [];
    const startedMs = performance.now();
    for (let number = 0; number < callsPerSecond * seconds; number += 1) {
      const dueMs = startedMs + (number * 1000) / callsPerSecond;
      if (dueMs > performance.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
      calls.push(call());
    }
    await Promise.all(calls);
  };
  try {
    await pace(200, 10);
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const idleMs = await cpuDuring(system.pid, async () => {
      await new Promise((resolve) => setTimeout(resolve, cpuSeconds * 1000));
    });
    const measured: { callsPerSecond: number; ms: number }[] = [];
    for (const callsPerSecond of cpuRates) {
      say(`CPU at ${callsPerSecond} calls/s`);
      const ms = await cpuDuring(system.pid, async () => {
        await pace(callsPerSecond, cpuSeconds);
        // The last records are on their way for less than that.
        await new Promise((resolve) => setTimeout(resolve, quietMs));
      });
      measured.push({ callsPerSecond, ms: (ms - idleMs) / (callsPerSecond * cpuSeconds) });
    }
    return measured;
  } finally {
    await Promise.all([system.stop(), upstream.stop()]);
  }
}
