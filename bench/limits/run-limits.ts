import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { escrow } from "../../core/limits/simulation-tree.fixture.ts";
import { simulate } from "../../core/limits/simulation.fixture.ts";
import { loadResultSchema, type LoadResult } from "../gateway/load-order.ts";
import { describeMachine, type Machine } from "../gateway/machine.ts";
import { percentile, spread, type Spread } from "../gateway/percentile.ts";
import { drainPatienceMs } from "../gateway/plan.ts";
import { untilRecorded } from "../gateway/record-count.ts";
import { requestBody } from "../gateway/workloads.ts";
import { startChild } from "../processes/parent.ts";
import { treeUsage } from "../processes/process-tree.ts";
import { startSystem, type LocalSystem } from "../system.ts";

/** Far above what the load spends: what is measured is the steady state, not the end of a budget. */
const budget = { name: "Budget", subject: { kind: "organization" }, amount: { totalNanoUsd: 1e15 }, window: { kind: "never" } };
const rate = { name: "Rate", subject: { kind: "key", id: null }, limit: 1_000_000_000 };

/** Whose calls are measured, by the limits that hold for them. */
export const limitSets = {
  none: { title: "no limit", budgets: [], rates: [] },
  budget: { title: "one hard budget", budgets: [budget], rates: [] },
  five: {
    title: "two hard budgets, requests and tokens a minute, calls at once",
    budgets: [budget, { ...budget, subject: { kind: "key", id: null } }],
    rates: ["requests", "tokens", "concurrent"].map((measure) => ({ ...rate, measure })),
  },
} as const;
type LimitSet = keyof typeof limitSets;
const limitSetNames = ["none", "budget", "five"] as const satisfies readonly LimitSet[];

export const limitsPlan = {
  connections: 16,
  rounds: 7,
  windowMs: 2_000,
  leadInMs: 500,
  warmUpMs: 8_000,
  simulatedSteps: 20_000_000,
} as const;

interface SetReport {
  readonly set: LimitSet;
  readonly callsPerSecond: Spread;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly cpuMicrosecondsPerCall: Spread;
  readonly errors: number;
}

export interface LimitsReport {
  readonly machine: Machine;
  readonly loadAverageBefore: number;
  readonly sets: readonly SetReport[];
  readonly simulated: { readonly steps: number; readonly violation: string | null; readonly seconds: number };
}

interface Measured extends LoadResult {
  readonly cpuMs: number;
}

/** What limits cost a call: the same load through keys with and without them, in turn. */
export async function runLimits(say: (text: string) => void): Promise<LimitsReport> {
  const loadAverageBefore = loadavg()[0] ?? 0;
  const directory = mkdtempSync(join(tmpdir(), "evalforge-bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const upstream = await startChild(new URL("../gateway/upstream.ts", import.meta.url), [], join(directory, "upstream.log"));
  const generator = await startChild(new URL("../gateway/load.ts", import.meta.url), [], join(directory, "load.log"));
  const system = await startSystem(join(directory, "data"), { OPENAI_BASE_URL: `${upstream.url}/v1`, OPENAI_API_KEY: "bench" });
  try {
    let answered = 0;
    const measure = async (key: string, leadInMs: number, measureMs: number): Promise<Measured> => {
      const before = treeUsage(system.pid).cpuMs;
      const order = {
        url: `${system.url}/v1/chat/completions`,
        headers: { authorization: `Bearer ${key}` },
        body: requestBody("plain", "gpt-4o-mini"),
        workload: "plain",
        connections: limitsPlan.connections,
        leadInMs,
        measureMs,
      };
      const result = loadResultSchema.parse(await generator.ask(order));
      answered += result.callsTotal;
      await untilRecorded(system.clickhouseUrl, answered, drainPatienceMs);
      return { ...result, cpuMs: treeUsage(system.pid).cpuMs - before };
    };
    const keys = new Map<LimitSet, string>();
    for (const set of limitSetNames) keys.set(set, await keyWith(system, set));
    const measured = new Map<LimitSet, Measured[]>(limitSetNames.map((set) => [set, []]));
    for (const [set, key] of keys) {
      say(`warming up: ${limitSets[set].title}`);
      await measure(key, 0, limitsPlan.warmUpMs);
    }
    for (let round = 1; round <= limitsPlan.rounds; round += 1) {
      say(`round ${round} of ${limitsPlan.rounds}`);
      for (const [set, key] of keys) measured.get(set)?.push(await measure(key, limitsPlan.leadInMs, limitsPlan.windowMs));
    }
    const sets = limitSetNames.map((set) => summarise(set, measured.get(set) ?? []));
    return { machine: describeMachine(), loadAverageBefore, sets, simulated: runSimulation(say) };
  } finally {
    await Promise.all([system.stop(), upstream.stop(), generator.stop()]);
  }
}

function runSimulation(say: (text: string) => void): LimitsReport["simulated"] {
  say(`${limitsPlan.simulatedSteps} random steps of the protocol`);
  const startedMs = performance.now();
  const { steps, violation } = simulate(limitsPlan.simulatedSteps, 11, escrow);
  return { steps, violation, seconds: Math.round((performance.now() - startedMs) / 1_000) };
}

function summarise(set: LimitSet, rounds: readonly Measured[]): SetReport {
  const latenciesUs = Float64Array.from(rounds.flatMap((round) => [...round.latenciesUs])).sort();
  return {
    set,
    callsPerSecond: spread(rounds.map(({ calls, windowMs }) => (calls * 1_000) / windowMs)),
    latencyMs: { p50: percentile(latenciesUs, 0.5) / 1_000, p99: percentile(latenciesUs, 0.99) / 1_000 },
    cpuMicrosecondsPerCall: spread(rounds.map(({ cpuMs, callsTotal }) => (cpuMs * 1_000) / Math.max(1, callsTotal))),
    errors: rounds.flatMap(({ errors }) => Object.values(errors)).reduce((sum, count) => sum + count, 0),
  };
}

/** A key of an organisation that has these limits, and no other. */
async function keyWith({ apiUrl, adminKey }: LocalSystem, set: LimitSet): Promise<string> {
  const post = async <Output>(path: string, body: unknown, output: z.ZodType<Output>): Promise<Output> => {
    const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" };
    const response = await fetch(new URL(path, apiUrl), { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return output.parse(await response.json());
  };
  const made = z.object({ organizationId: z.string() });
  const { organizationId } = await post("/api/organizations", { name: set }, made);
  const organization = `/api/organizations/${organizationId}`;
  const project = { name: set, homeRegion: "us-east" };
  const { projectId } = await post(`${organization}/projects`, project, z.object({ projectId: z.string() }));
  for (const each of limitSets[set].budgets) await post(`${organization}/budgets`, each, z.unknown());
  for (const each of limitSets[set].rates) await post(`${organization}/rate-limits`, each, z.unknown());
  return (await post(`/api/projects/${projectId}/keys`, { name: set }, z.object({ key: z.string() }))).key;
}
