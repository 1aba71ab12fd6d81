import * as z from "zod";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";

const daySchema = z.iso.date({ error: "must be a day such as 2026-11-24" }).meta({ examples: ["2026-11-24"] });
const count = z.int().nonnegative();
const figuresSchema = z.strictObject({
  spans: count,
  costNanoUsd: z.string().meta({ description: "Nano-dollars as decimal text: sums may pass what a JSON number holds exactly." }),
});

/**
 * `objects`: raw objects are stored in tables of their own. `verify`: nothing that is stored may be missing there. `copy`:
 * what other objects brought is put beside it. `swap`: the tables change places. `settle`: what came meanwhile is added.
 * `drop`: the former tables go.
 */
export const replayStepSchema = z.enum(["objects", "verify", "copy", "swap", "settle", "drop", "done", "refused", "abandoned"]);

export const replaySchema = z.strictObject({
  replayId: z
    .string()
    .regex(/^\d{14}$/)
    .meta({ description: "When it began, as digits; part of the names of its tables." }),
  region: regionSchema,
  fromDay: daySchema.meta({ description: "The first day (UTC) on which the events were accepted." }),
  toDay: daySchema.meta({ description: "The last of those days." }),
  startedAtMs: z.int(),
  step: replayStepSchema,
  cursor: z.string().nullable().meta({ description: "Of the step: the last thing that is done; `null`: none." }),
  objects: count.meta({ description: "Raw objects that are stored." }),
  before: figuresSchema.nullable().meta({ description: "What was stored of these objects; `null` until the replay is verified." }),
  after: figuresSchema.nullable().meta({ description: "What the replay made of them; `null` until it is verified." }),
  swappedAtMs: z.int().nullable().meta({ description: "When the tables changed places; `null`: not yet." }),
  reason: z.string().meta({ description: "Why it was refused; empty otherwise." }),
  replacements: z.record(z.string(), z.string()).meta({ description: "By table, the id of the one that takes its place." }),
});
export type Replay = z.infer<typeof replaySchema>;

const params = z.strictObject({ region: regionSchema });
const range = {
  fromDay: daySchema.meta({ description: "The first day (UTC) on which the events were accepted." }),
  toDay: daySchema.meta({ description: "The last of those days." }),
};
const common = { group: "operations", scope: "admin", params, query: z.strictObject({}), body: null, output: replaySchema } as const;

export const countRawObjects = {
  ...common,
  method: "GET",
  path: "/api/regions/{region}/raw-objects",
  summary: "How many raw objects there are of a range of days, page by page",
  query: z.strictObject({
    ...range,
    cursor: z.string().max(200).optional().meta({ description: "`nextCursor` of the page before." }),
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
