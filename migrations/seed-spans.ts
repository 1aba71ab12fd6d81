import { insertSpans } from "#adapters/clickhouse/insert-spans.ts";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { regions, type Region } from "#core/contracts/region.ts";
import type { Span } from "#core/contracts/span.ts";

const spansOfInsert = 1_000;

export type SpansSeeded =
  | { readonly kind: "seeded"; readonly spans: number }
  | { readonly kind: "failed"; readonly reason: string; readonly spans: number };

/**
 * Stores spans in a region's ClickHouse (`http(s)://user:password@host:port/database`), as if each had been received when
 * it ended. Stops at the first insert that is refused.
 */
export async function seedSpans(region: Region, url: string, spans: Iterable<Span>): Promise<SpansSeeded> {
  const env = { [`CLICKHOUSE_URL_${regions[region].suffix}`]: url };
  let stored = 0;
  for (const batch of batchesOf(spans)) {
    const batchObject = `seed/${batch[0]?.traceId}-${batch[0]?.spanId}`;
    const rows: readonly StoredSpan[] = batch.map((span) => ({ ...span, batchObject, receivedAtMs: Math.ceil(span.endedAtMs) }));
    const inserted = await insertSpans(env, region, batchObject, rows);
    if (inserted.kind !== "inserted")
      return { kind: "failed", reason: inserted.kind === "refused" ? inserted.reason : inserted.kind, spans: stored };
    stored += batch.length;
  }
  return { kind: "seeded", spans: stored };
}

function* batchesOf(spans: Iterable<Span>): Generator<readonly Span[], void> {
  let batch: Span[] = [];
  for (const span of spans) {
    batch.push(span);
    if (batch.length < spansOfInsert) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
