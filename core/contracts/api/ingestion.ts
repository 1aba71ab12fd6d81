import * as z from "zod";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";

/** From best to worst. `lossy`: some events are not stored, and will not be by themselves. */
export const verdictSchema = z.enum(["ok", "late", "stuck", "lossy"]);
export type Verdict = z.infer<typeof verdictSchema>;

const count = z.int().nonnegative();
const ageMs = z.number().nonnegative();

/** What one buffer holds and has done. */
const bufferFactsSchema = z.strictObject({
  acceptedEvents: count.meta({ description: "Events accepted since this buffer exists." }),
  unsealedEvents: count.meta({ description: "Accepted and not yet in an object of the bucket." }),
  unsealedBytes: count,
  unacknowledgedObjects: count.meta({ description: "Objects that no consumer has acknowledged yet." }),
  oldestUnacknowledgedAgeMs: ageMs
    .nullable()
    .meta({ description: "Since the oldest event that is not stored was accepted; `null`: all are." }),
  deadObjects: count.meta({ description: "Objects given up since this buffer exists; each has a dead letter." }),
});

/** What is known of a region's ingestion; `null` anywhere: that store did not answer in time. */
export const ingestionFactsSchema = z.strictObject({
  region: regionSchema,
  buffers: z
    .array(z.strictObject({ shard: count, status: bufferFactsSchema.nullable() }))
    .meta({ description: "`null`: the buffer did not answer." }),
  waiting: z.strictObject({ objects: count, isComplete: z.boolean(), oldestAgeMs: ageMs.nullable() }).nullable().meta({
    description: "Objects that edges wrote round a buffer, and that the sweep has yet to take; `isComplete`: there are no more than these.",
  }),
  deadLetters: z
    .strictObject({ open: count, isComplete: z.boolean(), newestAtMs: z.number().nullable() })
    .nullable()
    .meta({ description: "Dead letters that nobody has replayed or discarded." }),
  lost: z
    .strictObject({ spans: count, isComplete: z.boolean(), newestAtMs: z.number().nullable() })
    .nullable()
    .meta({ description: "Spans of calls that edges could not record anywhere, as they reported it since the start of yesterday (UTC)." }),
  /** `not_configured`: no project can live in the region. */
  clickhouse: z.discriminatedUnion("status", [
    z.strictObject({ status: z.literal("not_configured") }),
    z.strictObject({ status: z.literal("down") }),
    /** When the newest of the stored spans was accepted; `null`: none in the last day. */
    z.strictObject({ status: z.literal("up"), newestReceivedAtMs: z.number().nullable() }),
  ]),
});
export type IngestionFacts = z.infer<typeof ingestionFactsSchema>;

const judged = { verdict: verdictSchema, /** In words, worst first; empty where all is well. */ reasons: z.array(z.string()) };

export const getIngestion = {
  method: "GET",
  path: "/api/ingestion",
  summary: "Whether anything that was accepted is lost, late or stuck, in every region",
  group: "operations",
  scope: "admin",
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: null,
  output: z.strictObject({
    ...judged,
    regions: z.array(
      ingestionFactsSchema.extend({
        ...judged,
        lagMs: ageMs
          .nullable()
          .meta({ description: "How far ClickHouse is behind what was accepted; `null`: a store that knows does not answer." }),
      }),
    ),
  }),
} as const satisfies Endpoint;
