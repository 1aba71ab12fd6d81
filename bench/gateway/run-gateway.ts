import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild, type Child } from "../processes/parent.ts";
import { BenchTarget, type Measurement } from "./bench-target.ts";
import { describeMachine } from "./machine.ts";
import { cells, leadInMs, recordingLeadInMs, rounds, warmUpMs, windowsMs, type Cell } from "./plan.ts";
import type { GatewayReport } from "./report.ts";
import { watchBacklog, type SoakSummary } from "./soak.ts";
import { summarise } from "./summary.ts";
import type { TargetName } from "./targets/table.ts";

type Failure = GatewayReport["failures"][number];

/**
 * Measures `names` against one mock upstream, interleaved, and tells its progress to `say`.
 * A target that does not come up, or breaks on the way, is a failure in the report; the others go on.
 */
export async function runGateway(names: readonly TargetName[], say: (text: string) => void): Promise<GatewayReport> {
  const startedMs = performance.now();
  const directory = mkdtempSync(join(tmpdir(), "evalforge-bench-"));
  // However the run ends; by then its processes have been ended.
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const upstream = await startChild(new URL("./upstream.ts", import.meta.url), [], join(directory, "upstream.log"));
  const generator = await startChild(new URL("./load.ts", import.meta.url), [], join(directory, "load.log"));
  const failures: Failure[] = [];
  const running: BenchTarget[] = [];
  try {
    for (const name of names) {
      say(`starting ${name}`);
      await attempt(name, failures, async () => {
        running.push(await BenchTarget.start(name, upstream.url, join(directory, name)));
      });
    }
    const measured = await measureRounds(running, generator, failures, say);
    const soak = await soakRecorder(running, generator, failures, say);
    const summaries = running.flatMap(({ name }) =>
      cells.flatMap((cell) => {
        const measurements = measured.get(name)?.get(cell) ?? [];
        return measurements.length === 0 ? [] : [summarise(name, cell, measurements)];
      }),
    );
    return {
      machine: describeMachine(),
      durationSeconds: Math.round((performance.now() - startedMs) / 1000),
      cells: summaries,
      soak,
      failures,
    };
  } finally {
    await Promise.all([...running.map(async (target) => await target.stop()), upstream.stop(), generator.stop()]);
  }
}

async function measureRounds(
  running: readonly BenchTarget[],
  generator: Child,
  failures: Failure[],
  say: (text: string) => void,
): Promise<Map<TargetName, Map<Cell, Measurement[]>>> {
  const measured = new Map<TargetName, Map<Cell, Measurement[]>>();
  const broken = new Set<TargetName>();
  for (const target of running) {
    measured.set(target.name, new Map(cells.map((cell) => [cell, []])));
    const warm = await attempt(target.name, failures, async () => {
      for (const workload of ["plain", "stream"] as const)
        await target.measure(generator, { workload, connections: 16 }, 0, warmUpMs[workload]);
    });
    if (!warm) broken.add(target.name);
  }
  const roundsMax = Math.max(...Object.values(rounds));
  for (let round = 1; round <= roundsMax; round += 1) {
    say(`round ${round} of ${roundsMax}`);
    for (const cell of cells) {
      if (round > rounds[cell.workload]) continue;
      for (const target of running) {
        if (broken.has(target.name)) continue;
        const leadIn = (target.clickhouseUrl === null ? leadInMs : recordingLeadInMs)[cell.workload];
        const succeeded = await attempt(target.name, failures, async () => {
          const measurement = await target.measure(generator, cell, leadIn, windowsMs[cell.workload]);
          measured.get(target.name)?.get(cell)?.push(measurement);
        });
        if (!succeeded) broken.add(target.name);
      }
    }
  }
  return measured;
}

async function soakRecorder(
  running: readonly BenchTarget[],
  generator: Child,
  failures: Failure[],
  say: (text: string) => void,
): Promise<SoakSummary | null> {
  let summary: SoakSummary | null = null;
  for (const target of running) {
    const { clickhouseUrl } = target;
    if (clickhouseUrl === null || failures.some((failure) => failure.target === target.name)) continue;
    say(`backlog of ${target.name} under load without pause`);
    await attempt(target.name, failures, async () => {
      summary = await watchBacklog(target, clickhouseUrl, generator);
    });
  }
  return summary;
}

async function attempt(target: TargetName, failures: Failure[], work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    failures.push({ target, reason: error instanceof Error ? error.message : String(error) });
    return false;
  }
}
