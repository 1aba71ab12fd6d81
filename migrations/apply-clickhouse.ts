import { fileURLToPath } from "node:url";
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from "@clickhouse/client-web";
import * as z from "zod";
import type { Applied } from "./applied.ts";
import { readMigrationFiles, type MigrationFile } from "./clickhouse-files.ts";
import { describeError } from "./describe-error.ts";
import { halfWayMessage, planMigrations, type LedgerRow } from "./plan.ts";

const clickhouseFolder = fileURLToPath(new URL("clickhouse", import.meta.url));

/** The first release whose inserts deduplicate by token under `deduplicate_insert`. */
const versionMin = { year: 26, month: 1 };

/** A file may fill a new table from all spans; the client's own limit is half a minute. Node waits no longer for an answer to begin. */
const statementWithinMs = 300_000;

// ClickHouse has no transactions over statements, hence two rows a file: an end without its start cannot be, and
// a start without its end is a file that stopped half-way. A repeated file writes its start again.
const createLedger = `
  CREATE TABLE IF NOT EXISTS schema_migrations
  (
      name String,
      state Enum8('started' = 1, 'done' = 2),
      checksum String,
      written_at DateTime64(3, 'UTC') DEFAULT now64(3)
  )
  ENGINE = MergeTree ORDER BY (name, state)`;

const ledgerSchema = z.array(z.strictObject({ name: z.string(), state: z.enum(["started", "done"]), checksum: z.string() }));

/**
 * Applies the numbered files that one database lacks. Not made for two runs at once on one database.
 * `url` is `http(s)://user:password@host:port/database`; the database must exist.
 */
export async function applyClickhouse(label: string, url: string, folder: string = clickhouseFolder): Promise<Applied> {
  const client = createClient({
    url,
    application: "evalforge-migrations",
    request_timeout: statementWithinMs,
    // It would warn of that limit at each start. A failure is thrown, and told by who called.
    log: { level: ClickHouseLogLevel.ERROR },
  });
  const where = `ClickHouse ${label}`;
  try {
    const version = await readVersion(client);
    if (version.year < versionMin.year || (version.year === versionMin.year && version.month < versionMin.month)) {
      return {
        kind: "failed",
        message: `${where}: version ${version.text} is too old; ${versionMin.year}.${versionMin.month} or later is needed.`,
      };
    }
    await client.command({ query: createLedger });
    const plan = planMigrations(await readMigrationFiles(folder), await readLedger(client));
    if (plan.kind === "refused") return { kind: "failed", message: `${where}: ${plan.message}` };
    return await applyAll(client, where, plan.files);
  } catch (error) {
    return { kind: "failed", message: `${where}: ${describeError(error)}` };
  } finally {
    await client.close();
  }
}

async function applyAll(client: ClickHouseClient, where: string, files: readonly MigrationFile[]): Promise<Applied> {
  for (const file of files) {
    await writeLedger(client, { name: file.name, state: "started", checksum: file.checksum });
    try {
      for (const statement of file.statements) await client.command({ query: statement });
    } catch (error) {
      const advice = file.isRepeatable ? "Correct the cause and run this again; the file may be repeated." : halfWayMessage(file.name);
      return { kind: "failed", message: `${where}: ${file.name} failed: ${describeError(error)}. ${advice}` };
    }
    await writeLedger(client, { name: file.name, state: "done", checksum: file.checksum });
  }
  return { kind: "applied", applied: files.map((file) => `${where}/${file.name}`) };
}

async function readVersion(client: ClickHouseClient): Promise<{ text: string; year: number; month: number }> {
  const result = await client.query({ query: "SELECT version() AS version", format: "JSONEachRow" });
  const [row] = z.array(z.object({ version: z.string() })).parse(await result.json());
  const [year = "0", month = "0"] = (row?.version ?? "").split(".");
  return { text: row?.version ?? "unknown", year: Number(year), month: Number(month) };
}

async function readLedger(client: ClickHouseClient): Promise<LedgerRow[]> {
  const result = await client.query({
    query: "SELECT name, state, checksum FROM schema_migrations ORDER BY name, state",
    format: "JSONEachRow",
  });
  return ledgerSchema.parse(await result.json());
}

async function writeLedger(client: ClickHouseClient, row: LedgerRow): Promise<void> {
  await client.insert({
    table: "schema_migrations",
    columns: ["name", "state", "checksum"],
    values: [row],
    format: "JSONEachRow",
    clickhouse_settings: { async_insert: 0 },
  });
}
