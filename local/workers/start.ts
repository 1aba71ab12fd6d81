import { join } from "node:path";
import { regionSchema } from "#core/contracts/region.ts";
import { host } from "../ports.ts";
import type { StartContext } from "../start-context.ts";
import { areTablesCurrent, noteTablesCurrent } from "../tables-note.ts";
import { bundleWorkers } from "./bundle.ts";
import { readConfigurations } from "./configurations.ts";
import { buildDashboard } from "./dashboard.ts";
import { layOutWorkers, type Sockets, type Variables } from "./layout.ts";
import { startRuntime, untilHealthy } from "./runtime.ts";

const healthTimeoutMs = 15_000;
const cronIntervalMs = 60_000;

/**
 * Builds what has changed, and starts the Workers, where it must be once `tables` are there; resolves when each answers
 * and they are. Throws `StartFailure`.
 */
export async function startWorkers(
  { environment, repository, progress, supervision, onStarted }: StartContext,
  variables: Variables,
  sockets: Sockets,
  tables: Promise<void>,
): Promise<void> {
  const configurations = await readConfigurations(repository);
  const [bundles, dashboard] = await Promise.all([bundleWorkers(configurations, repository), buildDashboard(repository)]);
  progress.ready(dashboard === "built" ? "Workers and dashboard built" : "Workers built");

  if (!(await areTablesCurrent(environment.dataDirectory, repository))) await tables;
  const runtime = await startRuntime(
    layOutWorkers(configurations, variables, sockets),
    bundles,
    join(environment.dataDirectory, "workers"),
    supervision,
  );
  onStarted(runtime.stop);
  await untilHealthy(
    [...Object.values(sockets.edges), sockets.app].map((port) => `http://${host}:${port}/health`),
    healthTimeoutMs,
  );
  await tables;
  await noteTablesCurrent(environment.dataDirectory, repository);
  const edges = regionSchema.options.map((region) => `${region} on ${sockets.edges[region]}`);
  progress.ready(`Workers: ${edges.join(", ")}, app on ${sockets.app}`);

  // The platform runs crons by the minute; here the runner does.
  const timer = setInterval(() => {
    runtime.schedule("* * * * *").catch((error: unknown) => progress.say(`The scheduled work failed: ${String(error)}`));
  }, cronIntervalMs);
  onStarted(async () => clearInterval(timer));
}
