import type { Failure } from "../contracts/error.ts";
import type { SpanId, TraceId } from "../contracts/id.ts";
import type { KeySnapshot } from "../contracts/key-snapshot.ts";
import type { Cost } from "../contracts/cost.ts";
import type { Region } from "../contracts/region.ts";
import type { Payload, Span } from "../contracts/span.ts";
import type { DialectName } from "../dialects/dialect.ts";
import type { AnswerFacts } from "../dialects/answer-facts.ts";
import type { CallHeaders } from "./call-headers.ts";
import type { CallShape, RequestBody } from "./request-body.ts";

/** Who called, where and how: known before the body is read. */
export interface CallIdentity {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly shape: CallShape;
  readonly snapshot: KeySnapshot;
  readonly headers: CallHeaders;
  readonly servingRegion: Region;
  /** The client's user agent. */
  readonly client: string;
  readonly startedAtMs: number;
}

/** Where an attempt of a call went. */
export interface CallTarget {
  readonly provider: string;
  readonly url: string;
  readonly simulated: boolean;
  /** What is spoken there. */
  readonly dialect: DialectName;
  /** The model's name there. */
  readonly model: string;
  readonly startedAtMs: number;
  /** What of the request could not be said there. */
  readonly dropped: readonly string[];
  readonly changedFields: Readonly<Record<string, string>>;
}

/** How a call ended. */
export interface CallOutcome {
  readonly endedAtMs: number;
  /** `null`: a whole answer, from a provider that called it a success. */
  readonly failure: Failure | null;
  readonly httpStatus: number;
  readonly upstreamStatus: number | null;
  readonly ttftMs: number | null;
  /** Waited for the upstream. */
  readonly upstreamMs: number;
  readonly facts: AnswerFacts;
  readonly cost: Cost | null;
  readonly output: Payload;
}

const schemaVersion = 1;
const kinds = {
  chat: "generation",
  messages: "generation",
  responses: "generation",
  embedding: "embedding",
  "count-tokens": "span",
} as const satisfies Record<CallShape, Span["kind"]>;

/** The span of one call at the gateway. `body` and `target` are `null` where the call did not come that far. */
export function callSpan(identity: CallIdentity, body: RequestBody | null, target: CallTarget | null, outcome: CallOutcome): Span {
  const { snapshot, headers } = identity;
  const { failure, facts } = outcome;
  return {
    schemaVersion,
    organizationId: snapshot.organizationId,
    projectId: snapshot.projectId,
    traceId: identity.traceId,
    spanId: identity.spanId,
    parentSpanId: headers.parentSpanId,
    kind: kinds[identity.shape],
    name: headers.name === "" ? (body?.model ?? identity.shape) : headers.name,
    startedAtMs: identity.startedAtMs,
    endedAtMs: outcome.endedAtMs,
    status: failure === null ? "ok" : failure.code === "client_closed" ? "cancelled" : "error",
    error: failure === null ? null : { code: failure.code, message: failure.message, upstreamStatus: outcome.upstreamStatus },
    homeRegion: snapshot.homeRegion,
    servingRegion: identity.servingRegion,
    environment: headers.environment,
    release: headers.release,
    userId: headers.userId === "" ? (body?.user ?? "") : headers.userId,
    sessionId: headers.sessionId,
    tags: [...headers.tags],
    metadata: headers.metadata,
    provider: target?.provider ?? "",
    modelRequested: body?.model ?? "",
    modelServed: facts.modelServed,
    simulated: target?.simulated ?? false,
    streamed: body?.streamed ?? false,
    parameters: body?.parameters ?? {},
    finishReason: facts.finishReason,
    toolNames: [...facts.toolNames],
    usage: facts.usage,
    usageRaw: facts.usageRaw,
    cost: outcome.cost,
    ttftMs: outcome.ttftMs,
    upstreamMs: outcome.upstreamMs,
    overheadMs: Math.max(0, outcome.endedAtMs - identity.startedAtMs - outcome.upstreamMs),
    httpStatus: outcome.httpStatus,
    input: body === null ? { kind: "omitted", reason: "none" } : { kind: "inline", mediaType: "application/json", text: body.text },
    output: outcome.output,
    upstreamRequest: target === null ? null : { url: target.url, changedFields: target.changedFields },
    holdIds: [],
    promptId: "",
    promptVersion: "",
    promptLabel: "",
    experimentId: "",
    experimentArm: "",
    datasetItemId: "",
    ingestProtocol: "gateway",
    api: identity.shape,
    keyId: snapshot.keyId,
    client: identity.client,
  };
}
