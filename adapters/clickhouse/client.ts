import { createClient, type ClickHouseClient } from "@clickhouse/client-web";
import { regions, type Region } from "#core/contracts/region.ts";
import { compressingFetch } from "./compressing-fetch.ts";

type Suffix = (typeof regions)[Region]["suffix"];

/** `http(s)://user:password@host:port/database` of every region that stores spans. */
export type ClickhouseEnvironment = Readonly<Partial<Record<`CLICKHOUSE_URL_${Suffix}`, string>>>;

const clients = new Map<string, ClickHouseClient>();

/** The client of a region's database. Throws where its address is not set. */
export function clickhouseOf(env: ClickhouseEnvironment, region: Region): ClickHouseClient {
  const url = urlOf(env, region);
  const known = clients.get(url);
  if (known !== undefined) return known;
  const client = createClient({ url, application: "evalforge", fetch: compressingFetch });
  clients.set(url, client);
  return client;
}

/** Where a region's database answers over HTTP, for what the client has no way for. Throws where its address is not set. */
export function clickhouseAddress(env: ClickhouseEnvironment, region: Region): { url: URL; database: string; authorization: string } {
  const { protocol, host, username, password, pathname } = new URL(urlOf(env, region));
  const login = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return {
    url: new URL(`${protocol}//${host}/`),
    database: decodeURIComponent(pathname.slice(1)),
    authorization: `Basic ${btoa(String.fromCharCode(...login))}`,
  };
}

function urlOf(env: ClickhouseEnvironment, region: Region): string {
  const name = `CLICKHOUSE_URL_${regions[region].suffix}` as const;
  const url = env[name];
  if (url === undefined) throw new Error(`${name} is not set`);
  return url;
}

/** Whether a region stores spans: it needs no ClickHouse as long as no project lives there. */
export function hasClickhouse(env: ClickhouseEnvironment, region: Region): boolean {
  return env[`CLICKHOUSE_URL_${regions[region].suffix}`] !== undefined;
}
