import * as z from "zod";
import { filterParameterSchema } from "../../analytics/filter.ts";
import { projectIdSchema, spanIdSchema, traceIdSchema } from "../id.ts";
import { spanKindSchema, spanStatusSchema } from "../span.ts";
import type { Endpoint } from "./endpoint.ts";
import { groupFields } from "./metrics.ts";
import { nanoUsdText, orderQuery, pageQuery, rangeQuery, wholeNumber } from "./range.ts";

/** One row of a list of spans: what is known of it without its payloads. */
export const spanSummarySchema = z.strictObject({
  traceId: traceIdSchema,
  spanId: spanIdSchema,
  parentSpanId: spanIdSchema.nullable(),
  kind: spanKindSchema,
  name: z.string(),
  startedAtMs: z.number().meta({ description: "Epoch milliseconds." }),
  endedAtMs: z.number(),
  status: spanStatusSchema,
  errorCode: z.string().meta({ description: "Code of the error table; empty without an error." }),
  provider: z.string(),
  modelRequested: z.string(),
  modelServed: z.string(),
  simulated: z.boolean(),
  streamed: z.boolean(),
  inputTokens: z.number().nullable().meta({ description: "All buckets of the input together; `null`: not known." }),
  outputTokens: z.number().nullable(),
  costNanoUsd: nanoUsdText.nullable(),
  ttftMs: z.number().nullable(),
  userId: z.string(),
  sessionId: z.string(),
  environment: z.string(),
  release: z.string(),
  tags: z.array(z.string()),
  servingRegion: z.string(),
  inputPreview: z.string(),
  outputPreview: z.string(),
});
export type SpanSummary = z.infer<typeof spanSummarySchema>;

const params = z.strictObject({ projectId: projectIdSchema });

export const listSpans = {
  method: "GET",
  path: "/api/projects/{projectId}/spans",
  summary: "Spans of a project, each a row of its own",
  group: "traces",
  scope: "read",
  params,
  query: z.strictObject({
    filter: filterParameterSchema.optional(),
    sort: z.enum(["startedAt", "duration", "costNanoUsd", "totalTokens"]).default("startedAt"),
    ...orderQuery,
    ...rangeQuery,
    ...pageQuery,
  }),
  body: null,
  output: z.strictObject({ spans: z.array(spanSummarySchema), nextCursor: z.string().nullable() }),
} as const satisfies Endpoint;

const facetSchema = z.strictObject({
  field: z.string(),
  values: z
    .array(z.strictObject({ value: z.string(), spans: z.number() }))
    .meta({ description: "The most frequent values. Spans of several tags count for each." }),
  otherSpans: z.number().meta({ description: "Spans with other values than those." }),
});
export type Facet = z.infer<typeof facetSchema>;

export const listFacets = {
  method: "GET",
  path: "/api/projects/{projectId}/facets",
  summary: "The most frequent values of fields, each counted under the filter's conditions on all other fields",
  group: "traces",
  scope: "read",
  params,
  query: z.strictObject({
    fields: groupFields(10).meta({ description: "Up to ten fields, separated by commas." }),
    filter: filterParameterSchema.optional(),
    ...rangeQuery,
    limit: wholeNumber.pipe(z.number().min(1).max(100)).default(20).meta({ description: "How many values of each field." }),
  }),
  body: null,
  output: z.strictObject({ facets: z.array(facetSchema) }),
} as const satisfies Endpoint;

const metadataKeySchema = z.strictObject({ key: z.string(), type: z.enum(["text", "number", "boolean"]), spans: z.number() });
export type MetadataKey = z.infer<typeof metadataKeySchema>;

export const listMetadataKeys = {
  method: "GET",
  path: "/api/projects/{projectId}/metadata-keys",
  summary: "Under which keys spans have metadata, most frequent first: the first two hundred",
  group: "traces",
  scope: "read",
  params,
  query: z.strictObject({ ...rangeQuery }),
  body: null,
  output: z.strictObject({ keys: z.array(metadataKeySchema) }),
} as const satisfies Endpoint;
