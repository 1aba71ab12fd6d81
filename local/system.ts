import { join } from "node:path";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { applyMigrations } from "#migrations/apply.ts";
import { seedFirstProject } from "#migrations/seed.ts";
import type { Environment } from "./environment.ts";
import { findFirstProject, keepFirstProject } from "./first-project.ts";
import type { LocalFile } from "./local-file.ts";
import { assertPortsFree, freePort, freePorts, host } from "./ports.ts";
import type { Supervision } from "./process/supervise.ts";
import type { Progress } from "./progress.ts";
import { openSecrets, type Secrets } from "./secrets.ts";
import { startSimulator } from "./simulator.ts";
import { StartFailure } from "./start-failure.ts";
import {
  startClickHouse,
  startPostgres,
  startRedis,
  type ClickHouseAddresses,
  type PostgresAddresses,
  type RedisAddresses,
} from "./stores.ts";
import { bundleWorkers } from "./workers/bundle.ts";
import { readConfigurations, type WorkerConfigurations } from "./workers/configurations.ts";
import { buildDashboard } from "./workers/dashboard.ts";
import { layOutWorkers, regionalName, workerNames, type Bundles, type Sockets, type Variables } from "./workers/layout.ts";
import { startWorkers, untilHealthy } from "./workers/runtime.ts";

/** What a start is given besides the environment. */
export interface StartContext {
  readonly environment: Environment;
  /** Absolute path of the folder with `package.json`. */
  readonly repository: string;
  readonly progress: Progress;
  readonly supervision: Supervision;
  /** Gets, as soon as a part runs, what ends it; called in reverse order at the end. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

const healthTimeoutMs = 15_000;
const cronIntervalMs = 60_000;

/** Starts every part; resolves to the addresses when all of them answer. Throws `StartFailure`; what had started stays for the caller to end. */
export async function startSystem(context: StartContext): Promise<LocalFile> {
  const { environment, progress, supervision } = context;
  const sockets = await chooseSockets(environment.firstPort);
  const secrets = await openSecrets(environment.dataDirectory);
  const starting = [
    startPart(context, "PostgreSQL", startPostgres(environment, secrets, supervision)),
    startPart(context, "ClickHouse", startClickHouse(environment, secrets, supervision)),
    startPart(context, "Redis", startRedis(environment, secrets, supervision)),
    startPart(context, "simulated provider", startSimulatedProvider()),
    buildWorkers(context),
  ] as const;
  // What is still starting when another part fails must be known before it can be ended.
  await Promise.allSettled(starting);
  const [postgres, clickHouse, redis, simulator, workers] = await Promise.all(starting);

  const migrated = await applyMigrations({ databaseUrl: postgres.databaseUrl, clickhouseUrls: clickHouse.urls });
  if (migrated.kind === "failed") throw new StartFailure(`The databases cannot be migrated: ${migrated.message}`);
  const seeded = await seedFirstProject({ databaseUrl: postgres.databaseUrl });
  if (seeded.kind === "made") await keepFirstProject(environment.dataDirectory, secrets, seeded);
  progress.ready("databases migrated");

  const variables = variablesOf({ environment, secrets, postgres, clickHouse, redis, simulatorUrl: simulator });
  const runtime = await startWorkers(
    layOutWorkers(workers.configurations, workers.bundles, variables, sockets),
    join(environment.dataDirectory, "workers"),
    supervision,
  );
  context.onStarted(runtime.stop);
  const edges = byRegion((region) => `http://${host}:${sockets.edges[region]}`);
  const appUrl = `http://${host}:${sockets.app}`;
  await untilHealthy(
    [...Object.values(edges), appUrl].map((url) => `${url}/health`),
    healthTimeoutMs,
  );
  progress.ready(
    `Workers: ${regionSchema.options.map((region) => `${region} on ${sockets.edges[region]}`).join(", ")}, app on ${sockets.app}`,
  );
  const firstProject = await findFirstProject(environment.dataDirectory, secrets, { seeded, appUrl });
  context.onStarted(startCrons(() => runtime.schedule(workerNames.app, "* * * * *"), progress));

  return {
    url: edges["us-east"],
    dashboardUrl: appUrl,
    apiKey: firstProject.apiKey,
    adminKey: secrets.adminKey,
    projectId: firstProject.projectId,
    regions: edges,
    ingestUrl: edges["us-east"],
    apiUrl: appUrl,
    postgresUrl: postgres.databaseUrl,
    clickhouseUrl: clickHouse.url,
    redisUrl: withToken(redis),
    simulatorUrl: simulator,
    pid: process.pid,
  };
}

async function chooseSockets(firstPort: number): Promise<Sockets> {
  const ports = firstPort === 0 ? await freePorts(4) : [firstPort, firstPort + 1, firstPort + 2, firstPort + 3];
  await assertPortsFree(ports);
  const [usEast = 0, usWest = 0, euWest = 0, app = 0] = ports;
  return { edges: { "us-east": usEast, "us-west": usWest, "eu-west": euWest }, app };
}

async function startPart<Addresses>(
  context: StartContext,
  name: string,
  starting: Promise<{ readonly addresses: Addresses; readonly stop: () => Promise<void> }>,
): Promise<Addresses> {
  const part = await starting;
  context.onStarted(part.stop);
  context.progress.ready(name);
  return part.addresses;
}

async function startSimulatedProvider() {
  const simulator = await startSimulator(await freePort());
  return { addresses: simulator.url, stop: simulator.close };
}

async function buildWorkers(context: StartContext): Promise<{ configurations: WorkerConfigurations; bundles: Bundles }> {
  const { repository, progress } = context;
  const configurations = await readConfigurations(repository);
  const [bundles, dashboard] = await Promise.all([bundleWorkers(configurations, repository), buildDashboard(repository)]);
  progress.ready(dashboard === "built" ? "Workers and dashboard built" : "Workers built");
  return { configurations, bundles };
}

interface VariableSources {
  readonly environment: Environment;
  readonly secrets: Secrets;
  readonly postgres: PostgresAddresses;
  readonly clickHouse: ClickHouseAddresses;
  readonly redis: RedisAddresses;
  readonly simulatorUrl: string;
}

function variablesOf(sources: VariableSources): Variables {
  const stores: Record<string, string> = {
    DATABASE_URL: sources.postgres.databaseUrl,
    NEON_FETCH_ENDPOINT: sources.postgres.fetchEndpoint,
    // workerd has no jurisdictions: asking for one throws.
    JURISDICTIONS: "off",
  };
  const clickHouse: Record<string, string> = {};
  for (const region of regionSchema.options) {
    stores[regionalName("UPSTASH_REDIS_REST_URL", region)] = sources.redis.restUrl;
    stores[regionalName("UPSTASH_REDIS_REST_TOKEN", region)] = sources.redis.token;
    clickHouse[regionalName("CLICKHOUSE_URL", region)] = sources.clickHouse.urls[region];
  }
  const credentials = { CREDENTIALS_KEY: sources.secrets.credentialsKey };
  return {
    gateway: { ...stores, ...credentials, ...sources.environment.providerVariables, SIMULATOR_URL: sources.simulatorUrl },
    ingest: stores,
    app: { ...stores, ...credentials, ...clickHouse, ADMIN_KEY: sources.secrets.adminKey },
  };
}

/** The platform runs crons by the minute; here the runner does. */
function startCrons(run: () => Promise<void>, progress: Progress): () => Promise<void> {
  const timer = setInterval(() => {
    run().catch((error: unknown) => progress.say(`The scheduled work failed: ${String(error)}`));
  }, cronIntervalMs);
  return async () => clearInterval(timer);
}

function withToken(redis: RedisAddresses): string {
  const url = new URL(redis.restUrl);
  url.username = "default";
  url.password = redis.token;
  return url.href;
}

function byRegion<Value>(valueOf: (region: Region) => Value): Record<Region, Value> {
  return { "us-east": valueOf("us-east"), "us-west": valueOf("us-west"), "eu-west": valueOf("eu-west") };
}
