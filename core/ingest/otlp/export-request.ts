import type { Attributes } from "./attribute.ts";

/** A moment in a span. */
export interface OtlpEvent {
  readonly name: string;
  readonly atMs: number;
  readonly attributes: Attributes;
}

/** Another span that one belongs to beside its parent. Ids as they were sent. */
export interface OtlpLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** A span as it was sent, whichever encoding that was. Ids in hexadecimal, not yet known to be ids; times in epoch milliseconds. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: none. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  /** Of the protocol's table: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly attributes: Attributes;
  readonly events: readonly OtlpEvent[];
  readonly links: readonly OtlpLink[];
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  /** What the sender itself left out. */
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
}

/** What made spans. */
export interface OtlpScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
}

/** A span that cannot be read, and why; its place among the spans stays. */
export interface UnreadableSpan {
  readonly unreadable: string;
}

export interface OtlpScopeSpans {
  readonly scope: OtlpScope;
  readonly spans: readonly (OtlpSpan | UnreadableSpan)[];
}

export interface OtlpResourceSpans {
  readonly resource: Attributes;
  readonly scopes: readonly OtlpScopeSpans[];
}

/** What came of a body: an export request, something else of the protocol that was sent here, or no message at all. */
export type ReadRequest =
  | { readonly kind: "spans"; readonly resources: readonly OtlpResourceSpans[] }
  | { readonly kind: "other-signal"; readonly signal: "logs" | "metrics" }
  | { readonly kind: "broken"; readonly reason: string };

/** Epoch milliseconds of epoch nanoseconds, to the microsecond: finer is not kept. */
export function msOfNanos(nanos: bigint): number {
  return Number(nanos / 1000n) / 1000;
}
