import type { StoredScore } from "#core/contracts/api/scores.ts";
import type { Region } from "#core/contracts/region.ts";
import type { Answered, Unavailable } from "../unavailable.ts";
import type { ClickhouseEnvironment } from "./client.ts";
import { insertBlock, type Inserted } from "./insert-block.ts";
import { countStoredIn } from "./insert-spans.ts";
import { scoreColumns } from "./score-row.ts";

/** Writes the scores of one `raw/` object: all or none. May be repeated under the same token with the same scores. */
export async function insertScores(
  env: ClickhouseEnvironment,
  region: Region,
  token: string,
  scores: readonly StoredScore[],
): Promise<Inserted> {
  return await insertBlock(env, region, { table: "scores", columns: scoreColumns, token, rows: scores });
}

/** How many different scores of a `raw/` object have arrived, of those that no later object has replaced. */
export async function countScores(env: ClickhouseEnvironment, region: Region, objectKey: string): Promise<Answered<number> | Unavailable> {
  return await countStoredIn(env, region, { table: "scores", id: "score_id", objectKey });
}
