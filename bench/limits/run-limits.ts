import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { strandingMonth, type Month } from "../../core/limits/stranding.fixture.ts";
import { loadResultSchema, type LoadResult } from "../gateway/load-order.ts";
import { describeMachine, type Machine } from "../gateway/machine.ts";
import { percentile, spread, type Spread } from "../gateway/percentile.ts";
import { drainPatienceMs } from "../gateway/plan.ts";
import { queryNumber, spansOfAllRegions, untilRecorded } from "../gateway/record-count.ts";
import { requestBody } from "../gateway/workloads.ts";
import { startChild } from "../processes/parent.ts";
import { treeUsage } from "../processes/process-tree.ts";
import { startSystem, type LocalSystem } from "../system.ts";
import { runProtocol, type ProtocolReport } from "./protocol.ts";

/** Far above what the load spends: what is measured is the steady state, not the end of a budget. */
const budget = { name: "Budget", subject: { kind: "organization" }, amount: { totalNanoUsd: 1e15 }, window: { kind: "never" } };
const rate = { name: "Rate", subject: { kind: "key", id: null }, limit: 1_000_000_000 };

/**
 * Whose calls are measured, by the limits that hold for them. `cpuMoreMax`: how much CPU such a call may take beside one without
 * limits, as a part of that.
 */
export const limitSets = {
  none: { title: "no limit", cpuMoreMax: 0, budgets: [], rates: [] },
  pocket: { title: "one hard budget: calls are served by their isolate's pocket", cpuMoreMax: 0.1, budgets: [budget], rates: [] },
  hop: {
    title: "one hard budget, requests a minute: each call asks its region",
    cpuMoreMax: 0.35,
    budgets: [budget],
    rates: [{ ...rate, measure: "requests" }],
  },
  five: {
    title: "two hard budgets, requests and tokens a minute, calls at once: each call asks its region",
    cpuMoreMax: 0.35,
    budgets: [budget, { ...budget, subject: { kind: "key", id: null } }],
    rates: ["requests", "tokens", "concurrent"].map((measure) => ({ ...rate, measure })),
  },
} as const;
type LimitSet = keyof typeof limitSets;
const limitSetNames = ["none", "pocket", "hop", "five"] as const satisfies readonly LimitSet[];

/** How isolates end in the months that are simulated. */
export const months = {
  deployments: { title: "ten deployments a day", deaths: { deploymentsADay: 10, isolateLifeMs: null } },
  deaths: { title: "ten deployments a day, each isolate dies every 30 s", deaths: { deploymentsADay: 10, isolateLifeMs: 30_000 } },
} as const;
type MonthName = keyof typeof months;

export const limitsPlan = {
  connections: 16,
  /** As many calls a second whoever makes them: what recording costs one depends on how many are recorded together. */
  everyMs: 50,
  rounds: 12,
  windowMs: 2_000,
  leadInMs: 300,
  warmUpMs: 8_000,
} as const;

/** Random steps of the protocol where nothing else is said. */
export const protocolSteps = 100_000_000;

interface SetReport {
  readonly set: LimitSet;
  readonly callsPerSecond: Spread;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly cpuMicrosecondsPerCall: Spread;
  /**
   * Beside calls without limits, as a part of theirs: by the least of each, and by the medians. What else a machine does only adds to
   * what a call costs, so the least is nearest to it.
   */
  readonly cpuMore: { readonly least: number; readonly median: number };
  /** Of the calls with holds, those that asked their region. */
  readonly hopPart: number;
  readonly errors: number;
}

export interface LimitsReport {
  readonly machine: Machine;
  readonly loadAverageBefore: number;
  readonly sets: readonly SetReport[];
  readonly months: Readonly<Record<MonthName, Month>>;
  readonly protocol: ProtocolReport;
}

interface Measured extends LoadResult {
  readonly cpuMs: number;
}

/** What limits cost a call: the same load through keys with and without them, in turn. Then so many steps of the protocol alone. */
export async function runLimits(steps: number, say: (text: string) => void): Promise<LimitsReport> {
  const loadAverageBefore = loadavg()[0] ?? 0;
  const directory = mkdtempSync(join(tmpdir(), "evalforge-bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const upstream = await startChild(new URL("../gateway/upstream.ts", import.meta.url), [], join(directory, "upstream.log"));
  const generator = await startChild(new URL("../gateway/load.ts", import.meta.url), [], join(directory, "load.log"));
  const system = await startSystem(join(directory, "data"), { OPENAI_BASE_URL: `${upstream.url}/v1`, OPENAI_API_KEY: "bench" });
  try {
    let answered = 0;
    const measure = async (key: string, everyMs: number, leadInMs: number, measureMs: number): Promise<Measured> => {
      const before = treeUsage(system.pid).workerd.cpuMs;
      const order = {
        url: `${system.url}/v1/chat/completions`,
        headers: { authorization: `Bearer ${key}` },
        body: requestBody("plain", "gpt-4o-mini"),
        workload: "plain",
        connections: limitsPlan.connections,
        everyMs,
        leadInMs,
        measureMs,
      };
      const result = loadResultSchema.parse(await generator.ask(order));
      answered += result.callsTotal;
      await untilRecorded(system.clickhouseUrl, answered, drainPatienceMs);
      return { ...result, cpuMs: treeUsage(system.pid).workerd.cpuMs - before };
    };
    const keys = new Map<LimitSet, string>();
    const organizations = new Map<LimitSet, string>();
    for (const set of limitSetNames) {
      const { organizationId, key } = await keyWith(system, set);
      organizations.set(set, organizationId);
      keys.set(set, key);
    }
    const measured = new Map<LimitSet, Measured[]>(limitSetNames.map((set) => [set, []]));
    for (const [set, key] of keys) {
      say(`warming up: ${limitSets[set].title}`);
      await measure(key, 0, 0, limitsPlan.warmUpMs);
    }
    for (let round = 1; round <= limitsPlan.rounds; round += 1) {
      say(`round ${round} of ${limitsPlan.rounds}`);
      // Each order as often as its opposite: who comes second finds a warmer machine.
      const inTurn = round % 2 === 0 ? [...keys].toReversed() : [...keys];
      for (const [set, key] of inTurn)
        measured.get(set)?.push(await measure(key, limitsPlan.everyMs, limitsPlan.leadInMs, limitsPlan.windowMs));
    }
    const plain = measured.get("none") ?? [];
    const sets: SetReport[] = [];
    for (const set of limitSetNames) {
      const hopPart = await hopPartOf(system.clickhouseUrl, organizations.get(set) ?? "");
      sets.push(summarise(set, measured.get(set) ?? [], plain, hopPart));
    }
    await system.stop();
    const simulated = { deployments: strandingMonth(months.deployments.deaths), deaths: strandingMonth(months.deaths.deaths) };
    const protocol = await runProtocol(steps, directory, say);
    return { machine: describeMachine(), loadAverageBefore, sets, months: simulated, protocol };
  } finally {
    await Promise.all([system.stop(), upstream.stop(), generator.stop()]);
  }
}

/** Of an organisation's recorded calls with holds, those whose holds are no pocket's. */
async function hopPartOf(clickhouseUrl: string, organizationId: string): Promise<number> {
  const isPocketed = "arrayExists(hold -> startsWith(splitByChar(':', hold)[2], 'p'), hold_ids)";
  const spans = `${spansOfAllRegions} WHERE organization_id = '${organizationId}' AND notEmpty(hold_ids)`;
  return await queryNumber(clickhouseUrl, `SELECT ifNotFinite(1 - countIf(${isPocketed}) / count(), 0) FROM ${spans}`);
}

function summarise(set: LimitSet, rounds: readonly Measured[], plain: readonly Measured[], hopPart: number): SetReport {
  const cpuOf = ({ cpuMs, callsTotal }: Measured): number => (cpuMs * 1_000) / Math.max(1, callsTotal);
  const [cpu, plainCpu] = [spread(rounds.map(cpuOf)), spread(plain.map(cpuOf))];
  const latenciesUs = Float64Array.from(rounds.flatMap((round) => [...round.latenciesUs])).sort();
  return {
    set,
    callsPerSecond: spread(rounds.map(({ calls, windowMs }) => (calls * 1_000) / windowMs)),
    latencyMs: { p50: percentile(latenciesUs, 0.5) / 1_000, p99: percentile(latenciesUs, 0.99) / 1_000 },
    cpuMicrosecondsPerCall: cpu,
    cpuMore: { least: cpu.min / plainCpu.min - 1, median: cpu.median / plainCpu.median - 1 },
    hopPart,
    errors: rounds.flatMap(({ errors }) => Object.values(errors)).reduce((sum, count) => sum + count, 0),
  };
}

/** A key of an organisation that has these limits, and no other. */
async function keyWith(
  { apiUrl, adminKey }: LocalSystem,
  set: LimitSet,
): Promise<{ readonly organizationId: string; readonly key: string }> {
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
  const { key } = await post(`/api/projects/${projectId}/keys`, { name: set }, z.object({ key: z.string() }));
  return { organizationId, key };
}
