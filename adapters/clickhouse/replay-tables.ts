import type { ClickHouseClient, ClickHouseSettings } from "@clickhouse/client-web";
import * as z from "zod";
import { regions, type Region } from "#core/contracts/region.ts";
import type { Replay } from "#core/contracts/api/replay.ts";
import type { Expiry } from "#core/operations/retention.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { isOver } from "./expire-rows.ts";

interface ReplayedTable {
  /** What tells its rows apart, however a row was changed since. */
  readonly identity: string;
  /** The column of the time that a row's age counts from. */
  readonly time: string;
}

/** Every table that consumers fill from raw objects. What views and crons make of them follows. */
const replayedTables = {
  spans: { identity: "(project_id, trace_id, span_id)", time: "started_at" },
  scores: { identity: "(project_id, trace_id, score_id)", time: "judged_at" },
} as const satisfies Record<string, ReplayedTable>;

/** Of copies of whole rows: none is taken for a repetition of another, and none is cut short. */
const copySettings: ClickHouseSettings = {
  insert_deduplicate: 0,
  async_insert: 0,
  max_execution_time: 0,
  // As inserts of consumers do: merges make it.
  exclude_materialize_skip_indexes_on_insert: "spans_search",
};
/** Columns that say when a row came into its table are made anew. */
const stamped = "inserted_at";

type Names = Pick<Replay, "region" | "replayId">;

function clientOf(env: ClickhouseEnvironment, { region }: Names): ClickHouseClient {
  return clickhouseOf(env, region);
}

/** The database that a region's address names. */
function databaseOf(env: ClickhouseEnvironment, region: Region): string {
  const url = env[`CLICKHOUSE_URL_${regions[region].suffix}`];
  const name = decodeURIComponent(new URL(url ?? "http://none/").pathname.slice(1));
  return name === "" ? "default" : name;
}

/** A database of its own, so that consumers' code fills it unchanged. */
function shadowName(env: ClickhouseEnvironment, { region, replayId }: Names): string {
  return `${databaseOf(env, region)}_replay_${replayId}`;
}

function quoted(...parts: readonly string[]): string {
  return parts.map((part) => `\`${part.replaceAll("`", "``").replaceAll("\\", "\\\\")}\``).join(".");
}

/** The environment in which the region's database is that of the replay. */
export function shadowEnvironment<Env extends ClickhouseEnvironment>(env: Env, names: Names): Env {
  const variable = `CLICKHOUSE_URL_${regions[names.region].suffix}` as const;
  const url = new URL(env[variable] ?? "http://none/");
  url.pathname = `/${encodeURIComponent(shadowName(env, names))}`;
  return { ...env, [variable]: url.href };
}

const namesSchema = z.array(z.strictObject({ name: z.string() }));

async function rowsOf(client: ClickHouseClient, query: string, params: Record<string, unknown> = {}): Promise<unknown> {
  const settings: ClickHouseSettings = { output_format_json_quote_64bit_integers: 0 };
  const result = await client.query({ query, query_params: params, format: "JSONEachRow", clickhouse_settings: settings });
  return await result.json();
}

/** The tables of today's migrations that a replay fills. */
export async function presentTables(env: ClickhouseEnvironment, region: Region): Promise<(keyof typeof replayedTables)[]> {
  const rows = namesSchema.parse(
    await rowsOf(clickhouseOf(env, region), "SELECT name FROM system.tables WHERE database = {database:String}", {
      database: databaseOf(env, region),
    }),
  );
  const present = new Set(rows.map(({ name }) => name));
  return Object.keys(replayedTables).filter((table): table is keyof typeof replayedTables => present.has(table));
}

/** Makes the replay's database, with empty tables of the same definitions. May be repeated. Throws what the client throws, as all here. */
export async function createShadow(env: ClickhouseEnvironment, names: Names): Promise<void> {
  const client = clientOf(env, names);
  const [main, shadow] = [databaseOf(env, names.region), shadowName(env, names)];
  const statements = [
    `CREATE DATABASE IF NOT EXISTS ${quoted(shadow)}`,
    ...(await presentTables(env, names.region)).map(
      (table) => `CREATE TABLE IF NOT EXISTS ${quoted(shadow, table)} AS ${quoted(main, table)}`,
    ),
    `CREATE TABLE IF NOT EXISTS ${quoted(shadow, "replayed_objects")} (object String) ENGINE = ReplacingMergeTree ORDER BY object`,
    `CREATE TABLE IF NOT EXISTS ${quoted(shadow, "copied_parts")} (table String, name String) ENGINE = ReplacingMergeTree ORDER BY (table, name)`,
  ];
  for (const query of statements) await client.command({ query });
}

/** Notes that objects have been stored in the replay's tables. */
export async function noteReplayed(env: ClickhouseEnvironment, names: Names, objects: readonly string[]): Promise<void> {
  if (objects.length === 0) return;
  await clientOf(env, names).insert({
    table: quoted(shadowName(env, names), "replayed_objects"),
    values: objects.map((object) => ({ object })),
    format: "JSONEachRow",
  });
}

function replayedObjects(env: ClickhouseEnvironment, names: Names): string {
  return `(SELECT object FROM ${quoted(shadowName(env, names), "replayed_objects")})`;
}

const countSchema = z.tuple([z.strictObject({ rows: z.int() })]);

/** How many stored rows of the replayed objects the replay has not made, of those whose time is not over; by table, where there are any. */
export async function countMissing(
  env: ClickhouseEnvironment,
  names: Names,
  expiries: readonly Expiry[],
): Promise<{ readonly table: string; readonly rows: number }[]> {
  const missing: { table: string; rows: number }[] = [];
  for (const table of await presentTables(env, names.region)) {
    const { identity, time } = replayedTables[table];
    const over = isOver(
      time,
      expiries.map(({ projectId, spansBeforeMs }) => ({ projectId, beforeMs: spansBeforeMs })),
    );
    const query = `SELECT toUInt32(uniqExact(${identity})) AS rows FROM ${quoted(databaseOf(env, names.region), table)}
      WHERE batch_object IN ${replayedObjects(env, names)} AND NOT (${over?.condition ?? "false"})
        AND ${identity} NOT IN (SELECT ${identity} FROM ${quoted(shadowName(env, names), table)})`;
    const [{ rows }] = countSchema.parse(await rowsOf(clientOf(env, names), query, over?.params));
    if (rows > 0) missing.push({ table, rows });
  }
  return missing;
}

const figuresSchema = z.tuple([z.strictObject({ spans: z.int(), costNanoUsd: z.string() })]);

/** What is stored of the replayed objects (`before`), and what the replay made of them (`after`). */
export async function compareFigures(env: ClickhouseEnvironment, names: Names): Promise<Pick<Replay, "before" | "after">> {
  const select = "SELECT toUInt32(count()) AS spans, toString(sum(toInt128(ifNull(cost_nano_usd, 0)))) AS costNanoUsd FROM";
  const ofReplayed = `FINAL WHERE batch_object IN ${replayedObjects(env, names)}`;
  const ask = async (database: string) => {
    const [figures] = figuresSchema.parse(await rowsOf(clientOf(env, names), `${select} ${quoted(database, "spans")} ${ofReplayed}`));
    return figures;
  };
  return { before: await ask(databaseOf(env, names.region)), after: await ask(shadowName(env, names)) };
}

const partitionsSchema = z.array(z.strictObject({ partition: z.string(), isTouched: z.boolean() }));
const uuidSchema = z.array(z.strictObject({ uuid: z.string() }));

/** The table that is to take another's place, and has it after the swap. */
function replacementOf(table: string, { replayId }: Names): string {
  return `${table}_replay_${replayId}`;
}

/**
 * Makes the table that takes `table`'s place: what the replay made, and of the present table what other objects
 * brought. Partitions that hold nothing of replayed objects are shared, not copied. Gives its id. Repeated, it begins anew.
 */
export async function buildReplacement(env: ClickhouseEnvironment, names: Names, table: string): Promise<string> {
  const client = clientOf(env, names);
  const [main, shadow] = [databaseOf(env, names.region), shadowName(env, names)];
  const [present, replacement] = [quoted(main, table), quoted(main, replacementOf(table, names))];
  await dropTable(client, replacement);
  await client.command({ query: `CREATE TABLE ${replacement} AS ${present}` });
  await client.command({
    query: `ALTER TABLE ${quoted(shadow, "copied_parts")} DELETE WHERE table = {table:String}`,
    query_params: { table },
    clickhouse_settings: { mutations_sync: "1" },
  });
  // Noted before anything is copied: whatever comes later is in a part of another name.
  await noteParts(env, names, table, await newParts(env, names, table, table));
  const partitions = partitionsSchema.parse(
    await rowsOf(
      client,
      `SELECT _partition_id AS partition, toBool(countIf(batch_object IN ${replayedObjects(env, names)}) > 0) AS isTouched FROM ${present} GROUP BY partition`,
    ),
  );
  for (const { partition, isTouched } of partitions) {
    const query = isTouched
      ? `INSERT INTO ${replacement} SELECT * FROM ${present} WHERE _partition_id = {partition:String} AND batch_object NOT IN ${replayedObjects(env, names)}`
      : `ALTER TABLE ${replacement} ATTACH PARTITION ID {partition:String} FROM ${present}`;
    await client.command({ query, query_params: { partition }, clickhouse_settings: copySettings });
  }
  await client.command({ query: `INSERT INTO ${replacement} SELECT * FROM ${quoted(shadow, table)}`, clickhouse_settings: copySettings });
  return await uuidOf(client, main, replacementOf(table, names));
}

/** The parts of a table that nobody has noted yet. */
async function newParts(env: ClickhouseEnvironment, names: Names, table: string, from: string): Promise<string[]> {
  const query = `SELECT name FROM system.parts WHERE active AND database = {database:String} AND table = {from:String}
    AND name NOT IN (SELECT name FROM ${quoted(shadowName(env, names), "copied_parts")} WHERE table = {table:String}) ORDER BY name`;
  const rows = await rowsOf(clientOf(env, names), query, { table, from, database: databaseOf(env, names.region) });
  return namesSchema.parse(rows).map(({ name }) => name);
}

async function noteParts(env: ClickhouseEnvironment, names: Names, table: string, parts: readonly string[]): Promise<void> {
  if (parts.length === 0) return;
  await clientOf(env, names).insert({
    table: quoted(shadowName(env, names), "copied_parts"),
    values: parts.map((name) => ({ table, name })),
    format: "JSONEachRow",
  });
}

async function uuidOf(client: ClickHouseClient, database: string, table: string): Promise<string> {
  const rows = uuidSchema.parse(
    await rowsOf(client, "SELECT toString(uuid) AS uuid FROM system.tables WHERE database = {database:String} AND name = {table:String}", {
      database,
      table,
    }),
  );
  return rows[0]?.uuid ?? "";
}

/** Lets the replacement of `uuid` take its table's place, where it has not. */
export async function swapIn(env: ClickhouseEnvironment, names: Names, table: string, uuid: string): Promise<void> {
  const client = clientOf(env, names);
  const main = databaseOf(env, names.region);
  if ((await uuidOf(client, main, table)) === uuid) return;
  await client.command({ query: `EXCHANGE TABLES ${quoted(main, table)} AND ${quoted(main, replacementOf(table, names))}` });
}

/**
 * Adds what came into the former table in parts that nobody has noted yet; once more, what came since. A row that is
 * there twice counts once.
 */
export async function takeOver(env: ClickhouseEnvironment, names: Names, table: string): Promise<void> {
  const main = databaseOf(env, names.region);
  const former = replacementOf(table, names);
  const parts = await newParts(env, names, table, former);
  if (parts.length === 0) return;
  await clientOf(env, names).command({
    query: `INSERT INTO ${quoted(main, table)} SELECT * FROM ${quoted(main, former)}
      WHERE _part IN {parts:Array(String)} AND batch_object NOT IN ${replayedObjects(env, names)}`,
    query_params: { parts },
    clickhouse_settings: copySettings,
  });
  await noteParts(env, names, table, parts);
}

/** Lets what the replay made of a table count as having come in now, so that views and rollups take it anew. */
export async function comeInAgain(env: ClickhouseEnvironment, names: Names, table: string): Promise<void> {
  const client = clientOf(env, names);
  const [main, shadow] = [databaseOf(env, names.region), shadowName(env, names)];
  const columns = namesSchema
    .parse(
      await rowsOf(
        client,
        "SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String} AND default_kind != 'ALIAS'",
        {
          database: main,
          table,
        },
      ),
    )
    .flatMap(({ name }) => (name === stamped ? [] : [quoted(name)]))
    .join(", ");
  await client.command({
    query: `INSERT INTO ${quoted(main, table)} (${columns}) SELECT ${columns} FROM ${quoted(shadow, table)}`,
    clickhouse_settings: copySettings,
  });
}

async function dropTable(client: ClickHouseClient, name: string): Promise<void> {
  // It is dropped on purpose, whatever its size.
  await client.command({ query: `DROP TABLE IF EXISTS ${name} SYNC`, clickhouse_settings: { max_table_size_to_drop: "0" } });
}

/** Drops the replay's database and the tables that have lost their place, or never took one. May be repeated. */
export async function dropReplayTables(env: ClickhouseEnvironment, names: Names): Promise<void> {
  const client = clientOf(env, names);
  const main = databaseOf(env, names.region);
  for (const table of Object.keys(replayedTables)) await dropTable(client, quoted(main, replacementOf(table, names)));
  await client.command({
    query: `DROP DATABASE IF EXISTS ${quoted(shadowName(env, names))} SYNC`,
    clickhouse_settings: { max_table_size_to_drop: "0" },
  });
}
