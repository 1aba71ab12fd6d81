import * as z from "zod";
import type { TimeRange } from "#core/analytics/coverage.ts";
import type { MetadataKey } from "#core/contracts/api/spans.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { readSettings } from "./read-settings.ts";

const query = `
  SELECT entry.1 AS key, entry.2 AS type, count() AS spans
  FROM (
    SELECT arrayJoin(arrayConcat(
      arrayMap(name -> (name, 'text'), mapKeys(metadata_text)),
      arrayMap(name -> (name, 'number'), mapKeys(metadata_number)),
      arrayMap(name -> (name, 'boolean'), mapKeys(metadata_boolean)))) AS entry
    FROM spans FINAL
    WHERE project_id = {projectId:UUID} AND spans.started_at >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')
      AND spans.started_at < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')
  )
  GROUP BY key, type ORDER BY spans DESC, key, type LIMIT 200`;

const keysSchema = z.array(z.strictObject({ key: z.string(), type: z.enum(["text", "number", "boolean"]), spans: z.number() }));

/** Under which keys the spans of a range have metadata, most frequent first. */
export async function listMetadataKeys(
  env: ClickhouseEnvironment,
  region: Region,
  { projectId, fromMs, toMs }: TimeRange & { readonly projectId: ProjectId },
): Promise<Answered<MetadataKey[]> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const result = await clickhouseOf(env, region).query({
      query,
      query_params: { projectId, fromMs, toMs },
      clickhouse_settings: { ...readSettings, prefer_column_name_to_alias: 0 },
      format: "JSONEachRow",
    });
    return keysSchema.parse(await result.json());
  });
}
