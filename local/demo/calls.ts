import type { SpanId, TraceId } from "#core/contracts/id.ts";
import type { Span } from "#core/contracts/span.ts";
import { readUsage as readChatUsage } from "#core/dialects/chat/usage.ts";
import { readUsage as readMessagesUsage } from "#core/dialects/messages/usage.ts";
import { priceUsage } from "#core/gateway/cost.ts";
import { drawFault, type Fault } from "./faults.ts";
import type { Model } from "./models.ts";
import type { Random } from "./random.ts";
import type { Tool } from "./language/records.ts";
import { baseSpan, newIds, type Session } from "./session.ts";
import { wires, type Counts, type Request, type Said } from "./wire.ts";

/** Where in a trace a call stands; `null`: it is a trace of its own. */
export interface Place {
  readonly traceId: TraceId;
  readonly parentSpanId: SpanId;
}

/** A conversation as its client keeps it: every call sends all of it. */
export interface Conversation {
  readonly model: Model & { readonly api: "chat" | "messages" };
  readonly system: string;
  readonly tools: readonly Tool[];
  readonly streamed: boolean;
  readonly messages: string[];
  /** Tokens that the provider has seen in the last call. */
  seenTokens: number;
}

const charactersPerToken = 4.2;
/** OpenAI caches prefixes from here on, in steps. */
const cacheFromTokens = 1_024;
const cacheStepTokens = 128;

export function tokensOf(characters: number): number {
  return Math.max(1, Math.round(characters / charactersPerToken));
}

function countTokens(random: Random, conversation: Conversation, characters: number, said: Said): Counts {
  const { model, seenTokens } = conversation;
  const input = tokensOf(characters);
  const written = said.text.length + (said.use === null ? 0 : JSON.stringify(said.use.input).length + 40);
  const reasoning = model.reasoningTokens === 0 ? 0 : Math.round(random.logNormal(model.reasoningTokens, 0.8) / 64) * 64;
  const output = tokensOf(written) + reasoning;
  if (model.api === "messages") {
    const prefix = Math.max(tokensOf(conversation.system.length), seenTokens);
    const cached = prefix >= cacheFromTokens && (seenTokens > 0 || random.chance(0.7)) ? Math.min(prefix, input) : 0;
    return {
      input,
      cached,
      cacheWrite: cached === 0 && input >= cacheFromTokens ? tokensOf(conversation.system.length) : 0,
      output,
      reasoning,
    };
  }
  const prefix = Math.min(input, Math.max(seenTokens, tokensOf(conversation.system.length)));
  const cached = prefix >= cacheFromTokens && random.chance(0.8) ? Math.floor(prefix / cacheStepTokens) * cacheStepTokens : 0;
  return { input, cached, cacheWrite: 0, output, reasoning };
}

/** One call in 300 takes many times as long as the others. */
function drawTtftMs(random: Random, model: Model, inputTokens: number): number {
  const slow = random.chance(1 / 300) ? random.int(6, 25) : 1;
  return Math.ceil(random.logNormal(model.ttftMs, 0.38) * slow + inputTokens / 40);
}

/**
 * One call of a model at the gateway: its span, and one for each attempt where there were several. What is said joins
 * the conversation, unless the call fails. Returns whether it was answered.
 */
export function* callModel(
  session: Session,
  conversation: Conversation,
  attempts: number,
  place: Place | null,
  said: Said,
): Generator<Span, boolean> {
  const { random, anomalies } = session;
  const { model, messages } = conversation;
  const wire = wires[model.api];
  const request: Request = {
    model: model.name,
    system: conversation.system,
    messages,
    tools: conversation.tools,
    streamed: conversation.streamed,
    userId: random.chance(0.8) ? session.user.userId : "",
  };
  const body = wire.body(request);
  const startedAtMs = session.nowMs;
  const own = newIds(random, startedAtMs);
  const { outage } = anomalies;
  const isOutage = outage.provider === model.provider && startedAtMs >= outage.fromMs && startedAtMs < outage.toMs;
  const fault = attempts > 1 ? null : drawFault(random, isOutage);
  const counts = countTokens(random, conversation, body.length, said);
  const answer = wire.answer(random, { model: model.served, createdAtMs: startedAtMs, said, counts });
  const usage = model.api === "messages" ? readMessagesUsage(answer.usage) : readChatUsage(answer.usage);
  const failed = failedAttempts(random, startedAtMs, attempts);
  const answerStartedAtMs = failed.at(-1)?.endedAtMs ?? startedAtMs;
  const ttftMs = drawTtftMs(random, model, counts.input);
  const tookMs = fault === null ? ttftMs + (counts.output / model.outputTokensPerSecond) * 1000 : random.logNormal(fault.medianMs, 0.2);
  const overheadMs = random.int(0, 3);
  const endedAtMs = Math.ceil(answerStartedAtMs + tookMs + overheadMs);
  const finish = said.use === null ? "stop" : "tool";
  const span: Span = {
    ...baseSpan(session),
    ...(place ?? { traceId: own.traceId, parentSpanId: null }),
    spanId: own.spanId,
    kind: "generation",
    name: model.name,
    startedAtMs,
    endedAtMs,
    provider: model.provider,
    modelRequested: model.name,
    modelServed: model.served,
    streamed: conversation.streamed,
    parameters: wire.parameters(request),
    finishReason: { unified: finish === "stop" ? "stop" : "tool_calls", raw: wire.finishReasons[finish] },
    toolNames: said.use === null ? [] : [said.use.name],
    usage,
    usageRaw: JSON.stringify(answer.usage),
    cost: usage === null ? null : priceUsage(usage, model.priced),
    ttftMs: answerStartedAtMs - startedAtMs + ttftMs,
    upstreamMs: endedAtMs - startedAtMs - overheadMs,
    overheadMs,
    httpStatus: 200,
    input: { kind: "inline", mediaType: "application/json", text: body },
    output: { kind: "inline", mediaType: "application/json", text: JSON.stringify(answer.fields) },
    upstreamRequest: {
      url: model.url,
      changedFields: model.name.includes("/") ? { model: JSON.stringify(model.name.slice(model.name.indexOf("/") + 1)) } : {},
    },
    ingestProtocol: "gateway",
    api: model.api === "messages" ? "messages" : "chat",
  };
  yield* attemptSpans(random, span, failed);
  session.nowMs = endedAtMs;
  if (fault !== null) {
    yield { ...span, ...failedFields(fault) };
    return false;
  }
  if (conversation.streamed && random.chance(0.012)) {
    yield cancelled(random, span, said);
    return false;
  }
  yield span;
  messages.push(wire.assistant(said));
  conversation.seenTokens = counts.input;
  return true;
}

const nothing = { kind: "omitted", reason: "none" } as const;

function failedFields({ code, message, httpStatus, upstreamStatus, body }: Fault): Partial<Span> {
  return {
    status: "error",
    error: { code, message, upstreamStatus },
    httpStatus,
    modelServed: "",
    finishReason: null,
    toolNames: [],
    usage: null,
    usageRaw: "",
    cost: null,
    ttftMs: null,
    output: body === null ? nothing : { kind: "inline", mediaType: "text/plain", text: JSON.stringify(body) },
  };
}

/** The client left in the middle of the stream: nobody told what it cost. */
function cancelled(random: Random, span: Span, said: Said): Span {
  const text = said.text.slice(0, Math.floor(said.text.length * random.unit()));
  return {
    ...span,
    status: "cancelled",
    error: { code: "client_closed", message: "The client closed the request.", upstreamStatus: 200 },
    httpStatus: 499,
    finishReason: null,
    usage: null,
    usageRaw: "",
    cost: null,
    output: text === "" ? nothing : { kind: "inline", mediaType: "text/plain", text },
  };
}

interface FailedAttempt {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

function failedAttempts(random: Random, startedAtMs: number, attempts: number): readonly FailedAttempt[] {
  const failed: FailedAttempt[] = [];
  let atMs = startedAtMs;
  for (let number = 1; number < attempts; number += 1) {
    const endedAtMs = Math.ceil(atMs + random.logNormal(420, 0.9));
    failed.push({ startedAtMs: atMs, endedAtMs });
    atMs = endedAtMs;
  }
  return failed;
}

function* attemptSpans(random: Random, call: Span, failed: readonly FailedAttempt[]): Generator<Span> {
  const last = failed.at(-1);
  if (last === undefined) return;
  const all = [...failed, { startedAtMs: last.endedAtMs, endedAtMs: call.endedAtMs }];
  for (const [index, { startedAtMs, endedAtMs }] of all.entries()) {
    const isLast = index === failed.length;
    yield {
      ...call,
      spanId: newIds(random, startedAtMs).spanId,
      parentSpanId: call.spanId,
      kind: "span",
      name: `attempt ${index + 1}: ${call.provider}/${call.modelRequested}`,
      startedAtMs,
      endedAtMs,
      status: isLast ? "ok" : "error",
      error: isLast ? null : { code: "upstream_error", message: "The provider answered with an error.", upstreamStatus: 429 },
      modelServed: isLast ? call.modelServed : "",
      parameters: {},
      finishReason: null,
      toolNames: [],
      usage: null,
      usageRaw: "",
      cost: null,
      ttftMs: null,
      upstreamMs: endedAtMs - startedAtMs,
      overheadMs: 0,
      input: nothing,
      output: nothing,
      upstreamRequest: call.upstreamRequest === null ? null : { url: call.upstreamRequest.url, changedFields: {} },
    };
  }
}
