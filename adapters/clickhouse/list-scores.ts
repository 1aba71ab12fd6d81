import * as z from "zod";
import type { StoredScore } from "#core/contracts/api/scores.ts";
import type { ProjectId, TraceId } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import type { ScoreId } from "#core/contracts/score.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { clickhouseOf, type ClickhouseEnvironment } from "./client.ts";
import { scoreCursor, type PageCursor } from "./page-cursor.ts";
import { scoreRowSchema, scoreSelection } from "./score-row.ts";

export interface ScorePageRequest {
  readonly projectId: ProjectId;
  readonly traceId: TraceId;
  readonly limit: number;
  readonly cursor: PageCursor<ScoreId> | null;
}

export interface ScorePage {
  readonly scores: StoredScore[];
  readonly nextCursor: string | null;
}

// FINAL merges across months too: a score that was judged anew in another month is one.
const query = `
  SELECT ${scoreSelection}
  FROM scores FINAL
  WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String}
    AND (toUnixTimestamp64Micro(scores.judged_at), toString(scores.score_id)) > ({afterUs:Int64}, {afterId:String})
  ORDER BY scores.judged_at, toString(scores.score_id)
  LIMIT {limit:UInt32}`;

/** A page of the scores of a trace, oldest first, each once; an empty one where there are none. */
export async function listScores(
  env: ClickhouseEnvironment,
  region: Region,
  { projectId, traceId, limit, cursor }: ScorePageRequest,
): Promise<Answered<ScorePage> | Unavailable> {
  return await attempt("clickhouse", async () => {
    const result = await clickhouseOf(env, region).query({
      query,
      query_params: { projectId, traceId, limit: limit + 1, afterUs: cursor?.startedAtUs ?? -1, afterId: cursor?.id ?? "" },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, do_not_merge_across_partitions_select_final: 0 },
      format: "JSONEachRow",
    });
    const found = z.array(scoreRowSchema).parse(await result.json());
    const scores = found.slice(0, limit);
    const last = scores.at(-1);
    const isMore = found.length > limit && last !== undefined;
    return { scores, nextCursor: isMore ? scoreCursor.format({ startedAtUs: Math.round(last.atMs * 1000), id: last.scoreId }) : null };
  });
}
