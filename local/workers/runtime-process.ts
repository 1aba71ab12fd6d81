import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  MiniflareCoreError,
  type MiniflareOptions,
  type V4SharedOptions,
  type V4WorkerOptions,
} from "miniflare";
import { host } from "../ports.ts";
import type { Supervision } from "../process/supervise.ts";
import { reasonOf, StartFailure } from "../start-failure.ts";
import { codeServiceOf } from "./code.ts";
import type { Bundles } from "./layout.ts";

const restartsMax = 5;
const restartWindowMs = 5_000;

/** One workerd: its Workers, and where its state lies. */
export interface RuntimeProcess {
  /** As in the messages. */
  readonly name: string;
  readonly workers: V4WorkerOptions[];
  readonly bundles: Bundles;
  /** Of all state; named where it cannot start. */
  readonly directory: string;
  readonly options: Pick<V4SharedOptions, "unsafeDevRegistryPath" | "resourcePersistencePath" | "isolatedResourcePersistencePath">;
  readonly supervision: Supervision;
  /** Called whenever it runs, again after each restart. */
  readonly onStarted: () => Promise<void>;
}

/** Starts it through Miniflare, which starts it again, on the same ports, when it dies. Throws `StartFailure`. */
export async function startRuntimeProcess({
  name,
  workers,
  bundles,
  directory,
  options,
  supervision,
  onStarted,
}: RuntimeProcess): Promise<Miniflare> {
  const giveUp = (reason: string) => supervision.onGivenUp(new StartFailure(`${name} cannot be started again: ${reason}.`));
  const log = new RuntimeLog(giveUp);
  const output = startOutput();
  const restartsAtMs: number[] = [];
  prepareEnvironment();
  const converted = convertV4MiniflareOptions({
    ...options,
    host,
    port: 0,
    cf: false,
    log,
    handleStructuredLogs: output.write,
    telemetry: { enabled: false },
    unsafeModuleFallbackService: codeServiceOf(bundles),
    unsafeHandleRuntimeRestart: async () => {
      supervision.say(`${name} ended and is back`);
      await onStarted();
      restartsAtMs.push(performance.now());
      const earlier = restartsAtMs.at(-restartsMax);
      if (earlier !== undefined && performance.now() - earlier < restartWindowMs) giveUp("it ends again and again");
    },
    workers,
  });
  // The options of Miniflare 4 do not know this one.
  const miniflare = withoutSignalHandlers(() => new Miniflare({ ...converted, unsafeEnableSharedStorage: true }));
  try {
    await miniflare.ready;
  } catch (error) {
    await miniflare.dispose().catch(() => undefined);
    const reason = output.lastError() ?? runtimeReason(error);
    throw new StartFailure(`${name} cannot start: ${reason}. Its data is in ${directory}: if that is damaged, restore or remove it.`);
  }
  output.startWriting();
  await onStarted();
  return miniflare;
}

/** What Miniflare takes from the environment alone. */
function prepareEnvironment(): void {
  // It would win over the registry of this data directory, and mix two systems.
  delete process.env["CLOUDFLARE_DEV_REGISTRY_PATH"];
  // workerd collects garbage in one go, which holds up every stream for as long. V8's own way, which marks beforehand, halves that.
  process.env["MINIFLARE_WORKERD_V8_FLAGS"] ??= "--incremental-marking";
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
