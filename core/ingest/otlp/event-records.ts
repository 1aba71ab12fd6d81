import { spanIdSchema, type SpanId } from "../../contracts/id.ts";
import type { Span } from "../../contracts/span.ts";
import { scoreEventSchema, type ScoreEvent } from "../score.ts";
import { numberOf, plainOf, textOf, type AttributeValue } from "./attribute.ts";
import { meaningOf } from "./events.ts";
import type { OtlpEvent } from "./export-request.ts";

/** 32 bits of a text (FNV-1a). */
function hash(text: string, seed: number): string {
  let state = seed;
  for (let index = 0; index < text.length; index += 1) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return (state >>> 0).toString(16).padStart(8, "0");
}

/** The id of what happened in a span: the same each time that the span is sent. */
function eventSpanId(spanId: SpanId, index: number, { name, atMs }: OtlpEvent): SpanId {
  const text = `${spanId} ${index} ${atMs} ${name}`;
  // All zero would be no id.
  return spanIdSchema.parse(`${hash(text, 0x811c9dc5)}${hash(text, 0x9e3779b9).slice(0, 7)}1`);
}

/** What happened in a span, as a span of kind `event` below it. */
export function eventSpan(event: OtlpEvent, index: number, span: Span): Span {
  const atMs = event.atMs === 0 ? span.startedAtMs : event.atMs;
  return {
    ...span,
    spanId: eventSpanId(span.spanId, index, event),
    parentSpanId: span.spanId,
    kind: "event",
    name: event.name,
    startedAtMs: atMs,
    endedAtMs: atMs,
    status: "ok",
    error: null,
    metadata: Object.fromEntries(event.attributes.map(([name, value]) => [name, plainOf(value)])),
    provider: "",
    modelRequested: "",
    modelServed: "",
    streamed: false,
    parameters: {},
    finishReason: null,
    toolNames: [],
    usage: null,
    usageRaw: "",
    cost: null,
    ttftMs: null,
    input: { kind: "omitted", reason: "none" },
    output: { kind: "omitted", reason: "none" },
    promptId: "",
    promptVersion: "",
  };
}

/** Which attribute of a judgement says what. */
const scoreNames = {
  name: "gen_ai.evaluation.name",
  value: "gen_ai.evaluation.score.value",
  label: "gen_ai.evaluation.score.label",
  comment: "gen_ai.evaluation.explanation",
} as const;
const saidOfScore = new Set<string>(Object.values(scoreNames));

/** The score that an event holds; `null` where it is no judgement, or says neither a value nor a label. */
export function judgementOf(event: OtlpEvent, { traceId, spanId, sessionId, startedAtMs }: Span): ScoreEvent | null {
  if (meaningOf(event) !== "score") return null;
  const attributes = new Map<string, AttributeValue>(event.attributes);
  const read = scoreEventSchema.safeParse({
    type: "score",
    traceId,
    spanId,
    sessionId,
    name: textOf(attributes.get(scoreNames.name) ?? null),
    value: numberOf(attributes.get(scoreNames.value)) ?? undefined,
    label: textOf(attributes.get(scoreNames.label) ?? null),
    comment: textOf(attributes.get(scoreNames.comment) ?? null),
    metadata: Object.fromEntries(
      event.attributes.filter(([name]) => !saidOfScore.has(name)).map(([name, value]) => [name, plainOf(value)]),
    ),
    atMs: event.atMs === 0 ? startedAtMs : event.atMs,
  });
  return read.success ? read.data : null;
}
