import { access, mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { regionSchema } from "#core/contracts/region.ts";
import type { ClickHouseAddresses, PostgresAddresses, RedisAddresses } from "./addresses.ts";
import type { Environment } from "./environment.ts";
import { serveHttp } from "./http/server.ts";
import { host, isTaken, untilListening } from "./ports.ts";
import type { Stop } from "./process/end-parts.ts";
import { stateOf } from "./postgres/directory.ts";
import { untilReported } from "./process/node-child.ts";
import { supervise, type SupervisedChild, type Supervision } from "./process/supervise.ts";
import { openRedisCommands } from "./redis/commands.ts";
import { upstashFront } from "./redis/upstash-front.ts";
import { codeOf, StartFailure } from "./start-failure.ts";

/**
 * PostgreSQL in a child of its own, or the server that `DATABASE_URL` names, with Neon's HTTP protocol in front of it.
 * Resolves, once it answers, to what ends it, as the other two do; throws `StartFailure`.
 */
export async function startPostgres(environment: Environment, addresses: PostgresAddresses, supervision: Supervision): Promise<Stop> {
  const directory = join(environment.dataDirectory, "postgres");
  const isEmbedded = environment.databaseUrl === null;
  if (isEmbedded) await assertWholePostgres(directory);
  const child = await supervise(
    nodeChild("PostgreSQL", "postgres/main.ts", {
      input: { ...addresses, directory: isEmbedded ? directory : null },
      advice: isEmbedded ? dataAdvice(directory) : "Check DATABASE_URL.",
    }),
    supervision,
  );
  return child.stop;
}

/** The embedded engine would make a new, empty database over the rest of a damaged one. */
async function assertWholePostgres(directory: string): Promise<void> {
  const state = await stateOf(directory).catch((error: unknown) => {
    throw new StartFailure(`PostgreSQL cannot start: ${codeOf(error)}. ${dataAdvice(directory)}`);
  });
  if (state === "damaged") throw new StartFailure(`PostgreSQL cannot start: PG_VERSION is missing. ${dataAdvice(directory)}`);
}

/** ClickHouse in a child of its own, with its HTTP interface and one database per region. */
export async function startClickHouse(
  { dataDirectory }: Environment,
  { port, user, databases }: ClickHouseAddresses,
  password: string,
  supervision: Supervision,
): Promise<Stop> {
  const directory = join(dataDirectory, "clickhouse");
  const child = await supervise(
    nodeChild("ClickHouse", "clickhouse/main.ts", {
      input: { directory, databases: regionSchema.options.map((region) => databases[region]), port, user, password },
      advice: dataAdvice(directory),
    }),
    supervision,
  );
  return child.stop;
}

/** Upstash's REST protocol before `REDIS_URL`, a `redis-server` from the path, or, where there is none, this process's memory. */
export async function startRedis(
  environment: Environment,
  { serverPort, frontPort }: RedisAddresses,
  token: string,
  supervision: Supervision,
): Promise<Stop> {
  const isOurs = environment.redisUrl === null && (await isOnPath("redis-server"));
  const server = isOurs ? await startRedisServer(environment, serverPort, token, supervision) : null;
  const commands = openRedisCommands(isOurs ? `redis://:${token}@${host}:${serverPort}` : environment.redisUrl);
  const front = await serveHttp(frontPort, upstashFront(commands, token));
  return async () => {
    await front.close();
    commands.close();
    await server?.stop();
  };
}

const redisAdvice = "Set REDIS_URL to another Redis.";

async function startRedisServer(
  { dataDirectory }: Environment,
  port: number,
  password: string,
  supervision: Supervision,
): Promise<SupervisedChild> {
  const directory = join(dataDirectory, "redis");
  await mkdir(directory, { recursive: true });
  const configuration = [
    `bind ${host}`,
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(directory)}`,
    'save ""',
    "appendonly no",
  ];
  // It says so to its standard output alone, and whoever listens there would be taken for it.
  if (await isTaken(port)) throw new StartFailure(`Redis cannot start: address already in use ${host}:${port}. ${redisAdvice}`);
  return await supervise(
    {
      name: "Redis",
      command: "redis-server",
      args: ["-"],
      environment: process.env,
      input: configuration.join("\n"),
      untilReady: (_, signal) => untilListening(port, signal),
      advice: redisAdvice,
    },
    supervision,
  );
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
