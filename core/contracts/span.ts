import * as z from "zod";
import { costSchema } from "./cost.ts";
import { keyIdSchema, organizationIdSchema, projectIdSchema, sha256Schema, spanIdSchema, traceIdSchema } from "./id.ts";
import { regionSchema } from "./region.ts";
import { usageSchema } from "./usage.ts";

/** What a span stands for. */
export const spanKindSchema = z.enum(["generation", "embedding", "tool", "agent", "chain", "retriever", "event", "span"]);

/** `cancelled`: the client left before the end. `error`: everything else that was not a whole answer. */
export const spanStatusSchema = z.enum(["ok", "error", "cancelled"]);
export type SpanStatus = z.infer<typeof spanStatusSchema>;

/**
 * A payload: in the row; in R2 under `payloads/<project>/<sha256>`; or left out, with the reason.
 * `inline.text` is what went over the wire, byte for byte; of a stream, the completion that its chunks make together.
 */
export const payloadSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("inline"), mediaType: z.string(), text: z.string() }),
  z.object({
    kind: z.literal("reference"),
    mediaType: z.string(),
    sha256: sha256Schema,
    bytes: z.int().nonnegative(),
    /** The first characters, for lists. */
    preview: z.string(),
  }),
  z.object({ kind: z.literal("omitted"), reason: z.enum(["none", "payloads-off", "too-large", "store-unavailable", "expired"]) }),
]);
export type Payload = z.infer<typeof payloadSchema>;

/**
 * What went upstream, told as the difference to what came in: top-level fields of the body that the gateway
 * set (as JSON text), everything else having passed untouched.
 */
export const upstreamRequestSchema = z.object({ url: z.string(), changedFields: z.record(z.string(), z.string()) });

export const spanErrorSchema = z.object({
  /** A code of the error table (`error.ts`). */
  code: z.string(),
  message: z.string(),
  /** What the upstream answered, where it did. */
  upstreamStatus: z.int().nullable(),
});

const metadataValue = z.union([z.string(), z.number(), z.boolean()]);
export const metadataSchema = z.record(z.string(), metadataValue);
export type Metadata = z.infer<typeof metadataSchema>;

/** By which way a record came in. */
export const ingestProtocolSchema = z.enum(["gateway", "events", "otlp"]);

/**
 * The newest meaning of a record's fields that this code knows, of spans and scores. 2: there are scores, spans that came
 * by OTLP, and costs that the sender told. A span that older readers understand still says 1, so that they need not wait.
 */
export const spanSchemaVersion = 2;

/**
 * One wide, immutable record of one step. During a deploy writers are newer than readers, so fields that a reader
 * does not know are passed over, here and in all that a span is made of, and a field that is added needs a default.
 * `schemaVersion` rises when a field changes its meaning or may hold what older readers refuse.
 */
export const spanSchema = z.object({
  schemaVersion: z.literal([1, spanSchemaVersion]),
  organizationId: organizationIdSchema,
  projectId: projectIdSchema,
  traceId: traceIdSchema,
  spanId: spanIdSchema,
  parentSpanId: spanIdSchema.nullable(),
  kind: spanKindSchema,
  name: z.string(),
  /** Epoch milliseconds. */
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  status: spanStatusSchema,
  error: spanErrorSchema.nullable(),

  homeRegion: regionSchema,
  servingRegion: regionSchema,
  environment: z.string(),
  release: z.string(),
  userId: z.string(),
  sessionId: z.string(),
  tags: z.array(z.string()),
  metadata: metadataSchema,

  provider: z.string(),
  modelRequested: z.string(),
  modelServed: z.string(),
  /** Answered by the simulator, not by a provider: shown so everywhere. */
  simulated: z.boolean(),
  streamed: z.boolean(),
  /**
   * Every top-level field of the request that is neither messages nor input, as sent. One of more than about 4,000
   * characters (a long list of tools) is left out: it stands in `input` alone.
   */
  parameters: z.record(z.string(), z.unknown()),
  finishReason: z.object({ unified: z.string(), raw: z.string() }).nullable(),
  toolNames: z.array(z.string()),

  /** `null`: the provider did not say. */
  usage: usageSchema.nullable(),
  /** The provider's own usage block as JSON text; empty where there was none. */
  usageRaw: z.string(),
  /** `null`: the price is not known. */
  cost: costSchema.nullable(),

  /** Time to the first token (streams) or to the answer's headers. */
  ttftMs: z.number().nullable(),
  /** Waited for the upstream. */
  upstreamMs: z.number(),
  /** Total less what was waited for the upstream. */
  overheadMs: z.number(),
  /** What the client got. */
  httpStatus: z.int(),

  input: payloadSchema,
  output: payloadSchema,
  upstreamRequest: upstreamRequestSchema.nullable(),

  /** Reservations that this call was admitted under, and what each was settled at: `limit:epoch:number:window:nanoUsd`, and `:presumed` where nobody said what it cost. */
  holdIds: z.array(z.string()),
  promptId: z.string(),
  promptVersion: z.string(),
  promptLabel: z.string(),
  experimentId: z.string(),
  experimentArm: z.string(),
  datasetItemId: z.string(),

  ingestProtocol: ingestProtocolSchema,
  /** The API that a call at the gateway came in by, and that its input and output are written in; empty: none of ours. */
  api: z.string().default(""),
  keyId: keyIdSchema.nullable(),
  /** The client's user agent. */
  client: z.string(),
});
export type Span = z.infer<typeof spanSchema>;
