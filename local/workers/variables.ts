import { regionSchema } from "#core/contracts/region.ts";
import type { Addresses } from "../addresses.ts";
import type { Environment } from "../environment.ts";
import { host } from "../ports.ts";
import type { Secrets } from "../secrets.ts";
import { regionalName, type Variables } from "./layout.ts";

/** What the three Workers are told: addresses of the stores, secrets, and what only one machine needs. */
export function variablesOf(environment: Environment, secrets: Secrets, addresses: Addresses): Variables {
  const stores: Record<string, string> = {
    DATABASE_URL: addresses.postgres.databaseUrl,
    NEON_FETCH_ENDPOINT: `http://${host}:${addresses.postgres.frontPort}/sql`,
    // workerd has no jurisdictions: asking for one throws.
    JURISDICTIONS: "off",
  };
  const clickHouse: Record<string, string> = {};
  for (const region of regionSchema.options) {
    stores[regionalName("UPSTASH_REDIS_REST_URL", region)] = `http://${host}:${addresses.redis.frontPort}`;
    stores[regionalName("UPSTASH_REDIS_REST_TOKEN", region)] = secrets.redisToken;
    clickHouse[regionalName("CLICKHOUSE_URL", region)] = addresses.clickHouse.urls[region];
  }
  const credentials = { CREDENTIALS_KEY: secrets.credentialsKey };
  const simulator = { SIMULATOR_URL: `http://${host}:${addresses.simulatorPort}` };
  return {
    gateway: { ...stores, ...credentials, ...environment.providerVariables, ...simulator },
    ingest: stores,
    app: { ...stores, ...credentials, ...clickHouse, ADMIN_KEY: secrets.adminKey },
  };
}
