import { randomBytes } from "node:crypto";
import pg from "pg";

/** A database for one system alone, and what drops it; `url` is empty where the embedded engine shall be used. */
export interface OwnDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/**
 * On the server that `DATABASE_URL` names each system gets a database of its own, as it has on the embedded engine: what one test
 * file leaves there (an organisation's budget, say) would else hold for the next.
 */
export async function makeOwnDatabase(serverUrl: string | undefined): Promise<OwnDatabase> {
  if (serverUrl === undefined || serverUrl === "") return { url: "", drop: async () => undefined };
  const name = `evalforge_test_${randomBytes(8).toString("hex")}`;
  await ask(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  return { url: url.href, drop: async () => await ask(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function ask(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
