import * as z from "zod";
import { traceFilterParameterSchema } from "../../analytics/filter.ts";
import { projectIdSchema, sha256Schema, traceIdSchema } from "../id.ts";
import { spanKindSchema, spanSchema, spanStatusSchema } from "../span.ts";
import type { Endpoint } from "./endpoint.ts";
import { nanoUsdText, orderQuery, pageQuery, rangeQuery, wholeNumber } from "./range.ts";

/** One row of the list: a trace and its first span (the root, where it has arrived). */
export const traceSummarySchema = z.strictObject({
  traceId: traceIdSchema,
  name: z.string(),
  kind: spanKindSchema,
  startedAtMs: z.number().meta({ description: "Epoch milliseconds." }),
  endedAtMs: z.number(),
  status: spanStatusSchema,
  errorCode: z.string().meta({ description: "Code of the error table; empty without an error." }),
  spanCount: z.int(),
  provider: z.string(),
  modelRequested: z.string(),
  modelServed: z.string(),
  simulated: z.boolean(),
  streamed: z.boolean(),
  inputTokens: z.int().nullable().meta({ description: "Sum over the spans whose usage is known; `null` where none is." }),
  outputTokens: z.int().nullable().meta({ description: "Likewise." }),
  costNanoUsd: nanoUsdText.nullable().meta({ description: "Sum over the spans whose price is known; `null` where none is." }),
  costIncomplete: z.boolean().meta({ description: "Some span has usage but no known price, so that the sum is less than the whole." }),
  ttftMs: z.number().nullable(),
  userId: z.string(),
  sessionId: z.string(),
  servingRegion: z.string(),
  inputPreview: z.string(),
  outputPreview: z.string(),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;

/** A span as it is stored, with what the stores added to it. */
export const storedSpanSchema = spanSchema.extend({
  batchObject: z.string().meta({ description: "The `raw/` object that carried it." }),
  receivedAtMs: z.number().meta({ description: "When the buffer acknowledged it; epoch milliseconds." }),
});
export type StoredSpan = z.infer<typeof storedSpanSchema>;

const projectParams = z.strictObject({ projectId: projectIdSchema });

export const listTraces = {
  method: "GET",
  path: "/api/projects/{projectId}/traces",
  summary: "Traces of a project, newest first or by duration, cost or tokens",
  group: "traces",
  scope: "read",
  params: projectParams,
  query: z.strictObject({
    /**
     * A trace fits if some one span of it meets all conditions; it may have begun up to a day after the range. Those of
     * `trace.spanCount`, `.errorCount`, `.durationMs`, `.costNanoUsd` and `.totalTokens` are of the whole trace.
     */
    filter: traceFilterParameterSchema.optional(),
    sort: z.enum(["startedAt", "duration", "costNanoUsd", "totalTokens"]).default("startedAt"),
    ...orderQuery,
    ...rangeQuery,
    ...pageQuery,
  }),
  body: null,
  output: z.strictObject({ traces: z.array(traceSummarySchema), nextCursor: z.string().nullable() }),
} as const satisfies Endpoint;

export const getTrace = {
  method: "GET",
  path: "/api/projects/{projectId}/traces/{traceId}",
  summary: "Spans of a trace, oldest first; a page ends at its limit or after about 4 MB of text",
  group: "traces",
  scope: "read",
  params: projectParams.extend({ traceId: traceIdSchema }),
  query: z.strictObject({
    limit: wholeNumber.pipe(z.number().min(1).max(1000)).default(1000),
    cursor: z.string().max(200).optional().meta({ description: "`nextCursor` of the page before." }),
  }),
  body: null,
  output: z
    .strictObject({ traceId: traceIdSchema, spans: z.array(storedSpanSchema), nextCursor: z.string().nullable() })
    .meta({ description: "`nextCursor` is `null` on the last page." }),
} as const satisfies Endpoint;

export const getPayload = {
  method: "GET",
  path: "/api/projects/{projectId}/payloads/{sha256}",
  summary: "A payload that was too large for its span",
  group: "traces",
  scope: "read",
  params: projectParams.extend({ sha256: sha256Schema }),
  query: z.strictObject({}),
  body: null,
  output: z.strictObject({ sha256: sha256Schema, mediaType: z.string(), text: z.string() }),
} as const satisfies Endpoint;
