import type { Miniflare } from "miniflare";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf } from "../process/identity.ts";
import type { Supervision } from "../process/supervise.ts";
import { reasonOf, StartFailure } from "../start-failure.ts";
import type { Bundles, Layout } from "./layout.ts";
import { startRuntimeProcess } from "./runtime-process.ts";

export interface WorkersRuntime {
  /** Runs the `scheduled()` of a Worker beside the stores, as the platform does by its cron lines. */
  readonly schedule: (workerName: string, cron: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

type Part = keyof Layout;

/** Names of the two processes in the record and in messages. */
const processNames = { stores: "workerd", edges: "workerd of the edges" } as const satisfies Record<Part, string>;

/** What Miniflare keeps beside the state: who runs where, and that a start is under way. Both outlive a `kill -9`, and are believed for a while. */
const leftovers = ["registry", ".miniflare-startup.lock"] as const;

/**
 * Starts the Workers in two processes, state under `directory`: so the work behind the buffers holds up no call at an
 * edge. The two find each other through a registry of files. Both can open the buckets; the one that registered first
 * does, and the other asks it.
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
        isolatedResourcePersistencePath: part === "stores" ? directory : join(directory, part),
      },
      supervision,
      onStarted: async () => {
        await recordProcess(part);
      },
    });
  // One after the other: the buckets belong to the first.
  const stores = await start("stores");
  try {
    const edges = await start("edges");
    return {
      schedule: async (workerName, cron) => {
        const worker = await stores.getWorker(workerName);
        await worker.scheduled({ cron });
      },
      stop: async () => {
        await Promise.allSettled([edges.dispose(), stores.dispose()]);
      },
    };
  } catch (error) {
    await stores.dispose().catch(() => undefined);
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
