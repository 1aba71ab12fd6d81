import * as z from "zod";
import { organizationIdSchema } from "../id.ts";
import { limitEventSchema } from "../limit-event.ts";
import { limitIdSchema } from "../limits.ts";
import type { Endpoint } from "./endpoint.ts";
import { nextCursorSchema, pageQuerySchema } from "./page.ts";

export const listLimitEvents = {
  method: "GET",
  path: "/api/organizations/{organizationId}/limit-events",
  summary: "What happened to budgets: thresholds reached, first refusals, bills beyond a bound; each once a window, newest first",
  group: "limits",
  scope: "admin",
  params: z.strictObject({ organizationId: organizationIdSchema }),
  query: pageQuerySchema.extend({
    limitId: limitIdSchema.optional().meta({ description: "Of this budget alone; of all, where left out." }),
  }),
  body: null,
  output: z.strictObject({ events: z.array(limitEventSchema), nextCursor: nextCursorSchema }),
} as const satisfies Endpoint;
