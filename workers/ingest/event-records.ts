import { scoreIdOf } from "#adapters/score-id.ts";
import { toHex } from "#core/bytes.ts";
import { spanIdSchema, traceIdSchema } from "#core/contracts/id.ts";
import type { Score } from "#core/contracts/score.ts";
import type { Span } from "#core/contracts/span.ts";
import type { ClientEvent } from "#core/ingest/event.ts";
import { momentToSpan, toSpan } from "#core/ingest/event-span.ts";
import { scoreIdSource, toScore } from "#core/ingest/score.ts";
import { priceSpan } from "#adapters/prices/price-span.ts";
import { originOf, type Sender } from "./sender.ts";
import type { Records } from "./take-records.ts";

function newIds() {
  const random = toHex(crypto.getRandomValues(new Uint8Array(24)));
  return { traceId: traceIdSchema.parse(random.slice(0, 32)), spanId: spanIdSchema.parse(random.slice(32)) };
}

/** The records that the items of a batch stand for: with ids where they have none, and priced. */
export async function eventRecords(items: readonly ClientEvent[], sender: Sender, nowMs: number): Promise<Records> {
  const origin = originOf(sender, "events");
  const spans: Span[] = [];
  const scores: Score[] = [];
  for (const item of items) {
    switch (item.type) {
      case "span":
        spans.push(priceSpan(toSpan(item, origin, newIds()), sender.snapshot, nowMs));
        break;
      case "event":
        spans.push(momentToSpan(item, origin, newIds()));
        break;
      case "score": {
        const scoreId = item.scoreId ?? (await scoreIdOf(scoreIdSource(origin.projectId, item)));
        scores.push(toScore(item, origin, scoreId, nowMs));
        break;
      }
    }
  }
  return { spans, scores };
}
