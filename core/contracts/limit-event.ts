import * as z from "zod";
import { limitIdSchema } from "./limits.ts";
import { nanoUsdSchema } from "./money.ts";
import { regionSchema } from "./region.ts";

/** What happens to a budget of which an admin should hear. */
export const limitEvents = {
  threshold: "A part of the amount is spent: one of the budget's `alertThresholds`.",
  refused: "A call was refused, as the budget had too little left.",
  bound_exceeded: "A provider billed more than the most that a call could cost: the bound was wrong, and the budget owes the rest.",
} as const satisfies Readonly<Record<string, string>>;

export const limitEventKindSchema = z.enum(["threshold", "refused", "bound_exceeded"]);
export type LimitEventKind = z.infer<typeof limitEventKindSchema>;

/** An event of a budget: of each kind, and of each threshold, one a window for each that it counts. */
export const limitEventSchema = z
  .strictObject({
    eventId: z.uuid(),
    limitId: limitIdSchema,
    kind: limitEventKindSchema.meta({
      description: limitEventKindSchema.options.map((kind) => `\`${kind}\`: ${limitEvents[kind]}`).join(" "),
    }),
    counted: z.string().meta({ description: "The organization, team, project, key or user that is counted." }),
    window: z.strictObject({ startMs: z.number(), endMs: z.number().nullable() }),
    threshold: z.number().nullable().meta({ description: "The part of the amount that is spent; `null`: it is no threshold." }),
    region: regionSchema.nullable().meta({ description: "Where it happened; `null`: in all regions together." }),
    limitNanoUsd: nanoUsdSchema.meta({ description: "As it was then." }),
    spentNanoUsd: nanoUsdSchema.meta({ description: "When it was noticed." }),
    overNanoUsd: nanoUsdSchema.meta({ description: "What was billed beyond what calls could cost." }),
    createdAtMs: z.number(),
  })
  .meta({ id: "LimitEvent" });
export type LimitEvent = z.infer<typeof limitEventSchema>;
