import { priceSpan } from "#adapters/prices/price-span.ts";
import { readSpanEvent, parseBatch } from "#core/ingest/event-batch.ts";
import { batchContract, derivedIds, type BatchHeader } from "#core/ingest/batch.ts";
import { toSpan, type EventOrigin } from "#core/ingest/event-span.ts";
import type { Span } from "#core/contracts/span.ts";
import { breathe } from "./breathe.ts";

/** A span of a batch, or why it cannot be one; `newer`: code that is newer than this took it in. */
export type BatchItem =
  | { readonly kind: "span"; readonly span: Span }
  | { readonly kind: "bad"; readonly reason: string; readonly text: string }
  | { readonly kind: "newer" };

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * The spans of a batch, in the order of its body, priced as at the time it came in: they follow from the batch alone.
 * The edge has looked at each; one that is wrong all the same is given back alone.
 */
export async function readBatch(header: BatchHeader, body: Uint8Array | null): Promise<BatchItem[]> {
  const values = valuesOf(body);
  if (values?.length !== header.spans) {
    return Array.from({ length: header.spans }, () => ({ kind: "bad", reason: "its batch cannot be read", text: "" }));
  }
  const { organizationId, projectId, keyId, homeRegion, servingRegion, client } = header;
  const origin: EventOrigin = { organizationId, projectId, keyId, homeRegion, servingRegion, client, ingestProtocol: "events" };
  const items: BatchItem[] = [];
  for (const [index, value] of values.entries()) {
    await breathe(index);
    const event = readSpanEvent(value);
    if (event !== null) {
      const { traceId = null, spanId = null } = event;
      const ids = traceId === null || spanId === null ? derivedIds(header.batchId, index) : { traceId, spanId };
      const span = toSpan(event, origin, ids);
      items.push({ kind: "span", span: priceSpan(span, header, header.receivedAtMs) });
    } else if (header.contract > batchContract) {
      return [{ kind: "newer" }];
    } else {
      items.push({ kind: "bad", reason: "it is no span", text: JSON.stringify(value) });
    }
  }
  return items;
}

function valuesOf(body: Uint8Array | null): readonly unknown[] | null {
  if (body === null) return null;
  try {
    const sent = parseBatch(decoder.decode(body));
    return sent.kind === "sent" ? sent.values : null;
  } catch {
    return null;
  }
}
