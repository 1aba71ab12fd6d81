import type { Miniflare } from "miniflare";
import { rm } from "node:fs/promises";
import { constants, getPriority, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf } from "../process/identity.ts";
import type { Supervision } from "../process/supervise.ts";
import { reasonOf, StartFailure } from "../start-failure.ts";
import { workerNames, type Bundles, type Layout } from "./layout.ts";
import { startRuntimeProcess } from "./runtime-process.ts";

export interface WorkersRuntime {
  /** Runs the app's `scheduled()`, as the platform does by its cron lines. */
  readonly schedule: (cron: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

type Part = keyof Layout;

/** Names of the processes in the record and in messages. */
const processNames = {
  objects: "workerd of the objects",
  edges: "workerd of the edges",
  app: "workerd of the app",
} as const satisfies Record<Part, string>;

/** The consumers in it have hours where a call has milliseconds. */
function lowerPriority(pid: number): void {
  try {
    // Never above what the runner was started with, which only root may.
    setPriority(pid, Math.max(getPriority(pid), constants.priority.PRIORITY_BELOW_NORMAL));
  } catch {
    // It has died meanwhile; the next one comes here too.
  }
}

/** What Miniflare keeps beside the state: who runs where, and that a start is under way. Both outlive a `kill -9`, and are believed for a while. */
const leftovers = ["registry", ".miniflare-startup.lock"] as const;

/**
 * Starts the Workers in three processes, state under `directory`: so nothing behind the buffers holds up a call at an edge,
 * and nothing behind the queues an event on its way into a buffer. They find each other through a registry of files. Each
 * can open the buckets; the one that registered first does, and the others ask it.
 */
export async function startRuntime(layout: Layout, bundles: Bundles, directory: string, supervision: Supervision): Promise<WorkersRuntime> {
  // Nobody else has this directory: the runner holds its lock.
  for (const name of leftovers) await rm(join(directory, name), { recursive: true, force: true });
  const pids = new Map<Part, number>();
  let recorded: Promise<void> = Promise.resolve();
  /** One after the other: of two that start again at once, each must find the other's number taken. */
  const recordProcess = async (part: Part): Promise<void> => {
    recorded = recorded.then(async () => {
      const known = new Set([...pids].flatMap(([other, pid]) => (other === part ? [] : [pid])));
      const own = (await childrenOf(process.pid, "workerd")).find(({ pid }) => !known.has(pid));
      if (own === undefined) return;
      pids.set(part, own.pid);
      if (part === "app") lowerPriority(own.pid);
      await supervision.record.put(processNames[part], own.pid);
    });
    await recorded;
  };
  const start = async (part: Part): Promise<Miniflare> =>
    await startRuntimeProcess({
      name: processNames[part],
      workers: layout[part],
      bundles,
      directory,
      options: {
        unsafeDevRegistryPath: join(directory, "registry"),
        resourcePersistencePath: directory,
        isolatedResourcePersistencePath: part === "objects" ? directory : join(directory, part),
      },
      supervision,
      onStarted: async () => {
        await recordProcess(part);
      },
    });
  const started: Miniflare[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(started.map(async (miniflare) => await miniflare.dispose()));
  };
  try {
    // One after the other: the buckets belong to the first.
    for (const part of ["objects", "edges"] as const) started.push(await start(part));
    const app = await start("app");
    started.push(app);
    return {
      schedule: async (cron) => {
        const worker = await app.getWorker(workerNames.app);
        await worker.scheduled({ cron });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves when every address answers 200. Throws `StartFailure` that names the one that does not within `timeoutMs`. */
export async function untilHealthy(urls: readonly string[], timeoutMs: number): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (const url of urls) {
    for (;;) {
      const status = await statusOf(url);
      if (status === "200") break;
      if (performance.now() > deadlineMs) throw new StartFailure(`${url} does not answer (${status}).`);
      await sleep(50);
    }
  }
}

async function statusOf(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return String(response.status);
  } catch (error) {
    return reasonOf(error);
  }
}
