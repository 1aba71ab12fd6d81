import type { ClickHouseSettings } from "@clickhouse/client-web";
import * as z from "zod";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { isDataError } from "./data-errors.ts";
import { spanColumnNames, type SpanRow } from "./span-row.ts";

/**
 * One object is one insert: a second one under the same token changes nothing, and fills what an insert that stopped
 * half-way left out: it commits partition by partition, and the views' tables last. `async_insert` is said because a
 * server's default may be 1, which would let the server join inserts; `deduplicate_insert` is ClickHouse 26's name.
 */
const insertSettings: ClickHouseSettings = {
  async_insert: 0,
  wait_for_async_insert: 1,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  precise_float_parsing: 1,
};

/** `refused`: by what some row holds, so never otherwise; `reason` may quote the row. `unavailable`: it may be taken later. */
export type Inserted = { readonly kind: "inserted" } | { readonly kind: "refused"; readonly reason: string } | Unavailable;

/** Writes rows of one `raw/` object: all or none. May be repeated under the same token with the same rows. */
export async function insertSpans(env: ClickhouseEnvironment, region: Region, token: string, rows: readonly SpanRow[]): Promise<Inserted> {
  return await insertInto(env, region, { table: "spans", columns: spanColumnNames, token, rows });
}

/** What is written, into which table: rows with their values in the order of the columns. */
interface Insertion {
  readonly table: "spans" | "scores";
  readonly columns: [string, ...string[]];
  readonly token: string;
  readonly rows: readonly (readonly unknown[])[];
}

/** Writes rows under a token, as the contract with ClickHouse says. */
export async function insertInto(
  env: ClickhouseEnvironment,
  region: Region,
  { table, columns, token, rows }: Insertion,
): Promise<Inserted> {
  const done = await attempt(
    "clickhouse",
    async () =>
      await clickhouseOf(env, region).insert({
        table,
        columns,
        values: rows,
        format: "JSONCompactEachRow",
        clickhouse_settings: { ...insertSettings, deduplicate_insert: "enable", insert_deduplication_token: token },
      }),
  );
  if (done.kind === "answered") return { kind: "inserted" };
  return isDataError(done.code) ? { kind: "refused", reason: done.reason } : done;
}

const countedSchema = z.array(z.strictObject({ stored: z.int() }));

/** How many different spans of a `raw/` object have arrived, of those that no later object has replaced. */
export async function countStored(env: ClickhouseEnvironment, region: Region, objectKey: string): Promise<Answered<number> | Unavailable> {
  return await countStoredIn(env, region, { table: "spans", id: "span_id", objectKey });
}

/** Which rows of a `raw/` object are counted, by the column that tells those of one trace apart. */
interface Counting {
  readonly table: Insertion["table"];
  readonly id: "span_id" | "score_id";
  readonly objectKey: string;
}

/** How many different rows of a `raw/` object have arrived in a table. */
export async function countStoredIn(
  env: ClickhouseEnvironment,
  region: Region,
  { table, id, objectKey }: Counting,
): Promise<Answered<number> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const result = await clickhouseOf(env, region).query({
      query: `SELECT toInt32(uniqExact(project_id, trace_id, ${id})) AS stored FROM ${table} WHERE batch_object = {objectKey:String}`,
      query_params: { objectKey },
      format: "JSONEachRow",
    });
    const [counted] = countedSchema.parse(await result.json());
    return counted?.stored ?? 0;
  });
}
