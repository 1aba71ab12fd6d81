import type { Region } from "#core/contracts/region.ts";
import type { Answered, Unavailable } from "../unavailable.ts";
import type { ClickhouseEnvironment } from "./client.ts";
import { countStoredIn, insertInto, type Inserted } from "./insert-spans.ts";
import { scoreColumnNames, type ScoreRow } from "./score-row.ts";

/** Writes the scores of one `raw/` object: all or none. May be repeated under the same token with the same rows. */
export async function insertScores(
  env: ClickhouseEnvironment,
  region: Region,
  token: string,
  rows: readonly ScoreRow[],
): Promise<Inserted> {
  return await insertInto(env, region, { table: "scores", columns: scoreColumnNames, token, rows });
}

/** How many different scores of a `raw/` object have arrived, of those that no later object has replaced. */
export async function countScores(env: ClickhouseEnvironment, region: Region, objectKey: string): Promise<Answered<number> | Unavailable> {
  return await countStoredIn(env, region, { table: "scores", id: "score_id", objectKey });
}
