import { readdirSync, readFileSync } from "node:fs";

/** What a process and all its descendants have used, as Linux counts it. */
export interface TreeUsage {
  /** User and system time; the kernel counts it in steps of 10 ms. */
  readonly cpuMs: number;
  /** Resident memory now; pages that processes share are counted in each. */
  readonly rssBytes: number;
  /** The parts of both that are workerd's. */
  readonly workerd: { readonly cpuMs: number; readonly rssBytes: number };
}

const clockTickMs = 10;
const pageBytes = 4096;

interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly name: string;
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** Usage of the tree under `rootPid`, read from /proc. */
export function treeUsage(rootPid: number): TreeUsage {
  const rows = tree(rootPid);
  return { ...total(rows), workerd: total(rows.filter((row) => row.name.startsWith("workerd"))) };
}

/** Ends the tree under `rootPid`, by id. */
export function endTree(rootPid: number): void {
  end(tree(rootPid));
}

/** Ends everything under `rootPid`, not itself. */
export function endDescendants(rootPid: number): void {
  end(tree(rootPid).filter(({ pid }) => pid !== rootPid));
}

/** Parents stand before their children, so that none is started again. */
function end(rows: readonly ProcessRow[]): void {
  for (const { pid } of rows) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself between the listing and the signal.
    }
  }
}

function total(rows: readonly ProcessRow[]): TreeUsage["workerd"] {
  return {
    cpuMs: rows.reduce((sum, row) => sum + row.cpuMs, 0),
    rssBytes: rows.reduce((sum, row) => sum + row.rssBytes, 0),
  };
}

function tree(rootPid: number): ProcessRow[] {
  const rows = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? processRow(Number(name)) : []));
  const found: ProcessRow[] = rows.filter((row) => row.pid === rootPid);
  // Grows while it is walked: each found process adds its children.
  for (const parent of found) found.push(...rows.filter((row) => row.parentPid === parent.pid));
  return found;
}

function processRow(pid: number): ProcessRow[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in parentheses and may hold spaces; the fields after it are counted from state = 3 (proc(5)).
    const nameEnd = stat.lastIndexOf(")");
    const fields = stat.slice(nameEnd + 2).split(" ");
    const field = (number: number): number => Number(fields[number - 3]);
    return [
      {
        pid,
        parentPid: field(4),
        name: stat.slice(stat.indexOf("(") + 1, nameEnd),
        cpuMs: (field(14) + field(15)) * clockTickMs,
        rssBytes: field(24) * pageBytes,
      },
    ];
  } catch {
    return [];
  }
}
