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
import type { Region } from "../contracts/region.ts";
import { spanKindSchema, spanSchema, spanStatusSchema, type Payload, type Span } from "../contracts/span.ts";
import { perBucket } from "../contracts/usage.ts";

const label = z.string().max(1000).default("");
const epochMs = z.number().nonnegative().max(8.64e15);
const tokens = z.int().nonnegative().default(0);
const usage = perBucket(tokens, tokens).strict();

/**
 * One event as clients send it to `POST /v1/events`: a span, of which only the name and the start are required.
 * Ids that are left out are made anew, so only events with both ids may be sent again without being stored twice.
 * `input` and `output` are text, or any JSON, which is stored as JSON text.
 */
export const eventSchema = z.strictObject({
  traceId: traceIdSchema.optional(),
  spanId: spanIdSchema.optional(),
  parentSpanId: spanIdSchema.nullable().default(null),
  name: z.string().min(1).max(1000),
  kind: spanKindSchema.default("span"),
  /** Epoch milliseconds; fractions are kept to the microsecond. */
  startedAtMs: epochMs,
  /** The start, where left out. */
  endedAtMs: epochMs.optional(),
  status: spanStatusSchema.default("ok"),
  error: z
    .strictObject({ code: z.string().max(200).default("client_error"), message: z.string().max(10_000) })
    .nullable()
    .default(null),
  environment: label,
  release: label,
  userId: label,
  sessionId: label,
  tags: z.array(z.string().max(200)).max(100).default([]),
  metadata: spanSchema.shape.metadata.default({}),
  provider: label,
  modelRequested: label,
  /** The requested one, where left out. */
  modelServed: z.string().max(1000).optional(),
  streamed: z.boolean().default(false),
  parameters: z.record(z.string(), z.unknown()).default({}),
  finishReason: z.string().max(200).nullable().default(null),
  toolNames: z.array(z.string().max(200)).max(1000).default([]),
  /** Exclusive buckets: no token is counted in two. Those left out are 0. */
  usage: usage.nullable().default(null),
  ttftMs: z.number().nonnegative().nullable().default(null),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
});
export type ClientEvent = z.output<typeof eventSchema>;

const dayMs = 86_400_000;
const pastDaysMax = 400;
const aheadDaysMax = 1;

/**
 * What is wrong with an event's times at the moment in which it comes in; `null`: nothing. The stores keep a month
 * together, so starts far off would make a hundred small parts of one batch.
 */
export function timeProblem({ startedAtMs, endedAtMs }: ClientEvent, nowMs: number): string | null {
  const latestMs = nowMs + aheadDaysMax * dayMs;
  if (startedAtMs < nowMs - pastDaysMax * dayMs) return `\`startedAtMs\`: must not be more than ${pastDaysMax} days ago`;
  if (startedAtMs > latestMs) return `\`startedAtMs\`: must not be more than ${aheadDaysMax} day ahead`;
  if (endedAtMs !== undefined && endedAtMs > latestMs) return `\`endedAtMs\`: must not be more than ${aheadDaysMax} day ahead`;
  return null;
}

/** What the edge knows of an event's sender. */
export interface EventOrigin {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly keyId: KeyId;
  readonly homeRegion: Region;
  readonly servingRegion: Region;
  readonly client: string;
}

function toPayload(value: unknown): Payload {
  if (value === undefined || value === null) return { kind: "omitted", reason: "none" };
  if (typeof value === "string") return { kind: "inline", mediaType: "text/plain", text: value };
  return { kind: "inline", mediaType: "application/json", text: JSON.stringify(value) };
}

/** The span that an event stands for. `newIds` are for what the event leaves out. Its price is not known here. */
export function toSpan(event: ClientEvent, origin: EventOrigin, newIds: { readonly traceId: TraceId; readonly spanId: SpanId }): Span {
  const { finishReason, error } = event;
  return {
    ...event,
    ...origin,
    schemaVersion: 1,
    traceId: event.traceId ?? newIds.traceId,
    spanId: event.spanId ?? newIds.spanId,
    endedAtMs: event.endedAtMs ?? event.startedAtMs,
    modelServed: event.modelServed ?? event.modelRequested,
    error: error === null ? null : { ...error, upstreamStatus: null },
    finishReason: finishReason === null ? null : { unified: finishReason, raw: finishReason },
    simulated: false,
    usageRaw: "",
    cost: null,
    upstreamMs: 0,
    overheadMs: 0,
    httpStatus: 0,
    input: toPayload(event.input),
    output: toPayload(event.output),
    upstreamRequest: null,
    holdIds: [],
    promptId: "",
    promptVersion: "",
    promptLabel: "",
    experimentId: "",
    experimentArm: "",
    datasetItemId: "",
    ingestProtocol: "events",
    api: "",
  };
}
