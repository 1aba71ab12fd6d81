import * as z from "zod";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";
import { wholeNumber } from "./range.ts";

const daySchema = z.iso.date({ error: "must be a day such as 2026-11-24" }).meta({ examples: ["2026-11-24"] });

export const handlingSchema = z.strictObject({
  outcome: z.enum(["replayed", "discarded"]),
  reason: z.string().meta({ description: "Why it was discarded; empty where it was replayed." }),
  atMs: z.number(),
  objectKey: z
    .string()
    .meta({ description: "The object by which its events, or itself, were put in again; empty where it was discarded." }),
});
export type Handling = z.infer<typeof handlingSchema>;

const summary = {
  region: regionSchema,
  day: z.string().meta({ description: "In UTC." }),
  name: z.string(),
  kind: z
    .enum(["events", "object"])
    .meta({ description: "`events`: some events of an object could not be stored. `object`: a message led to no object." }),
  state: z.enum(["open", "replayed", "discarded"]),
  writtenAtMs: z.number(),
  bytes: z.int(),
};
export const deadLetterSummarySchema = z.strictObject(summary);
export type DeadLetterSummary = z.infer<typeof deadLetterSummarySchema>;

/** What could not be processed, as it lies in the bucket: single events of an object, or all of it. */
export const deadLetterSchema = z.strictObject({
  region: regionSchema,
  key: z.string().meta({ description: "The object's key, or what came in its place." }),
  reason: z.string(),
  /** The events at fault; empty where the whole object is. Their texts may be of several projects. */
  events: z.array(
    z.strictObject({
      index: z.int(),
      reason: z.string(),
      text: z.string().meta({ description: "As it came; empty where it may not be kept here." }),
    }),
  ),
  atMs: z.number().meta({ description: "When the events were accepted, or the message came." }),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

const letterParams = z.strictObject({
  region: regionSchema,
  day: daySchema,
  name: z.string().regex(/^[\w.-]{1,220}\.(?:events|object)\.json$/, "must be the name of a dead letter"),
});

const common = { group: "operations", scope: "admin", query: z.strictObject({}) } as const;

export const listDeadLetters = {
  ...common,
  method: "GET",
  path: "/api/dead-letters/{region}",
  summary: "Dead letters of a region, oldest first",
  params: z.strictObject({ region: regionSchema }),
  query: z.strictObject({
    day: daySchema.optional().meta({ description: "Only those of this day (UTC)." }),
    limit: wholeNumber.pipe(z.number().min(1).max(400)).default(100),
    cursor: z.string().max(400).optional().meta({ description: "`nextCursor` of the page before." }),
  }),
  body: null,
  output: z.strictObject({ deadLetters: z.array(deadLetterSummarySchema), nextCursor: z.string().nullable() }),
} as const satisfies Endpoint;

export const getDeadLetter = {
  ...common,
  method: "GET",
  path: "/api/dead-letters/{region}/{day}/{name}",
  summary: "A dead letter with its reasons and the events' texts",
  params: letterParams,
  body: null,
  output: deadLetterSchema.extend({ handling: handlingSchema.nullable() }),
} as const satisfies Endpoint;

export const replayDeadLetter = {
  ...common,
  method: "POST",
  path: "/api/dead-letters/{region}/{day}/{name}/replay",
  summary: "Store what a dead letter holds once more; repeated, it changes nothing",
  params: letterParams,
  body: null,
  output: z.strictObject({
    handling: handlingSchema,
    stillDead: z
      .string()
      .nullable()
      .meta({ description: "The letter of the events that still cannot be stored, in the same region and day; `null`: all are stored." }),
  }),
} as const satisfies Endpoint;

export const discardDeadLetter = {
  ...common,
  method: "POST",
  path: "/api/dead-letters/{region}/{day}/{name}/discard",
  summary: "Let a dead letter rest: it is kept with the reason, and counts as open no longer",
  params: letterParams,
  body: z.strictObject({ reason: z.string().min(1).max(500) }),
  output: z.strictObject({ handling: handlingSchema }),
} as const satisfies Endpoint;
