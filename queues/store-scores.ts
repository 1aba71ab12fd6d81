import type { ClickhouseEnvironment } from "#adapters/clickhouse/client.ts";
import { countScores, insertScores } from "#adapters/clickhouse/insert-scores.ts";
import type { Unavailable } from "#adapters/unavailable.ts";
import { insertRows } from "./insert-rows.ts";
import type { BadEvent, ReadScore } from "./read-spans.ts";
import type { Source } from "./store-object.ts";

/**
 * Brings the scores of an object into ClickHouse, as one insert under a token that follows from the object's key: the
 * same contract as for spans. Of an object received before `countBeforeMs`, what has arrived is counted first. May be
 * repeated; scores that ClickHouse refuses for what they hold are given back, each for itself.
 */
export async function storeScores(
  env: ClickhouseEnvironment,
  { region, key, receivedAtMs }: Source,
  scores: readonly ReadScore[],
  countBeforeMs: number,
): Promise<{ readonly kind: "stored"; readonly refused: readonly BadEvent[] } | Unavailable> {
  if (scores.length === 0) return { kind: "stored", refused: [] };
  if (receivedAtMs < countBeforeMs) {
    const stored = await countScores(env, region, key);
    if (stored.kind === "unavailable") return stored;
    if (stored.value >= countDifferent(scores)) return { kind: "stored", refused: [] };
  }
  const rows = scores.map(({ index, score }) => ({ index, row: { ...score, batchObject: key, receivedAtMs } }));
  const inserted = await insertRows(async (...insert) => await insertScores(env, region, ...insert), `${key}#scores`, rows);
  if (inserted.kind === "unavailable") return inserted;
  const texts = new Map(scores.map(({ index, score }) => [index, JSON.stringify(score)]));
  return { kind: "stored", refused: inserted.refused.map(({ index, reason }) => ({ index, reason, text: texts.get(index) ?? "" })) };
}

/** A score that an object carries twice is one row. */
function countDifferent(scores: readonly ReadScore[]): number {
  return new Set(scores.map(({ score: { projectId, traceId, scoreId } }) => `${projectId} ${traceId} ${scoreId}`)).size;
}
