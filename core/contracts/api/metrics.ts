import * as z from "zod";
import { findField, type FieldReference } from "../../analytics/fields.ts";
import { filterParameterSchema } from "../../analytics/filter.ts";
import { intervalSchema, timeZoneSchema } from "../../analytics/interval.ts";
import { metricNameSchema } from "../../analytics/metrics.ts";
import { projectIdSchema } from "../id.ts";
import type { Endpoint } from "./endpoint.ts";
import { rangeQuery, wholeNumber } from "./range.ts";

/** A field that spans are grouped by. */
export const groupFieldSchema = z.string().transform((name, context): FieldReference => {
  const field = findField(name);
  if (field?.kind === "metadata" || (field?.kind === "field" && field.isGroupable)) return field;
  context.addIssue({ code: "custom", message: "is not a field to group by", input: name });
  return z.NEVER;
});

/** `a,b` as a list. */
const commaSeparated = z.string().transform(split);

/** Up to so many fields that spans are grouped by. */
export const groupFields = (most: number) =>
  z
    .string()
    .meta({ examples: ["provider"] })
    .transform(split)
    .pipe(z.array(groupFieldSchema).min(1).max(most));

function split(written: string): string[] {
  return written.split(",").map((part) => part.trim());
}

/** Decimal text of money, a number of all else; `null` where nothing is known, such as a percentile of no calls. */
const metricValueSchema = z.union([z.number(), z.string(), z.null()]);
const valuesSchema = z.partialRecord(metricNameSchema, metricValueSchema);

/** The same metrics over a range, and over the points of the course. */
const courseSchema = z.strictObject({
  totals: valuesSchema,
  series: z.partialRecord(metricNameSchema, z.array(metricValueSchema)).meta({ description: "One value for each of `points`." }),
});

export const metricsAnswerSchema = z.strictObject({
  fromMs: z.number(),
  toMs: z.number(),
  interval: z.enum(["minute", "fiveMinutes", "hour", "day"]).nullable().meta({ description: "`null`: totals only." }),
  points: z
    .array(z.number())
    .meta({ description: "When the points begin, epoch milliseconds; the first may begin before the range, which cuts it." }),
  previous: z.strictObject({ fromMs: z.number(), toMs: z.number(), points: z.array(z.number()) }).nullable(),
  groups: z.array(
    courseSchema.extend({
      key: z
        .array(z.string())
        .nullable()
        .meta({ description: "One text for each field of `groupBy`; `null`: all groups beyond the limit together." }),
      previous: courseSchema.nullable().meta({ description: "The period before, of the same length; `null` where it was not asked for." }),
    }),
  ),
});
export type MetricsAnswer = z.infer<typeof metricsAnswerSchema>;

export const getMetrics = {
  method: "GET",
  path: "/api/projects/{projectId}/metrics",
  summary: "Metrics of a project's spans over time, by any field, compared with the period before",
  group: "analytics",
  scope: "read",
  params: z.strictObject({ projectId: projectIdSchema }),
  query: z.strictObject({
    metrics: commaSeparated.pipe(z.array(metricNameSchema).min(1).max(20)).meta({ description: "Up to twenty metrics." }),
    groupBy: groupFields(2).optional().meta({
      description: "Up to two fields, separated by commas. Spans of several tags stand in the group of each.",
    }),
    groupLimit: wholeNumber.pipe(z.number().min(1).max(100)).default(10).meta({
      description: "So many groups, the highest by the first metric; the others are one.",
    }),
    filter: filterParameterSchema.optional(),
    ...rangeQuery,
    interval: intervalSchema.default("auto").meta({
      description: "`auto`: the shortest with at most 300 points. `none`: totals without a course over time.",
    }),
    timeZone: timeZoneSchema
      .default("UTC")
      .meta({ description: "By whose clocks hours and days begin: an IANA name, such as `Europe/Berlin`." }),
    compare: z.literal("previous").optional().meta({ description: "The period of the same length before as well." }),
  }),
  body: null,
  output: metricsAnswerSchema,
} as const satisfies Endpoint;
