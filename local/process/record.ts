import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writePrivateFile } from "./atomic-file.ts";
import { endProcess, identityOf, processIdentitySchema, type ProcessIdentity } from "./identity.ts";

/** The directory is part of it: a copy of a data directory must not end the processes of the original. */
const recordSchema = z.object({ directory: z.string(), processes: z.record(z.string(), processIdentitySchema) });

/** The runner's children by name, on disk, so that the next start can end those that outlive a `kill -9` of the runner. */
export interface ProcessRecord {
  /** Resolves when the process is on disk under `name`, in place of the one before. */
  readonly put: (name: string, pid: number) => Promise<void>;
  /**
   * Ends what the record names, by SIGKILL after `graceMs`, and waits until it is gone; resolves to the names of those
   * that were still running.
   */
  readonly endAll: (graceMs: number) => Promise<string[]>;
}

export async function openProcessRecord(directory: string): Promise<ProcessRecord> {
  const path = join(directory, "processes.json");
  const processes = new Map<string, ProcessIdentity>(Object.entries(await readRecord(path, directory)));
  let saved: Promise<void> = Promise.resolve();

  const save = async () => {
    saved = saved.then(() => writePrivateFile(path, JSON.stringify({ directory, processes: Object.fromEntries(processes) })));
    await saved;
  };

  return {
    put: async (name, pid) => {
      const identity = await identityOf(pid);
      if (identity === null) return;
      processes.set(name, identity);
      await save();
    },
    endAll: async (graceMs) => {
      const ended: string[] = [];
      await Promise.all(
        [...processes].map(async ([name, identity]) => {
          if ((await identityOf(identity.pid))?.startedAt !== identity.startedAt) return;
          ended.push(name);
          await endProcess(identity, graceMs);
        }),
      );
      processes.clear();
      await save();
      return ended;
    },
  };
}

async function readRecord(path: string, directory: string): Promise<Record<string, ProcessIdentity>> {
  try {
    const record = recordSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return record.data?.directory === directory ? record.data.processes : {};
  } catch {
    return {};
  }
}
