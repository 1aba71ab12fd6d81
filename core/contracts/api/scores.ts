import * as z from "zod";
import { projectIdSchema, traceIdSchema } from "../id.ts";
import { scoreSchema } from "../score.ts";
import type { Endpoint } from "./endpoint.ts";

/** A score as it is stored, with what the stores added to it. */
export const storedScoreSchema = scoreSchema.omit({ record: true }).extend({
  batchObject: z.string().meta({ description: "The `raw/` object that carried it." }),
  receivedAtMs: z.number().meta({ description: "When the buffer acknowledged it; epoch milliseconds." }),
});
export type StoredScore = z.infer<typeof storedScoreSchema>;

export const listScores = {
  method: "GET",
  path: "/api/projects/{projectId}/traces/{traceId}/scores",
  summary: "Scores of a trace and of its spans, oldest first",
  group: "traces",
  scope: "read",
  params: z.strictObject({ projectId: projectIdSchema, traceId: traceIdSchema }),
  query: z.strictObject({
    limit: z
      .string()
      .regex(/^\d{1,4}$/, "must be a whole number")
      .transform(Number)
      .pipe(z.number().min(1).max(1000))
      .default(1000),
    cursor: z.string().max(200).optional().meta({ description: "`nextCursor` of the page before." }),
  }),
  body: null,
  output: z
    .strictObject({ scores: z.array(storedScoreSchema), nextCursor: z.string().nullable() })
    .meta({ description: "Empty where the trace has none, or is not there. `nextCursor` is `null` on the last page." }),
} as const satisfies Endpoint;
