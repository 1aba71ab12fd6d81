import * as z from "zod";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { insertBlock, type Inserted } from "./insert-block.ts";
import { spanColumns } from "./span-row.ts";

/**
 * Writes the spans of one `raw/` object: all or none. May be repeated under the same token with the same spans. `onSent` is
 * called when they have gone out, and not where no connection came about.
 */
export async function insertSpans(
  env: ClickhouseEnvironment,
  region: Region,
  token: string,
  spans: readonly StoredSpan[],
  onSent?: () => void,
): Promise<Inserted> {
  return await insertBlock(env, region, { table: "spans", columns: spanColumns, token, rows: spans, onSent });
}

const countedSchema = z.array(z.strictObject({ stored: z.int() }));

/** How many different spans of a `raw/` object have arrived, of those that no later object has replaced. */
export async function countStored(env: ClickhouseEnvironment, region: Region, objectKey: string): Promise<Answered<number> | Unavailable> {
  return await countStoredIn(env, region, { table: "spans", id: "span_id", objectKey });
}

/** Which rows of a `raw/` object are counted, by the column that tells those of one trace apart. */
interface Counting {
  readonly table: "spans" | "scores";
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
