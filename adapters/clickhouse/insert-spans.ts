import * as z from "zod";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { insertBlock, type Inserted } from "./insert-block.ts";
import { spanColumns } from "./span-row.ts";

/** Writes the spans of one `raw/` object: all or none. May be repeated under the same token with the same spans. */
export async function insertSpans(
  env: ClickhouseEnvironment,
  region: Region,
  token: string,
  spans: readonly StoredSpan[],
): Promise<Inserted> {
  return await insertBlock(env, region, { table: "spans", columns: spanColumns, token, rows: spans });
}

const countedSchema = z.array(z.strictObject({ spans: z.int() }));

/** How many different spans of a `raw/` object have arrived, of those that no later object has replaced. */
export async function countStored(env: ClickhouseEnvironment, region: Region, objectKey: string): Promise<Answered<number> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const result = await clickhouseOf(env, region).query({
      query: "SELECT toInt32(uniqExact(project_id, trace_id, span_id)) AS spans FROM spans WHERE batch_object = {objectKey:String}",
      query_params: { objectKey },
      format: "JSONEachRow",
    });
    const [counted] = countedSchema.parse(await result.json());
    return counted?.spans ?? 0;
  });
}
