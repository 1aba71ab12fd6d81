import * as z from "zod";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";

const daySchema = z.iso.date({ error: "must be a day such as 2026-11-24" }).meta({ examples: ["2026-11-24"] });
const count = z.int().nonnegative();
const figuresSchema = z.strictObject({
  spans: count,
  /** Nano-dollars as decimal text: sums may pass what a JSON number holds exactly. */
  costNanoUsd: z.string(),
});

/**
 * `objects`: raw objects are stored in tables of their own. `verify`: nothing that is stored may be missing there. `copy`:
 * what other objects brought is put beside it. `swap`: the tables change places. `settle`: what came meanwhile is added.
 * `drop`: the former tables go.
 */
export const replayStepSchema = z.enum(["objects", "verify", "copy", "swap", "settle", "drop", "done", "refused", "abandoned"]);

export const replaySchema = z.strictObject({
  /** When it began, as digits; part of the names of its tables. */
  replayId: z.string().regex(/^\d{14}$/),
  region: regionSchema,
  /** Days (UTC) on which the events were accepted, both included. */
  fromDay: daySchema,
  toDay: daySchema,
  startedAtMs: z.int(),
  step: replayStepSchema,
  /** Of the step: the last thing that is done; `null`: none. */
  cursor: z.string().nullable(),
  /** Raw objects that are stored. */
  objects: count,
  /** What is stored of these objects now, and what the replay made of them; `null` until it is verified. */
  before: figuresSchema.nullable(),
  after: figuresSchema.nullable(),
  /** When the tables changed places; `null`: not yet. */
  swappedAtMs: z.int().nullable(),
  /** Why it was refused; empty otherwise. */
  reason: z.string(),
  /** By table, the id of the one that takes its place. */
  replacements: z.record(z.string(), z.string()),
});
export type Replay = z.infer<typeof replaySchema>;

const params = z.strictObject({ region: regionSchema });
const range = {
  /** The first day (UTC) on which the events were accepted, … */
  fromDay: daySchema,
  /** … and the last one. */
  toDay: daySchema,
};
const common = { group: "operations", scope: "admin", params, query: z.strictObject({}), body: null, output: replaySchema } as const;

export const countRawObjects = {
  ...common,
  method: "GET",
  path: "/api/regions/{region}/raw-objects",
  summary: "How many raw objects there are of a range of days, page by page",
  query: z.strictObject({
    ...range,
    /** `nextCursor` of the page before. */
    cursor: z.string().max(200).optional(),
  }),
  output: z.strictObject({ objects: count, bytes: count, nextCursor: z.string().nullable() }),
} as const satisfies Endpoint;

export const beginReplay = {
  ...common,
  method: "POST",
  path: "/api/regions/{region}/replay",
  summary: "Begin to rebuild ClickHouse from the raw objects of a range of days; one at a time in a region",
  body: z.strictObject(range),
} as const satisfies Endpoint;

export const getReplay = {
  ...common,
  method: "GET",
  path: "/api/regions/{region}/replay",
  summary: "The replay of a region that is under way, or the last one",
} as const satisfies Endpoint;

export const advanceReplay = {
  ...common,
  method: "POST",
  path: "/api/regions/{region}/replay/advance",
  summary: "Let the replay of a region go on for some seconds; to be repeated until it is done, at any time and after any failure",
} as const satisfies Endpoint;

export const abandonReplay = {
  ...common,
  method: "DELETE",
  path: "/api/regions/{region}/replay",
  summary: "Give up the replay of a region, as long as its tables have not changed places",
} as const satisfies Endpoint;
