import { connect, type PostgresEnvironment } from "#adapters/postgres/database.ts";
import { readRetentions } from "#adapters/postgres/retentions.ts";
import { attempt, type Answered, type Unavailable } from "#adapters/unavailable.ts";
import type { Region } from "#core/contracts/region.ts";
import { expiryOf, keepOf } from "#core/operations/retention.ts";
import type { ReadSpan } from "./read-spans.ts";

/**
 * What is to be stored of spans that come so late that their rows may have expired meanwhile: nothing that the
 * retention of their project has let go comes back.
 */
export async function withoutExpired(
  env: PostgresEnvironment,
  region: Region,
  spans: readonly ReadSpan[],
  nowMs: number,
): Promise<Answered<ReadSpan[]> | Unavailable> {
  const read = await attempt("postgres", async () => await readRetentions(connect(env), region));
  if (read.kind === "unavailable") return read;
  const expiries = new Map(read.value.map((project) => [project.projectId, expiryOf(project, nowMs)]));
  const kept = spans.flatMap(({ index, span }): ReadSpan[] => {
    const expiry = expiries.get(span.projectId);
    const keep = expiry === undefined ? span : keepOf(span, expiry);
    return keep === null ? [] : [{ index, span: keep }];
  });
  return { kind: "answered", value: kept };
}
