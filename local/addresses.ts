import { regionSchema, type Region } from "#core/contracts/region.ts";
import type { Environment } from "./environment.ts";
import { freePorts, host } from "./ports.ts";
import type { Secrets } from "./secrets.ts";

/** Where the stores and the simulated provider will answer: known before any of them runs, so that none waits for another. */
export interface Addresses {
  readonly postgres: PostgresAddresses;
  readonly clickHouse: ClickHouseAddresses;
  readonly redis: RedisAddresses;
  readonly simulatorPort: number;
}

export interface PostgresAddresses {
  readonly databaseUrl: string;
  /** Of Neon's HTTP protocol. */
  readonly frontPort: number;
}

export interface ClickHouseAddresses {
  readonly port: number;
  readonly user: string;
  /** Names of the databases. */
  readonly databases: Readonly<Record<Region, string>>;
  /** Without a database. */
  readonly url: string;
  readonly urls: Readonly<Record<Region, string>>;
}

export interface RedisAddresses {
  /** Of a server that the runner starts. */
  readonly serverPort: number;
  /** Of Upstash's REST protocol. */
  readonly frontPort: number;
}

/** Takes free ports, and the server of `DATABASE_URL` where that is set. */
export async function chooseAddresses(environment: Environment, secrets: Secrets): Promise<Addresses> {
  const [postgres = 0, postgresFront = 0, clickHouse = 0, redis = 0, redisFront = 0, simulator = 0] = await freePorts(6);
  return {
    postgres: {
      databaseUrl: environment.databaseUrl ?? `postgres://postgres:${secrets.postgresPassword}@${host}:${postgres}/postgres`,
      frontPort: postgresFront,
    },
    clickHouse: clickHouseAt(clickHouse, secrets.clickHousePassword),
    redis: { serverPort: redis, frontPort: redisFront },
    simulatorPort: simulator,
  };
}

function clickHouseAt(port: number, password: string): ClickHouseAddresses {
  const user = "evalforge";
  const url = `http://${user}:${password}@${host}:${port}`;
  const databases = { "us-east": "", "us-west": "", "eu-west": "" };
  const urls = { "us-east": "", "us-west": "", "eu-west": "" };
  for (const region of regionSchema.options) {
    databases[region] = `evalforge_${region.replaceAll("-", "_")}`;
    urls[region] = `${url}/${databases[region]}`;
  }
  return { port, user, databases, url, urls };
}
