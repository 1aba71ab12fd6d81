import type { ChildProcess } from "node:child_process";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { StartFailure } from "../start-failure.ts";

/** What a Node child tells its runner. */
const reportSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("failed"), reason: z.string() }),
]);

/** Waits for the child's report. Rejects with `StartFailure` where the child says why it cannot serve. */
export function untilReported(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Error("it did not become ready in time"));
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("message", (message) => {
      signal.removeEventListener("abort", onAbort);
      const report = reportSchema.parse(message);
      if (report.kind === "ready") resolve();
      else reject(new StartFailure(report.reason));
    });
  });
}

/**
 * The life of a Node child: reads its input, serves, reports, and closes when it is asked to or when its runner is gone.
 * `serve` gets the parsed input and resolves to what closes it.
 */
export async function runAsChild<Input>(schema: z.ZodType<Input>, serve: (input: Input) => Promise<() => Promise<void>>): Promise<void> {
  const input = await text(process.stdin);
  let close: () => Promise<void>;
  try {
    close = await serve(schema.parse(JSON.parse(input)));
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
    process.send?.({ kind: "failed", reason }, () => process.exit(1));
    return;
  }
  let closing = false;
  const stop = () => {
    if (closing) return;
    closing = true;
    void close().finally(() => process.exit(0));
  };
  process.on("SIGTERM", stop).on("SIGINT", stop).on("disconnect", stop);
  if (process.connected) process.send?.({ kind: "ready" });
  else stop();
}
