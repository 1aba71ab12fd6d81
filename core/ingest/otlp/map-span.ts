import { isSpanId, isTraceId, type SpanId, type TraceId } from "../../contracts/id.ts";
import { spanSchemaVersion, type Metadata, type Span } from "../../contracts/span.ts";
import { timeProblem } from "../event.ts";
import { itemLimits } from "../event-fields.ts";
import { outsideSpan, type EventOrigin } from "../event-span.ts";
import type { ScoreEvent } from "../score.ts";
import { plainOf, textOf, type AttributeValue } from "./attribute.ts";
import { collect, copyOf, nothingCollected, type Collected } from "./collect.ts";
import { eventSpan, judgementOf } from "./event-records.ts";
import { meaningOf, messageOf } from "./events.ts";
import type { OtlpEvent, OtlpScope, OtlpSpan } from "./export-request.ts";
import { costOf, listFact, modelRequestedOf, parametersOf, textFact, ttftOf, usageOf, valueOf } from "./facts.ts";
import { countsUsage, kindOf } from "./kinds.ts";
import { inputOf, outputOf } from "./payloads.ts";
import { providerName } from "./provider.ts";

/** What a span stands in. */
export interface SpanSurroundings {
  readonly origin: EventOrigin;
  /** What the resource's attributes say, of every span of it. */
  readonly resource: Collected;
  readonly scope: OtlpScope;
  /** The host at which we are asked: a call that a span says to have gone there is recorded by the gateway. */
  readonly ownHost: string;
  readonly nowMs: number;
}

/** The records that a span stands for: itself, what happened in it, and how it was judged; or why it is none. */
export type MappedSpan =
  | { readonly kind: "mapped"; readonly spans: readonly Span[]; readonly scores: readonly ScoreEvent[] }
  | { readonly kind: "rejected"; readonly reason: string };

export function mapSpan(sent: OtlpSpan, surroundings: SpanSurroundings): MappedSpan {
  const { traceId, spanId } = sent;
  if (!isTraceId(traceId)) return rejected("`traceId` must be 16 bytes, not all zero");
  if (!isSpanId(spanId)) return rejected("`spanId` must be 8 bytes, not all zero");
  const parentSpanId = /^0*$/.test(sent.parentSpanId) ? null : sent.parentSpanId;
  if (parentSpanId !== null && !isSpanId(parentSpanId)) return rejected("`parentSpanId` must be 8 bytes, or left out");
  const problem = problemOf(sent, surroundings.nowMs);
  if (problem !== null) return rejected(problem);
  const collected = copyOf(surroundings.resource);
  collect(collected, sent.attributes);
  const events = sortEvents(sent.events, collected);
  const span = spanOf(sent, { traceId, spanId, parentSpanId }, collected, events, surroundings);
  const tooLong = tooLongIn(span);
  if (tooLong !== null) return rejected(tooLong);
  const scores: ScoreEvent[] = [];
  const happened: Span[] = [];
  for (const [index, event] of events.other.entries()) {
    const score = judgementOf(event, span);
    if (score === null) happened.push(eventSpan(event, index, span));
    else scores.push(score);
  }
  return { kind: "mapped", spans: [span, ...happened], scores };
}

const labels = [
  "name",
  "environment",
  "release",
  "userId",
  "sessionId",
  "provider",
  "modelRequested",
  "modelServed",
  "promptId",
  "promptVersion",
] as const satisfies readonly (keyof Span)[];

/** What of a span is longer than the same field of an event may be; `null`: nothing. */
function tooLongIn(span: Span): string | null {
  const label = labels.find((name) => span[name].length > itemLimits.label);
  if (label !== undefined) return `\`${label}\` must not be longer than ${itemLimits.label} characters`;
  if (span.tags.length > itemLimits.tags) return `there must not be more than ${itemLimits.tags} tags`;
  const isTooLong = [...span.tags, ...span.toolNames].some((text) => text.length > itemLimits.tag);
  return isTooLong ? `a tag or a tool's name must not be longer than ${itemLimits.tag} characters` : null;
}

function rejected(reason: string): MappedSpan {
  return { kind: "rejected", reason };
}

function problemOf({ startedAtMs, endedAtMs, attributes, events }: OtlpSpan, nowMs: number): string | null {
  const started = timeProblem(startedAtMs, nowMs);
  if (started !== null) return `\`startTimeUnixNano\` ${started}`;
  const ended = timeProblem(Math.max(endedAtMs, nowMs), nowMs);
  if (ended !== null) return `\`endTimeUnixNano\` ${ended}`;
  if (attributes.some(([name]) => name.endsWith("__proto__"))) return "an attribute must not be named `__proto__`";
  for (const { name, atMs, attributes: inner } of events) {
    if (name.length > itemLimits.name) return `an event's \`name\` must not be longer than ${itemLimits.name} characters`;
    const happened = atMs === 0 ? null : timeProblem(atMs, nowMs);
    if (happened !== null) return `an event's \`timeUnixNano\` ${happened}`;
    if (inner.some(([name]) => name.endsWith("__proto__"))) return "an attribute must not be named `__proto__`";
  }
  return null;
}

interface SortedEvents {
  readonly messages: readonly AttributeValue[];
  readonly choices: readonly AttributeValue[];
  /** What happened, and judgements. */
  readonly other: readonly OtlpEvent[];
}

/** After the span's own attributes, those of an event say a fact. */
const detailHandicap = 1000;

/** Adds what events say of the span to what is collected; of several of one name the first, and the others happened. */
function sortEvents(events: readonly OtlpEvent[], collected: Collected): SortedEvents {
  const messages: AttributeValue[] = [];
  const choices: AttributeValue[] = [];
  const other: OtlpEvent[] = [];
  const details = new Set<string>();
  for (const event of events) {
    const meaning = meaningOf(event);
    if (meaning === "input") messages.push(messageOf(event));
    else if (meaning === "output") choices.push(messageOf(event));
    else if (meaning === "detail" && !details.has(event.name)) {
      details.add(event.name);
      collect(collected, event.attributes, detailHandicap);
    } else other.push(event);
  }
  return { messages, choices, other };
}

interface Ids {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | null;
}

function spanOf(sent: OtlpSpan, ids: Ids, collected: Collected, events: SortedEvents, surroundings: SpanSurroundings): Span {
  const { origin, scope, ownHost } = surroundings;
  const provider = providerName(textFact(collected, "provider"));
  const kind = kindOf(collected.rest) ?? impliedKind(collected);
  const isCounted = countsUsage(kind) && !wentTo(ownHost, collected);
  const usage = isCounted ? usageOf(collected, scope.name, provider) : null;
  const isError = sent.statusCode === 2 || textFact(collected, "level") === "ERROR";
  const message = sent.statusMessage === "" ? textFact(collected, "errorMessage") : sent.statusMessage;
  const code = textFact(collected, "errorType");
  // What is not told by the error is kept.
  if (!isError || message !== textFact(collected, "errorMessage")) keep(collected, "errorMessage");
  if (!isError) keep(collected, "errorType");
  const finishReason = listFact(collected, "finishReason")[0] ?? null;
  const ttftMs = ttftOf(collected, sent.startedAtMs);
  const modelServed = textFact(collected, "modelServed");
  const modelRequested = modelRequestedOf(collected);
  const toolName = textFact(collected, "toolName");
  return {
    ...outsideSpan,
    ...origin,
    ...ids,
    schemaVersion: spanSchemaVersion,
    kind,
    name: sent.name,
    startedAtMs: sent.startedAtMs,
    endedAtMs: Math.max(sent.startedAtMs, sent.endedAtMs),
    status: isError ? "error" : "ok",
    error: isError ? { code: code === "" ? "client_error" : code, message, upstreamStatus: null } : null,
    environment: textFact(collected, "environment"),
    release: textFact(collected, "release"),
    userId: textFact(collected, "userId"),
    sessionId: textFact(collected, "sessionId"),
    tags: listFact(collected, "tags"),
    metadata: metadataOf(sent, collected, scope),
    provider,
    modelRequested: modelRequested === "" ? modelServed : modelRequested,
    modelServed: modelServed === "" ? modelRequested : modelServed,
    streamed: ttftMs !== null || textFact(collected, "streamed") === "true",
    parameters: parametersOf(collected),
    finishReason: finishReason === null ? null : { unified: finishReason, raw: finishReason },
    toolNames: toolName === "" ? [] : [toolName],
    usage,
    usageRaw: collected.usage.length === 0 ? "" : JSON.stringify(Object.fromEntries(collected.usage)),
    cost: isCounted ? costOf(collected) : null,
    ttftMs,
    input: inputOf(collected, events.messages),
    output: outputOf(collected, events.choices),
    holdIds: [],
    promptId: textFact(collected, "promptId"),
    promptVersion: textFact(collected, "promptVersion"),
  };
}

/** The kind of a span that does not tell it: a tool has a name, and who tells usage has called a model. */
function impliedKind(collected: Collected): Span["kind"] {
  if (valueOf(collected, "toolName") !== undefined) return "tool";
  return collected.usage.length > 0 || valueOf(collected, "modelServed") !== undefined ? "generation" : "span";
}

function keep(collected: Collected, fact: "errorMessage" | "errorType"): void {
  const said = collected.facts.get(fact);
  if (said !== undefined) collected.rest.push([said.name, said.value]);
}

/** Where OpenTelemetry's conventions, and OpenLLMetry, say that a call went. */
const addressNames: ReadonlySet<string> = new Set(["server.address", "gen_ai.openai.api_base"]);

/** Whether a call went through our gateway, which has recorded what it used: it would count twice. */
function wentTo(ownHost: string, { rest }: Collected): boolean {
  const address = rest.find(([name]) => addressNames.has(name))?.[1];
  if (typeof address !== "string") return false;
  const port = rest.find(([name]) => name === "server.port")?.[1];
  const host = address.replace(/^https?:\/\//, "").split("/", 1)[0] ?? "";
  return host === ownHost || `${host}:${textOf(port ?? null)}` === ownHost || (host === ownHost.split(":", 1)[0] && port === undefined);
}

const kindNames = ["", "", "server", "client", "producer", "consumer"] as const;

/** Everything that a span has no field for, by the names under which it was sent. */
function metadataOf(sent: OtlpSpan, { rest }: Collected, scope: OtlpScope): Metadata {
  const own: readonly (readonly [string, AttributeValue])[] = [
    ["otel.span_kind", kindNames[sent.kind] ?? ""],
    ["otel.scope.name", scope.name],
    ["otel.scope.version", scope.version],
    ["otel.trace_state", sent.traceState],
    ["otel.links", sent.links.length === 0 ? "" : JSON.stringify(sent.links)],
    ["otel.dropped_attributes", sent.droppedAttributes],
    ["otel.dropped_events", sent.droppedEvents],
  ];
  const said = own.filter(([, value]) => value !== "" && value !== 0);
  return Object.fromEntries([...rest, ...scope.attributes, ...said].map(([name, value]) => [name, plainOf(value)]));
}

/** What the attributes of a resource say of every span of it. */
export function collectResource(attributes: OtlpScope["attributes"]): Collected {
  const collected = nothingCollected();
  // A span's own attributes go before those of its resource.
  collect(collected, attributes, 2 * detailHandicap);
  return collected;
}
