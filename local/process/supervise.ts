import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { StartFailure } from "../start-failure.ts";
import { identityOf, endProcess } from "./identity.ts";
import type { ProcessRecord } from "./record.ts";

/** One child process: how to start it and how it says that it is ready. */
export interface ChildSpecification {
  /** As in the messages: `PostgreSQL`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Written to its standard input: where secrets go that must not be in the list of processes. */
  readonly input: string;
  /** Resolves when it serves; rejects with `StartFailure` where it says itself why it cannot, or when `signal` aborts. */
  readonly untilReady: (child: ChildProcess, signal: AbortSignal) => Promise<void>;
  /** What to do about it when it cannot start, as the end of a sentence's line. */
  readonly advice: string;
}

export interface Supervision {
  readonly record: ProcessRecord;
  readonly say: (line: string) => void;
  /** Called once when a child that served cannot be brought back. */
  readonly onGivenUp: (failure: StartFailure) => void;
  /** The whole system ends: what dies now stays dead. */
  readonly isEnding: () => boolean;
}

export interface SupervisedChild {
  /** Ends the child and its supervision; resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

const startAttemptsMax = 3;
const startTimeoutMs = 30_000;
const stopGraceMs = 6_000;
/** So many lives in a row that were this short are enough: starting it again does not help. */
const shortLivesMax = 5;
const shortLifeMs = 5_000;

/**
 * Starts a child, resolves when it is ready, and starts it again whenever it dies. Throws `StartFailure` with the child's own
 * last words if it cannot be started.
 */
export async function supervise(child: ChildSpecification, supervision: Supervision): Promise<SupervisedChild> {
  let stopping = false;
  let running = await startWithRetries();
  const loop = keepRunning();

  async function keepRunning(): Promise<void> {
    let shortLives = 0;
    for (;;) {
      const sinceMs = performance.now();
      const ending = await running.ended;
      if (stopping || supervision.isEnding()) return;
      shortLives = performance.now() - sinceMs < shortLifeMs ? shortLives + 1 : 0;
      if (shortLives === shortLivesMax) {
        supervision.onGivenUp(new StartFailure(`${child.name} ends again and again (${ending}). ${child.advice}`));
        return;
      }
      supervision.say(`${child.name} ended (${ending}); starting it again`);
      try {
        running = await startWithRetries();
      } catch (error) {
        if (stopping || supervision.isEnding() || !(error instanceof StartFailure)) return;
        supervision.onGivenUp(error);
        return;
      }
      if (stopping) return await running.end();
      supervision.say(`${child.name} is back`);
    }
  }

  async function startWithRetries(): Promise<RunningChild> {
    for (let attempt = 1; ; attempt += 1) {
      // What starts now would outlive the runner.
      if (supervision.isEnding()) throw new StartFailure(`${child.name} is not started: EvalForge ends.`);
      const started = await startOnce(child, supervision.record);
      if (started.kind === "running") return started;
      if (attempt === startAttemptsMax || started.final || stopping || supervision.isEnding()) {
        throw new StartFailure(`${child.name} cannot start: ${started.reason}. ${child.advice}`);
      }
      await sleep(100 * attempt);
    }
  }

  return {
    stop: async () => {
      stopping = true;
      await running.end();
      await loop;
    },
  };
}

interface RunningChild {
  readonly kind: "running";
  /** How it ended: a signal's name or an exit code. */
  readonly ended: Promise<string>;
  readonly end: () => Promise<void>;
}

interface FailedStart {
  readonly kind: "failed";
  readonly reason: string;
  /** The child says itself that another try ends the same way. */
  readonly final: boolean;
}

async function startOnce(child: ChildSpecification, record: ProcessRecord): Promise<RunningChild | FailedStart> {
  // A process group of its own: Ctrl-C in a terminal reaches the runner only, which then ends its children in order.
  const spawned = spawn(child.command, child.args, {
    detached: true,
    env: child.environment,
    stdio: ["pipe", "ignore", "pipe", "ipc"],
  });
  const lastWords = collectLastWords(spawned);
  const ended = new Promise<string>((resolve) => {
    spawned.once("error", (error) => resolve(error.message));
    spawned.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  if (spawned.pid !== undefined) await record.put(child.name, spawned.pid);
  spawned.stdin?.on("error", () => undefined);
  spawned.stdin?.end(child.input);

  const identity = spawned.pid === undefined ? null : await identityOf(spawned.pid);
  const end = async () => {
    if (identity !== null) await endProcess(identity, stopGraceMs);
  };
  const abort = new AbortController();
  const timeout = AbortSignal.any([abort.signal, AbortSignal.timeout(startTimeoutMs)]);
  const outcome = await Promise.race([
    child.untilReady(spawned, timeout).then(
      () => null,
      (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error), final: error instanceof StartFailure }),
    ),
    ended.then((ending) => ({ reason: lastWords() || `it ended at once (${ending})`, final: false })),
  ]);
  abort.abort();
  if (outcome === null) return { kind: "running", ended, end };
  await end();
  return { kind: "failed", ...outcome };
}

/** The last line a child wrote to standard error that is not part of a stack. */
function collectLastWords(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    tail = (tail + chunk.toString("utf8")).slice(-8_000);
  });
  return () => {
    const lines = tail.split("\n").map((line) => line.trim());
    return (
      lines
        .findLast((line) => line !== "" && !/^(at |\d+\. |\(|Node\.js v)/.test(line))
        ?.slice(0, 300)
        .replace(/\.$/, "") ?? ""
    );
  };
}
