import { idsOf } from "./ids.ts";
import { message } from "./protobuf.ts";
import type { SentSpan } from "./spans.ts";

/** Spans as an `ExportTraceServiceRequest` of OpenTelemetry's protocol, with the GenAI conventions' attributes. */
export function otlpRequest(load: number, batch: number, spans: readonly SentSpan[]): Buffer {
  const resource = message([1, { bytes: attribute("service.name", "bench") }]);
  const all = spans.map((span, index) => [2, { bytes: otlpSpan(load, batch, index, span) }] as const);
  const scopeSpans = message([1, { bytes: message([1, { bytes: "bench" }]) }], ...all);
  return message([1, { bytes: message([1, { bytes: resource }], [2, { bytes: scopeSpans }]) }]);
}

function otlpSpan(load: number, batch: number, index: number, span: SentSpan): Buffer {
  const { traceId, spanId } = idsOf(load, batch, index);
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": span.provider,
    "gen_ai.request.model": span.modelRequested,
    "gen_ai.usage.input_tokens": span.usage.inputTokens,
    "gen_ai.usage.output_tokens": span.usage.outputTokens,
    "gen_ai.conversation.id": span.sessionId,
    "gen_ai.input.messages": JSON.stringify(span.input),
    "gen_ai.output.messages": span.output,
    "user.id": span.userId,
  } as const;
  return message(
    [1, { bytes: Buffer.from(traceId, "hex") }],
    [2, { bytes: Buffer.from(spanId, "hex") }],
    [5, { bytes: span.name }],
    [6, { varint: 3 }],
    [7, { fixed64: BigInt(Math.round(span.startedAtMs * 1000)) * 1000n }],
    [8, { fixed64: BigInt(Math.round(span.endedAtMs * 1000)) * 1000n }],
    ...Object.entries(attributes).map(([name, value]) => [9, { bytes: attribute(name, value) }] as const),
  );
}

function attribute(name: string, value: string | number): Buffer {
  return message(
    [1, { bytes: name }],
    [2, { bytes: typeof value === "number" ? message([3, { varint: value }]) : message([1, { bytes: value }]) }],
  );
}
