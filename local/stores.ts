import { access, mkdir, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import type { Environment } from "./environment.ts";
import { serveHttp } from "./http/server.ts";
import { freePorts, host, untilListening } from "./ports.ts";
import { untilReported } from "./process/node-child.ts";
import { supervise, type SupervisedChild, type Supervision } from "./process/supervise.ts";
import { openRedisCommands } from "./redis/commands.ts";
import { upstashFront } from "./redis/upstash-front.ts";
import type { Secrets } from "./secrets.ts";
import { codeOf, StartFailure } from "./start-failure.ts";

/** A running store: its addresses, and how it ends. */
export interface Store<Addresses> {
  readonly addresses: Addresses;
  readonly stop: () => Promise<void>;
}

export interface PostgresAddresses {
  readonly databaseUrl: string;
  /** Neon's HTTP protocol. */
  readonly fetchEndpoint: string;
}

/** PostgreSQL in a child of its own, or the server that `DATABASE_URL` names, with Neon's HTTP protocol in front of it. */
export async function startPostgres(
  environment: Environment,
  secrets: Secrets,
  supervision: Supervision,
): Promise<Store<PostgresAddresses>> {
  const [port, frontPort] = await freePorts(2);
  const directory = join(environment.dataDirectory, "postgres");
  const databaseUrl = environment.databaseUrl ?? `postgres://postgres:${secrets.postgresPassword}@${host}:${port}/postgres`;
  if (environment.databaseUrl === null) await assertWholePostgres(directory);
  const child = await supervise(
    nodeChild("PostgreSQL", "postgres/main.ts", {
      input: { databaseUrl, directory: environment.databaseUrl === null ? directory : null, frontPort },
      advice: environment.databaseUrl === null ? dataAdvice(directory) : "Check DATABASE_URL.",
    }),
    supervision,
  );
  return { addresses: { databaseUrl, fetchEndpoint: `http://${host}:${frontPort}/sql` }, stop: child.stop };
}

/** The embedded engine would make a new, empty database over the rest of a damaged one. */
async function assertWholePostgres(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown): string[] => {
    if (codeOf(error) === "ENOENT") return [];
    throw new StartFailure(`PostgreSQL cannot start: ${codeOf(error)}. ${dataAdvice(directory)}`);
  });
  if (names.length > 0 && !names.includes("PG_VERSION")) {
    throw new StartFailure(`PostgreSQL cannot start: PG_VERSION is missing. ${dataAdvice(directory)}`);
  }
}

export interface ClickHouseAddresses {
  /** Without a database. */
  readonly url: string;
  readonly urls: Readonly<Record<Region, string>>;
}

/** ClickHouse in a child of its own, with its HTTP interface and one database per region. */
export async function startClickHouse(
  environment: Environment,
  secrets: Secrets,
  supervision: Supervision,
): Promise<Store<ClickHouseAddresses>> {
  const [port] = await freePorts(1);
  const directory = join(environment.dataDirectory, "clickhouse");
  const user = "evalforge";
  const database = (region: Region) => `evalforge_${region.replaceAll("-", "_")}`;
  const child = await supervise(
    nodeChild("ClickHouse", "clickhouse/main.ts", {
      input: { directory, databases: regionSchema.options.map(database), port, user, password: secrets.clickHousePassword },
      advice: dataAdvice(directory),
    }),
    supervision,
  );
  const url = `http://${user}:${secrets.clickHousePassword}@${host}:${port}`;
  const urls = { "us-east": "", "us-west": "", "eu-west": "" };
  for (const region of regionSchema.options) urls[region] = `${url}/${database(region)}`;
  return { addresses: { url, urls }, stop: child.stop };
}

export interface RedisAddresses {
  /** Upstash's REST protocol. */
  readonly restUrl: string;
  readonly token: string;
  /** What stands behind it, for the person who reads the progress. */
  readonly engine: string;
}

/** Upstash's REST protocol before `REDIS_URL`, a `redis-server` from the path, or, where there is none, this process's memory. */
export async function startRedis(environment: Environment, secrets: Secrets, supervision: Supervision): Promise<Store<RedisAddresses>> {
  const server =
    environment.redisUrl === null && (await isOnPath("redis-server")) ? await startRedisServer(environment, secrets, supervision) : null;
  const url = environment.redisUrl ?? server?.url ?? null;
  const commands = openRedisCommands(url);
  const front = await serveHttp(0, upstashFront(commands, secrets.redisToken));
  return {
    addresses: {
      restUrl: `http://${host}:${front.port}`,
      token: secrets.redisToken,
      engine: environment.redisUrl !== null ? "of REDIS_URL" : server === null ? "in memory" : "redis-server",
    },
    stop: async () => {
      await front.close();
      commands.close();
      await server?.child.stop();
    },
  };
}

async function startRedisServer(
  environment: Environment,
  secrets: Secrets,
  supervision: Supervision,
): Promise<{ url: string; child: SupervisedChild }> {
  const [port = 0] = await freePorts(1);
  const directory = join(environment.dataDirectory, "redis");
  await mkdir(directory, { recursive: true });
  const configuration = [
    `bind ${host}`,
    `port ${port}`,
    `requirepass ${secrets.redisToken}`,
    `dir ${JSON.stringify(directory)}`,
    'save ""',
    "appendonly no",
  ];
  const child = await supervise(
    {
      name: "Redis",
      command: "redis-server",
      args: ["-"],
      environment: process.env,
      input: configuration.join("\n"),
      untilReady: (_, signal) => untilListening(port, signal),
      advice: "Set REDIS_URL to another Redis.",
    },
    supervision,
  );
  return { url: `redis://:${secrets.redisToken}@${host}:${port}`, child };
}

async function isOnPath(program: string): Promise<boolean> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, program)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

function dataAdvice(directory: string): string {
  return `Its data is in ${directory}: if that is damaged, restore or remove it.`;
}

function nodeChild(name: string, script: string, options: { readonly input: unknown; readonly advice: string }) {
  return {
    name,
    command: process.execPath,
    args: [join(import.meta.dirname, script)],
    // Times without a zone are UTC, as on the servers; the pool of threads has room for every session's query at once.
    environment: { ...process.env, TZ: "UTC", UV_THREADPOOL_SIZE: "16" },
    input: JSON.stringify(options.input),
    untilReady: untilReported,
    advice: options.advice,
  };
}
