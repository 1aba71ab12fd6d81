import { fork, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { noticeSchema, replySchema } from "./child.ts";
import { endTree } from "./process-tree.ts";

/** A process of ours that is up. `ask` rejects when the child fails or dies. */
export interface Child {
  readonly pid: number;
  readonly url: string;
  readonly details: unknown;
  ask(value: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

// The last resort, synchronous: whatever way the benchmark ends, nothing that it started stays.
process.on("exit", () => {
  for (const child of running) if (child.pid !== undefined) endTree(child.pid);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

/** Starts `script` as a child and waits until it says that it is ready; its output goes to `logPath`. */
export async function startChild(script: URL, args: readonly string[], logPath: string): Promise<Child> {
  const log = openSync(logPath, "w");
  const child = fork(script, args, { stdio: ["ignore", log, log, "ipc"], serialization: "advanced" });
  closeSync(log);
  running.add(child);
  const gone = once(child, "exit").then(() => running.delete(child));
  const notice = await Promise.race([
    once(child, "message").then(([message]) => noticeSchema.parse(message)),
    gone.then(() => ({ kind: "failed", reason: "ended at once" }) as const),
  ]);
  const { pid } = child;
  if (notice.kind === "failed" || pid === undefined) {
    if (pid !== undefined) endTree(pid);
    await gone;
    throw new Error(`${notice.kind === "failed" ? notice.reason : "did not start"}\n${lastLines(logPath)}`);
  }
  return {
    pid,
    url: notice.url,
    details: notice.details,
    ask: questions(child, logPath),
    stop: async () => {
      if (child.connected) child.disconnect();
      const patience = setTimeout(() => endTree(pid), 20_000);
      await gone;
      clearTimeout(patience);
    },
  };
}

function questions(child: ChildProcess, logPath: string): Child["ask"] {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  child.on("message", (message) => {
    const reply = replySchema.parse(message);
    const promise = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === null) promise?.resolve(reply.value);
    else promise?.reject(new Error(reply.error));
  });
  child.on("exit", () => {
    for (const promise of waiting.values()) promise.reject(new Error(`died:\n${lastLines(logPath)}`));
  });
  return async (value) => {
    lastId += 1;
    const promise = Promise.withResolvers<unknown>();
    waiting.set(lastId, promise);
    child.send({ kind: "question", id: lastId, value });
    return await promise.promise;
  };
}

function lastLines(path: string): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-12).join("\n");
}
