import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";

const run = promisify(execFile);

/** A process, told apart from a later one that got the same number. */
export const processIdentitySchema = z.object({ pid: z.int().positive(), startedAt: z.string() });
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

const stateField = 0;
const startTimeField = 19;

/** When the live process `pid` started, as the system writes it; null if there is none (a zombie is none). */
export async function startedAt(pid: number): Promise<string | null> {
  if (process.platform !== "linux") return startedAtFromPs(pid);
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The second field is the program's name in brackets and may itself hold brackets and spaces.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[stateField] === "Z" || fields[stateField] === "X") return null;
  return fields[startTimeField] ?? null;
}

async function startedAtFromPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await run("ps", ["-o", "lstart=", "-p", String(pid)], { env: { ...process.env, LC_ALL: "C" } });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

export async function identityOf(pid: number): Promise<ProcessIdentity | null> {
  const started = await startedAt(pid);
  return started === null ? null : { pid, startedAt: started };
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await startedAt(identity.pid)) === identity.startedAt;
}

/** Ends a process: SIGTERM, after `graceMs` SIGKILL; resolves when it is gone. Does nothing to a later process of that number. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  const killAtMs = performance.now() + graceMs;
  let signal: NodeJS.Signals | null = "SIGTERM";
  while (await isRunning(identity)) {
    if (signal !== null) sendSignal(identity.pid, signal);
    signal = null;
    if (performance.now() >= killAtMs) signal = "SIGKILL";
    await sleep(10);
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Direct children of `parentPid`; with `command`, those that run this program. */
export async function childrenOf(parentPid: number, command = ""): Promise<ProcessIdentity[]> {
  const rows = process.platform === "linux" ? await rowsFromProc() : await rowsFromPs();
  const found: ProcessIdentity[] = [];
  for (const row of rows) {
    if (row.parentPid !== parentPid || !row.command.endsWith(command)) continue;
    const identity = await identityOf(row.pid);
    if (identity !== null) found.push(identity);
  }
  return found;
}

interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: string;
}

/** Small Linux images have no `ps`. */
async function rowsFromProc(): Promise<ProcessRow[]> {
  const rows: ProcessRow[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const match = /^\d+ \((.*)\) \S (\d+) /s.exec(text);
    if (match !== null) rows.push({ pid: Number(name), parentPid: Number(match[2]), command: match[1] ?? "" });
  }
  return rows;
}

async function rowsFromPs(): Promise<ProcessRow[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,comm="]);
  return stdout.split("\n").flatMap((line) => {
    const [pid, parentPid, ...command] = line.trim().split(/\s+/);
    return command.length === 0 ? [] : [{ pid: Number(pid), parentPid: Number(parentPid), command: command.join(" ") }];
  });
}
