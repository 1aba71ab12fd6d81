import { keyIdSchema, organizationIdSchema, projectIdSchema } from "../../contracts/id.ts";
import type { EventOrigin } from "../event-span.ts";
import type { AttributeValue } from "./attribute.ts";
import type { OtlpSpan } from "./export-request.ts";
import aiSdkLegacy from "./fixtures/ai-sdk-legacy.json" with { type: "json" };
import aiSdk from "./fixtures/ai-sdk.json" with { type: "json" };
import openinference from "./fixtures/openinference.json" with { type: "json" };
import traceloop from "./fixtures/traceloop.json" with { type: "json" };
import { bytesField, varintField } from "./wire.ts";

export const origin: EventOrigin = {
  organizationId: organizationIdSchema.parse("0193c5a0-0000-7000-8000-000000000001"),
  projectId: projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000002"),
  keyId: keyIdSchema.parse("0123456789abcdef"),
  homeRegion: "eu-west",
  servingRegion: "us-west",
  client: "OTel",
  ingestProtocol: "otlp",
};

/** When the requests of real clients were sent. */
export const sentAtMs = 1_795_536_300_000;

/** What real clients sent, as JSON. */
export const realRequests = { "ai-sdk": aiSdk, "ai-sdk-legacy": aiSdkLegacy, openinference, traceloop } as const;

/** A span with these attributes. */
export function otlpSpan(attributes: Readonly<Record<string, AttributeValue>>, changes: Partial<OtlpSpan> = {}): OtlpSpan {
  return {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    parentSpanId: "",
    traceState: "",
    name: "call",
    kind: 0,
    startedAtMs: sentAtMs,
    endedAtMs: sentAtMs + 10,
    attributes: Object.entries(attributes),
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: "",
    droppedAttributes: 0,
    droppedEvents: 0,
    ...changes,
  };
}

/** A request of one span as protobuf, of which `fields` are the bytes. */
export function protobufRequest(...spans: readonly (readonly number[])[]): Uint8Array {
  const scope = bytesField(
    2,
    spans.flatMap((fields) => bytesField(2, fields)),
  );
  return Uint8Array.from(bytesField(1, scope));
}

/** Ids, a start and an end of a span as protobuf. */
export function protobufIds(): number[] {
  const nanos = Array.from(new Uint8Array(new BigUint64Array([BigInt(sentAtMs) * 1_000_000n]).buffer));
  const ids = [...bytesField(1, new Array<number>(16).fill(0xaa)), ...bytesField(2, new Array<number>(8).fill(0xbb))];
  return [...ids, 7 * 8 + 1, ...nanos, 8 * 8 + 1, ...nanos, ...varintField(6, 3)];
}
