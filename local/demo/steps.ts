import type { SpanId, TraceId } from "#core/contracts/id.ts";
import type { Span } from "#core/contracts/span.ts";
import { readUsage } from "#core/dialects/chat/usage.ts";
import { priceUsage } from "#core/gateway/cost.ts";
import { tokensOf, type Place } from "./calls.ts";
import { models } from "./models.ts";
import type { Random } from "./random.ts";
import { baseSpan, newIds, type Session } from "./session.ts";

/** A step that the application itself reports. */
export interface Step {
  readonly kind: "tool" | "agent" | "chain" | "retriever" | "span";
  readonly name: string;
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | null;
  readonly startedAtMs: number;
}

/** Begins a step at the session's moment; its clock has microseconds. */
export function beginStep(session: Session, kind: Step["kind"], name: string, parent: Step | null): Step {
  const ids = newIds(session.random, session.nowMs);
  return {
    kind,
    name,
    traceId: parent?.traceId ?? ids.traceId,
    spanId: ids.spanId,
    parentSpanId: parent?.spanId ?? null,
    startedAtMs: session.nowMs + session.random.int(0, 999) / 1000,
  };
}

export function placeIn({ traceId, spanId }: Step): Place {
  return { traceId, parentSpanId: spanId };
}

/** Ends a step `tookMs` later. `error`: what it stumbled over. */
export function endStep(session: Session, step: Step, tookMs: number, said: { input: unknown; output: unknown; error?: string }): Span {
  const endedAtMs = Math.max(step.startedAtMs, session.nowMs) + Math.round(tookMs * 1000) / 1000;
  session.nowMs = Math.ceil(endedAtMs);
  return {
    ...baseSpan(session),
    ...step,
    endedAtMs,
    status: said.error === undefined ? "ok" : "error",
    error: said.error === undefined ? null : { code: "client_error", message: said.error, upstreamStatus: null },
    input: payload(said.input),
    output: payload(said.output),
  };
}

function payload(value: unknown): Span["input"] {
  if (value === null) return { kind: "omitted", reason: "none" };
  if (typeof value === "string") return { kind: "inline", mediaType: "text/plain", text: value };
  return { kind: "inline", mediaType: "application/json", text: JSON.stringify(value) };
}

const dimensions = 256;

/** A direction in space, as embeddings are: independent coordinates of length 1 together. */
function vector(random: Random): readonly number[] {
  const coordinates = Array.from({ length: dimensions }, () => random.normal());
  const length = Math.hypot(...coordinates);
  return coordinates.map((coordinate) => Number((coordinate / length).toPrecision(8)));
}

/** One call for the embeddings of texts at the gateway. */
export function embed(session: Session, place: Place | null, texts: readonly string[]): Span {
  const { random } = session;
  const model = models.embeddingSmall;
  const startedAtMs = session.nowMs;
  const own = newIds(random, startedAtMs);
  const tokens = tokensOf(texts.reduce((sum, text) => sum + text.length, 0));
  const usageBlock = { prompt_tokens: tokens, total_tokens: tokens };
  const usage = readUsage(usageBlock);
  const upstreamMs = Math.ceil(random.logNormal(model.ttftMs, 0.35) + texts.length * 4);
  const overheadMs = random.int(0, 2);
  session.nowMs = startedAtMs + upstreamMs + overheadMs;
  const answer = {
    object: "list",
    data: texts.map((_, index) => ({ object: "embedding", index, embedding: vector(random) })),
    model: model.served,
    usage: usageBlock,
  };
  return {
    ...baseSpan(session),
    ...(place ?? { traceId: own.traceId, parentSpanId: null }),
    spanId: own.spanId,
    kind: "embedding",
    name: model.name,
    startedAtMs,
    endedAtMs: session.nowMs,
    provider: model.provider,
    modelRequested: model.name,
    modelServed: model.served,
    parameters: { model: model.name, dimensions, encoding_format: "float" },
    usage,
    usageRaw: JSON.stringify(usageBlock),
    cost: usage === null ? null : priceUsage(usage, model.priced),
    ttftMs: upstreamMs,
    upstreamMs,
    overheadMs,
    httpStatus: 200,
    input: {
      kind: "inline",
      mediaType: "application/json",
      text: JSON.stringify({ model: model.name, input: texts, dimensions, encoding_format: "float" }),
    },
    output: { kind: "inline", mediaType: "application/json", text: JSON.stringify(answer) },
    upstreamRequest: { url: model.url, changedFields: {} },
    ingestProtocol: "gateway",
    api: "embedding",
  };
}
