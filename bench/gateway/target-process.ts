// A process of its own for each target: starts it, tells where it is, ends it when the benchmark is gone.
import { answerParent, tellParent } from "../processes/child.ts";
import { endDescendants } from "../processes/process-tree.ts";
import type { RunningTarget, TargetDetails } from "./target.ts";
import { targetNames, targets } from "./targets/table.ts";

const [name, upstreamUrl, scratchDirectory] = process.argv.slice(2);
const known = targetNames.find((candidate) => candidate === name);
if (known === undefined || upstreamUrl === undefined || scratchDirectory === undefined)
  throw new Error("usage: target-process <target> <upstream> <directory>");

// Also what was only being started when the benchmark went away.
process.on("exit", () => endDescendants(process.pid));
let running: RunningTarget | null = null;
answerParent(
  async () => null,
  async () => await running?.stop(),
);
try {
  const start = await targets[known].load();
  running = await start({ upstreamUrl, scratchDirectory });
  const { url, headers, model, pid, clickhouseUrl } = running;
  const details: TargetDetails = { headers: { ...headers }, model, pid, clickhouseUrl: clickhouseUrl ?? null };
  tellParent({ kind: "ready", url, details });
} catch (error) {
  console.error(error);
  tellParent({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
}
