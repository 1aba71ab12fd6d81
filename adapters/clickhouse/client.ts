import { createClient, type ClickHouseClient } from "@clickhouse/client-web";
import { regions, type Region } from "#core/contracts/region.ts";
import { compressingFetch } from "./compressing-fetch.ts";

type Suffix = (typeof regions)[Region]["suffix"];

/** `http(s)://user:password@host:port/database` of every region that stores spans. */
export type ClickhouseEnvironment = Readonly<Partial<Record<`CLICKHOUSE_URL_${Suffix}`, string>>>;

const clients = new Map<string, ClickHouseClient>();

/** The client of a region's database. Throws where its address is not set. */
export function clickhouseOf(env: ClickhouseEnvironment, region: Region): ClickHouseClient {
  const { suffix } = regions[region];
  const url = env[`CLICKHOUSE_URL_${suffix}`];
  if (url === undefined) throw new Error(`CLICKHOUSE_URL_${suffix} is not set`);
  const known = clients.get(url);
  if (known !== undefined) return known;
  const client = createClient({ url, application: "evalforge", fetch: compressingFetch });
  clients.set(url, client);
  return client;
}

/** Whether a region stores spans: it needs no ClickHouse as long as no project lives there. */
export function hasClickhouse(env: ClickhouseEnvironment, region: Region): boolean {
  return env[`CLICKHOUSE_URL_${regions[region].suffix}`] !== undefined;
}
