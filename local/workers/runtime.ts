import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  MiniflareCoreError,
  type MiniflareOptions,
  type V4WorkerOptions,
} from "miniflare";
import { setTimeout as sleep } from "node:timers/promises";
import { host } from "../ports.ts";
import { childrenOf } from "../process/identity.ts";
import type { Supervision } from "../process/supervise.ts";
import { reasonOf, StartFailure } from "../start-failure.ts";

const restartsMax = 5;
const restartWindowMs = 5_000;

export interface WorkersRuntime {
  /** Runs a Worker's `scheduled()`, as the platform does by its cron lines. */
  readonly schedule: (workerName: string, cron: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts workerd with these Workers, state under `directory`. Miniflare starts it again, on the same ports, when it dies. */
export async function startWorkers(
  workers: readonly V4WorkerOptions[],
  directory: string,
  supervision: Supervision,
): Promise<WorkersRuntime> {
  const recordProcess = async () => {
    for (const { pid } of await childrenOf(process.pid, "workerd")) await supervision.record.put("workerd", pid);
  };
  const giveUp = (reason: string) => supervision.onGivenUp(new StartFailure(`workerd cannot be started again: ${reason}.`));
  const log = new RuntimeLog(giveUp);
  const output = startOutput();
  const restartsAtMs: number[] = [];
  const options = convertV4MiniflareOptions({
    host,
    port: 0,
    cf: false,
    log,
    handleStructuredLogs: output.write,
    telemetry: { enabled: false },
    resourcePersistencePath: directory,
    unsafeHandleRuntimeRestart: async () => {
      supervision.say("workerd ended and is back");
      await recordProcess();
      restartsAtMs.push(performance.now());
      const earlier = restartsAtMs.at(-restartsMax);
      if (earlier !== undefined && performance.now() - earlier < restartWindowMs) giveUp("it ends again and again");
    },
    workers: [...workers],
  });
  const miniflare = withoutSignalHandlers(() => new Miniflare(options));
  try {
    await miniflare.ready;
  } catch (error) {
    await miniflare.dispose().catch(() => undefined);
    const reason = output.lastError() ?? runtimeReason(error);
    throw new StartFailure(`workerd cannot start: ${reason}. Its data is in ${directory}: if that is damaged, restore or remove it.`);
  }
  output.startWriting();
  await recordProcess();
  return {
    schedule: async (workerName, cron) => {
      const worker = await miniflare.getWorker(workerName);
      await worker.scheduled({ cron });
    },
    stop: () => miniflare.dispose(),
  };
}

/** Miniflare would end the process at a signal at once; it is the runner that ends its parts, in order. */
function withoutSignalHandlers<Made>(make: () => Made): Made {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)));
  const made = make();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) if (!before.has(listener)) process.removeListener(signal, listener);
  }
  return made;
}

/** Miniflare reports a failed restart only in its log. */
class RuntimeLog extends Log {
  readonly #onRestartFailed: (reason: string) => void;

  constructor(onRestartFailed: (reason: string) => void) {
    super(LogLevel.ERROR);
    this.#onRestartFailed = onRestartFailed;
  }

  override error(error: Error): void {
    if (error instanceof MiniflareCoreError && error.code === "ERR_RUNTIME_FAILURE") this.#onRestartFailed(runtimeReason(error));
    else super.error(error);
  }
}

/** What Miniflare threw, in one line. */
function runtimeReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return reasonOf(cause).replace(/[.:]$/, "");
}

type StructuredLog = Parameters<NonNullable<MiniflareOptions["handleStructuredLogs"]>>[0];

/** What workerd says: during the start only kept, as the reason of a failure; then passed on. */
function startOutput() {
  let lastError: string | null = null;
  let writing = false;
  return {
    write: ({ level, message }: StructuredLog) => {
      if (level === "error") lastError = message.trim().split("\n").at(-1) ?? null;
      if (writing) (level === "error" || level === "warn" ? console.error : console.log)(message);
    },
    lastError: () => lastError,
    startWriting: () => {
      writing = true;
    },
  };
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
