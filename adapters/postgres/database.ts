import { neon, neonConfig } from "@neondatabase/serverless";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";
import * as schema from "./schema.ts";

export interface PostgresEnvironment {
  /** `postgres://user:password@host:port/database` */
  readonly DATABASE_URL: string;
  /** Where Neon's HTTP protocol is spoken, if not at the host of `DATABASE_URL`. */
  readonly NEON_FETCH_ENDPOINT?: string;
}

export type Database = NeonHttpDatabase<typeof schema>;

const timeoutMs = 10_000;
const databases = new Map<string, Database>();

/** The control plane's database over HTTP: batches, no interactive transactions. Opens no connection. */
export function connect(env: PostgresEnvironment): Database {
  if (env.NEON_FETCH_ENDPOINT !== undefined) neonConfig.fetchEndpoint = env.NEON_FETCH_ENDPOINT;
  // The driver has no timeout of its own: a database that hangs would hold the request as long.
  neonConfig.fetchFunction = (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  const known = databases.get(env.DATABASE_URL);
  if (known !== undefined) return known;
  const database = drizzle({ client: neon(env.DATABASE_URL), schema });
  databases.set(env.DATABASE_URL, database);
  return database;
}
