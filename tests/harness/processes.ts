import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { RunningSystem } from "./running-system.ts";
import { until } from "./until.ts";

/** A process, told apart from a later one that got the same number. */
export interface SeenProcess {
  readonly pid: number;
  readonly command: string;
  readonly startedAt: string;
}

/** `pid` and everything that descends from it, as `/proc` shows it now. */
export async function processTree(pid: number): Promise<SeenProcess[]> {
  const rows = await allProcesses();
  const family = new Set([pid]);
  // Children may have smaller numbers than their parents, so one pass is not enough.
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const row of rows) if (family.has(row.parentPid)) family.add(row.pid);
  }
  return rows.filter((row) => family.has(row.pid)).map(({ pid: own, command, startedAt }) => ({ pid: own, command, startedAt }));
}

/** Those of `processes` that still run; one that has ended and is only not yet collected by its parent does not. */
export async function stillRunning(processes: readonly SeenProcess[]): Promise<SeenProcess[]> {
  const rows = await allProcesses();
  return processes.filter((seen) => rows.some((row) => row.pid === seen.pid && row.startedAt === seen.startedAt));
}

/** The programs that work in a directory, or in one that was there and is gone; none where there is no `/proc`. */
export async function programsIn(directory: string): Promise<string[]> {
  const programs: string[] = [];
  for (const entry of await readdir("/proc").catch(() => [])) {
    const workingDirectory = await readlink(`/proc/${entry}/cwd`).catch(() => "");
    if (workingDirectory.startsWith(directory)) programs.push(await readFile(`/proc/${entry}/comm`, "utf8").catch(() => entry));
  }
  return programs;
}

interface ProcessRow extends SeenProcess {
  readonly parentPid: number;
}

async function allProcesses(): Promise<ProcessRow[]> {
  const rows: ProcessRow[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const text = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    // Program names may hold brackets and spaces, so the fields are counted after the last bracket.
    const [state, parentPid, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    if (text === "" || state === "Z" || state === "X") continue;
    const command = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    rows.push({ pid: Number(entry), parentPid: Number(parentPid), command, startedAt: rest[17] ?? "" });
  }
  return rows;
}

export type Part = "workerd of the objects" | "workerd of the edges" | "workerd of the app" | "ClickHouse" | "PostgreSQL" | "Redis";

const recordSchema = z.object({ processes: z.record(z.string(), z.object({ pid: z.int() })) });

/** The number of the process that a part of the system runs in; `null` where it has none of its own. */
export async function pidOf({ dataDirectory }: RunningSystem, part: Part): Promise<number | null> {
  const { processes } = recordSchema.parse(JSON.parse(await readFile(join(dataDirectory, "processes.json"), "utf8")));
  return processes[part]?.pid ?? null;
}

/** Kills one part with `kill -9` and waits until the system has started another in its place. */
export async function killPart(system: RunningSystem, part: Part): Promise<void> {
  const pid = await pidOf(system, part);
  if (pid === null) throw new Error(`${part} has no process of its own`);
  process.kill(pid, "SIGKILL");
  await until(`another ${part}`, 60_000, async () => ((await pidOf(system, part)) === pid ? null : true));
}

/** Holds a part still, as one that is reached but never answers, while `work` runs. */
export async function whileStopped<Result>(system: RunningSystem, parts: readonly Part[], work: () => Promise<Result>): Promise<Result> {
  const pids = await Promise.all(parts.map((part) => pidOf(system, part)));
  const held = pids.filter((pid) => pid !== null);
  if (held.length !== parts.length) throw new Error(`${parts.join(" and ")}: not all have a process of their own`);
  for (const pid of held) process.kill(pid, "SIGSTOP");
  try {
    return await work();
  } finally {
    for (const pid of held) process.kill(pid, "SIGCONT");
  }
}
