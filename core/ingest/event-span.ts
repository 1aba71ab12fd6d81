import * as z from "zod";
import {
  spanIdSchema,
  traceIdSchema,
  type KeyId,
  type OrganizationId,
  type ProjectId,
  type SpanId,
  type TraceId,
} from "../contracts/id.ts";
import { nanoUsdSchema } from "../contracts/money.ts";
import type { Region } from "../contracts/region.ts";
import { spanKindSchema, spanSchemaVersion, type Payload, type Span } from "../contracts/span.ts";
import { perBucket } from "../contracts/usage.ts";
import { senderCost } from "./sender-cost.ts";
import {
  epochMsField,
  errorField,
  itemLimits,
  labelField,
  metadataField,
  nameField,
  payloadField,
  statusField,
  tagsField,
} from "./event-fields.ts";

const tokens = z.int().nonnegative().default(0);
const usage = perBucket(tokens, tokens).strict();

/** What spans and moments have in common. Ids that are left out are made anew. */
const place = {
  traceId: traceIdSchema.optional(),
  spanId: spanIdSchema.optional(),
  parentSpanId: spanIdSchema.nullable().default(null),
  name: nameField,
  status: statusField,
  error: errorField,
  environment: labelField,
  release: labelField,
  userId: labelField,
  sessionId: labelField,
  tags: tagsField,
  metadata: metadataField,
  /** Text, or any JSON, which is stored as JSON text. */
  input: payloadField,
  output: payloadField,
};

/** A span as clients send it: only the name and the start are required. */
export const spanEventSchema = z.strictObject({
  type: z.literal("span").default("span"),
  ...place,
  kind: spanKindSchema.default("span"),
  /** Epoch milliseconds; fractions are kept to the microsecond. */
  startedAtMs: epochMsField,
  /** The start, where left out. */
  endedAtMs: epochMsField.optional(),
  provider: labelField,
  modelRequested: labelField,
  /** The requested one, where left out. */
  modelServed: z.string().max(itemLimits.label).optional(),
  streamed: z.boolean().default(false),
  parameters: z.record(z.string(), z.unknown()).default({}),
  finishReason: z.string().max(200).nullable().default(null),
  toolNames: z.array(z.string().max(itemLimits.tag)).max(itemLimits.toolNames).default([]),
  /** Exclusive buckets: no token is counted in two. Those left out are 0. */
  usage: usage.nullable().default(null),
  /** What it cost, where the sender knows that; else we price its usage. */
  costNanoUsd: nanoUsdSchema.nonnegative().optional(),
  ttftMs: z.number().nonnegative().nullable().default(null),
});
export type SpanEvent = z.output<typeof spanEventSchema>;

/** A moment: something that happened and took no time. */
export const momentEventSchema = z.strictObject({
  type: z.literal("event"),
  ...place,
  /** Epoch milliseconds; fractions are kept to the microsecond. */
  atMs: epochMsField,
});
export type MomentEvent = z.output<typeof momentEventSchema>;

/** What the edge knows of the sender. */
export interface EventOrigin {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly keyId: KeyId;
  readonly homeRegion: Region;
  readonly servingRegion: Region;
  readonly client: string;
  readonly ingestProtocol: Span["ingestProtocol"];
}

function toPayload(value: unknown): Payload {
  if (value === undefined || value === null) return { kind: "omitted", reason: "none" };
  if (typeof value === "string") return { kind: "inline", mediaType: "text/plain", text: value };
  return { kind: "inline", mediaType: "application/json", text: JSON.stringify(value) };
}

/** What no event from outside says: it was no call of the gateway's. */
export const outsideSpan = {
  simulated: false,
  upstreamMs: 0,
  overheadMs: 0,
  httpStatus: 0,
  upstreamRequest: null,
  promptId: "",
  promptVersion: "",
  promptLabel: "",
  experimentId: "",
  experimentArm: "",
  datasetItemId: "",
  api: "",
} as const satisfies Partial<Span>;

interface NewIds {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
}

/**
 * The span that a span as sent stands for. `newIds` are for what it leaves out. A price that it does not tell is not known here.
 * Field by field, in one order: all spans are then objects of one shape, which what reads thousands of them needs to be fast.
 */
export function toSpan(sent: SpanEvent, origin: EventOrigin, newIds: NewIds): Span {
  const { costNanoUsd, finishReason, error } = sent;
  return {
    ...outsideSpan,
    schemaVersion: costNanoUsd === undefined ? 1 : spanSchemaVersion,
    organizationId: origin.organizationId,
    projectId: origin.projectId,
    traceId: sent.traceId ?? newIds.traceId,
    spanId: sent.spanId ?? newIds.spanId,
    parentSpanId: sent.parentSpanId,
    kind: sent.kind,
    name: sent.name,
    startedAtMs: sent.startedAtMs,
    endedAtMs: sent.endedAtMs ?? sent.startedAtMs,
    status: sent.status,
    error: error === null ? null : { ...error, upstreamStatus: null },
    homeRegion: origin.homeRegion,
    servingRegion: origin.servingRegion,
    environment: sent.environment,
    release: sent.release,
    userId: sent.userId,
    sessionId: sent.sessionId,
    tags: sent.tags,
    metadata: sent.metadata,
    provider: sent.provider,
    modelRequested: sent.modelRequested,
    modelServed: sent.modelServed ?? sent.modelRequested,
    streamed: sent.streamed,
    parameters: sent.parameters,
    finishReason: finishReason === null ? null : { unified: finishReason, raw: finishReason },
    toolNames: sent.toolNames,
    usage: sent.usage,
    usageRaw: "",
    cost: costNanoUsd === undefined ? null : senderCost(costNanoUsd),
    ttftMs: sent.ttftMs,
    input: toPayload(sent.input),
    output: toPayload(sent.output),
    holdIds: [],
    ingestProtocol: origin.ingestProtocol,
    keyId: origin.keyId,
    client: origin.client,
  };
}

const bareSpan = spanEventSchema.parse({ name: "bare", startedAtMs: 0 });

/** The span of kind `event`, as long as nothing, that a moment stands for. */
export function momentToSpan({ atMs, ...event }: MomentEvent, origin: EventOrigin, newIds: NewIds): Span {
  return toSpan({ ...bareSpan, ...event, type: "span", kind: "event", startedAtMs: atMs }, origin, newIds);
}
