import { connect, type PostgresEnvironment } from "#adapters/postgres/database.ts";
import { readRetentions } from "#adapters/postgres/retentions.ts";
import { attempt, type Answered, type Unavailable } from "#adapters/unavailable.ts";
import type { Region } from "#core/contracts/region.ts";
import { expiryOf, keepOf, keepOfScore } from "#core/operations/retention.ts";
import type { ReadScore, ReadSpan } from "./read-spans.ts";

/** The records of an object, each with its place. */
interface Records {
  readonly spans: readonly ReadSpan[];
  readonly scores: readonly ReadScore[];
}

/**
 * What is to be stored of records that come so late that their rows may have expired meanwhile: nothing that the
 * retention of their project has let go comes back.
 */
export async function withoutExpired(
  env: PostgresEnvironment,
  region: Region,
  { spans, scores }: Records,
  nowMs: number,
): Promise<Answered<Records> | Unavailable> {
  const read = await attempt("postgres", async () => await readRetentions(connect(env), region));
  if (read.kind === "unavailable") return read;
  const expiries = new Map(read.value.map((project) => [project.projectId, expiryOf(project, nowMs)]));
  const value = {
    spans: spans.flatMap(({ index, span }): ReadSpan[] => {
      const expiry = expiries.get(span.projectId);
      const keep = expiry === undefined ? span : keepOf(span, expiry);
      return keep === null ? [] : [{ index, span: keep }];
    }),
    scores: scores.flatMap(({ index, score }): ReadScore[] => {
      const expiry = expiries.get(score.projectId);
      const keep = expiry === undefined ? score : keepOfScore(score, expiry);
      return keep === null ? [] : [{ index, score: keep }];
    }),
  };
  return { kind: "answered", value };
}
