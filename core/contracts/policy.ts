import * as z from "zod";
import { compilePattern } from "../patterns/compile-pattern.ts";
import { recordModeSchema } from "./api/keys.ts";
import { storableTextSchema } from "./name.ts";

/** What we find by ourselves in a text; each match becomes `[<detector>]`. */
export const maskingDetectorSchema = z.enum(["email", "phone", "credit-card", "iban", "ip-address", "secret"]);
export type MaskingDetector = z.infer<typeof maskingDetectorSchema>;

const patternSchema = storableTextSchema
  .min(1)
  .max(1000)
  .superRefine((text, context) => {
    const compiled = compilePattern(text);
    if (compiled.kind === "invalid") context.addIssue({ code: "custom", message: compiled.reason });
  })
  .meta({ description: "A regular expression in RE2's syntax without lazy repetition; all that any of its matches covers is masked." });

/**
 * What must not be stored: what a detector finds; what a pattern (RE2 syntax, so that its time is linear in the text)
 * matches, which becomes `[<name>]`; or the values of JSON fields of a name, at any depth.
 */
export const maskingRuleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("detector"), detector: maskingDetectorSchema }),
  z.strictObject({
    kind: z.literal("pattern"),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lowercase letters, digits and dashes")
      .meta({ description: "What stands in its place: `[<name>]`." }),
    pattern: patternSchema,
  }),
  z.strictObject({
    kind: z.literal("field"),
    field: storableTextSchema
      .min(1)
      .max(200)
      .meta({ description: "The values of JSON fields of this name (in capitals or not), at any depth, become `[<field>]`." }),
  }),
]);
export type MaskingRule = z.infer<typeof maskingRuleSchema>;

/** What is kept of what is said in calls and events; it comes into force where they are received, before anything is durable. */
export const storagePolicySchema = z.strictObject({
  /** `off`: inputs and outputs are stored nowhere. */
  payloads: z.enum(["stored", "off"]).default("stored").meta({ description: "`off`: inputs and outputs are stored nowhere." }),
  masking: z
    .array(maskingRuleSchema)
    .max(50)
    .default([])
    .meta({ description: "What must not be stored; applied where calls and events are received." }),
});
export type StoragePolicy = z.infer<typeof storagePolicySchema>;

const days = z.int().min(1).max(3650).nullable().default(null);
const daysOf = (what: string) => days.meta({ description: `${what} Days after their start; \`null\`: for ever.` });

/** How long a project's data is kept after its start, in days; `null`: for ever. */
export const retentionSchema = z
  .strictObject({
    payloadDays: daysOf("Inputs, outputs and all other text of calls, in every store."),
    spanDays: daysOf("Spans and scores with their figures."),
  })
  .refine(({ payloadDays, spanDays }) => spanDays === null || (payloadDays !== null && payloadDays <= spanDays) || payloadDays === null, {
    error: "must not be longer than `spanDays`",
    path: ["payloadDays"],
  });
export type Retention = z.infer<typeof retentionSchema>;

/** What holds for all of a project's calls and events. */
export const projectPolicySchema = z
  .strictObject({
    record: recordModeSchema
      .default("normal")
      .meta({ description: "`durable` here or on a key: the call is durable, its last byte released only when its record is safe." }),
    ...storagePolicySchema.shape,
    retention: retentionSchema.prefault({}),
  })
  .meta({
    id: "ProjectPolicy",
    description: "What holds for all calls and events of a project.",
    examples: [
      {
        record: "normal",
        payloads: "stored",
        masking: [
          { kind: "detector", detector: "email" },
          { kind: "field", field: "password" },
          { kind: "pattern", name: "employee", pattern: "EMP-\\d{6}" },
        ],
        retention: { payloadDays: 30, spanDays: 365 },
      },
    ],
  });
export type ProjectPolicy = z.infer<typeof projectPolicySchema>;
