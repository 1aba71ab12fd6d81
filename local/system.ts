import type { Region } from "#core/contracts/region.ts";
import { variablePrefix } from "#core/providers/providers.ts";
import type { Applied } from "#migrations/applied.ts";
import type { Seeded } from "#migrations/seed.ts";
import { chooseAddresses, type Addresses } from "./addresses.ts";
import type { Environment } from "./environment.ts";
import { findFirstProject, keepFirstProject } from "./first-project.ts";
import type { LocalFile } from "./local-file.ts";
import { assertPortsFree, freePorts, host } from "./ports.ts";
import type { Stop } from "./process/end-parts.ts";
import { openSecrets, type Secrets } from "./secrets.ts";
import type { StartContext } from "./start-context.ts";
import { StartFailure } from "./start-failure.ts";
import { startClickHouse, startPostgres, startRedis } from "./stores.ts";
import type { Sockets } from "./workers/layout.ts";
import { variablesOf } from "./workers/variables.ts";

/**
 * Starts every part, each as soon as what it leans on is there; resolves to the addresses when all of them answer. Throws
 * `StartFailure`; what had started stays for the caller to end.
 */
export async function startSystem(context: StartContext): Promise<LocalFile> {
  const { environment, supervision } = context;
  const sockets = await chooseSockets(environment.firstPort);
  const secrets = await openSecrets(environment.dataDirectory);
  const addresses = await chooseAddresses(environment, secrets);
  const { postgres, clickHouse, redis } = addresses;

  const postgresStarts = startPart(context, "PostgreSQL", startPostgres(environment, postgres, supervision));
  const clickHouseStarts = startPart(
    context,
    "ClickHouse",
    startClickHouse(environment, clickHouse, secrets.clickHousePassword, supervision),
  );
  const tables = clickHouseStarts.then(() => migrateClickHouse(clickHouse.urls));
  const starting = [
    postgresStarts.then(() => migratePostgres(environment, secrets, postgres.databaseUrl)),
    tables,
    startPart(context, "Redis", startRedis(environment, redis, secrets.redisToken, supervision)),
    startSimulatedProvider(context, addresses.simulatorPort),
    startWorkersOf(context, { secrets, addresses, sockets }, tables),
  ] as const;
  // What is still starting when another part fails must be known before it can be ended.
  await Promise.allSettled(starting);
  const [seeded] = await Promise.all(starting);

  const edges = byRegion((region) => `http://${host}:${sockets.edges[region]}`);
  const appUrl = `http://${host}:${sockets.app}`;
  const firstProject = await findFirstProject(environment.dataDirectory, secrets, { seeded, appUrl });
  const demoProjectId =
    environment.demoSpans === 0
      ? null
      : await loadDemoProject(context, { appUrl, adminKey: secrets.adminKey, clickHouseUrls: clickHouse.urls, edges });
  return {
    url: edges["us-east"],
    dashboardUrl: appUrl,
    apiKey: firstProject.apiKey,
    adminKey: secrets.adminKey,
    projectId: firstProject.projectId,
    demoProjectId,
    regions: edges,
    ingestUrl: edges["us-east"],
    apiUrl: appUrl,
    postgresUrl: postgres.databaseUrl,
    clickhouseUrl: clickHouse.url,
    redisUrl: `http://default:${secrets.redisToken}@${host}:${redis.frontPort}/`,
    simulatorUrl: `http://${host}:${addresses.simulatorPort}`,
    pid: process.pid,
  };
}

async function chooseSockets(firstPort: number): Promise<Sockets> {
  const ports = firstPort === 0 ? await freePorts(4) : [firstPort, firstPort + 1, firstPort + 2, firstPort + 3];
  if (firstPort !== 0) await assertPortsFree(ports);
  const [usEast = 0, usWest = 0, euWest = 0, app = 0] = ports;
  return { edges: { "us-east": usEast, "us-west": usWest, "eu-west": euWest }, app };
}

async function startPart({ onStarted, progress }: StartContext, name: string, starting: Promise<Stop>): Promise<void> {
  onStarted(await starting);
  progress.ready(name);
}

// The modules that are imported below, Miniflare above all, take more than a second to read: the stores start meanwhile.

async function migrateClickHouse(urls: Readonly<Record<Region, string>>): Promise<void> {
  const { applyEveryClickhouse } = await import("#migrations/apply.ts");
  assertApplied(await applyEveryClickhouse(urls));
}

async function migratePostgres(environment: Environment, secrets: Secrets, databaseUrl: string): Promise<Seeded> {
  const { applyPostgres } = await import("#migrations/apply-postgres.ts");
  const { seedFirstProject } = await import("#migrations/seed.ts");
  assertApplied(await applyPostgres(databaseUrl));
  const seeded = await seedFirstProject({ databaseUrl });
  if (seeded.kind === "made") await keepFirstProject(environment.dataDirectory, secrets, seeded);
  return seeded;
}

function assertApplied(applied: Applied): void {
  if (applied.kind === "failed") throw new StartFailure(`The databases cannot be migrated: ${applied.message}`);
}

async function startSimulatedProvider(context: StartContext, port: number): Promise<void> {
  const { startSimulator } = await import("./simulator.ts");
  const simulator = await startSimulator(port);
  context.onStarted(simulator.close);
  context.progress.ready("simulated provider");
}

interface WorkerSources {
  readonly secrets: Secrets;
  readonly addresses: Addresses;
  readonly sockets: Sockets;
}

async function startWorkersOf(context: StartContext, { secrets, addresses, sockets }: WorkerSources, tables: Promise<void>): Promise<void> {
  const { startWorkers } = await import("./workers/start.ts");
  await startWorkers(context, variablesOf(context.environment, secrets, addresses), sockets, tables);
}

interface DemoSources {
  readonly appUrl: string;
  readonly adminKey: string;
  readonly clickHouseUrls: Readonly<Record<Region, string>>;
  readonly edges: Readonly<Record<Region, string>>;
}

async function loadDemoProject({ environment, progress }: StartContext, sources: DemoSources): Promise<string> {
  const { loadDemo } = await import("./demo/load.ts");
  const isSimulated = (provider: string): boolean =>
    ["API_KEY", "BASE_URL"].every((name) => environment.providerVariables[`${variablePrefix(provider)}_${name}`] === undefined);
  const demo = await loadDemo({ ...sources, isSimulated, count: environment.demoSpans, nowMs: Date.now() });
  if (demo.kind === "loaded") {
    const { answered, refused, failed } = demo.calls;
    const failures = failed === 0 ? "" : `, ${failed} failed`;
    progress.ready(`a month of traffic, and calls just now: ${answered} answered, ${refused} refused by a budget${failures}`);
  }
  return demo.projectId;
}

function byRegion<Value>(valueOf: (region: Region) => Value): Record<Region, Value> {
  return { "us-east": valueOf("us-east"), "us-west": valueOf("us-west"), "eu-west": valueOf("eu-west") };
}
