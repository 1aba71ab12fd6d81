import * as z from "zod";
import { recordModeSchema } from "./api/keys.ts";
import { storableTextSchema } from "./name.ts";

/** What we find by ourselves in a text; each match becomes `[<detector>]`. */
export const maskingDetectorSchema = z.enum(["email", "phone", "credit-card", "iban", "ip-address", "secret"]);

/**
 * What must not be stored: what a detector finds; what a pattern (RE2 syntax, so that its time is linear in the text)
 * matches, which becomes `[<name>]`; or the values of JSON fields of a name, at any depth.
 */
export const maskingRuleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("detector"), detector: maskingDetectorSchema }),
  z.strictObject({
    kind: z.literal("pattern"),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lowercase letters, digits and dashes"),
    pattern: storableTextSchema.min(1).max(1000),
  }),
  z.strictObject({ kind: z.literal("field"), field: storableTextSchema.min(1).max(200) }),
]);
export type MaskingRule = z.infer<typeof maskingRuleSchema>;

/** What is kept of what is said in calls and events; it comes into force where they are received, before anything is durable. */
export const storagePolicySchema = z.strictObject({
  /** `off`: inputs and outputs are stored nowhere. */
  payloads: z.enum(["stored", "off"]).default("stored"),
  masking: z.array(maskingRuleSchema).max(50).default([]),
});
export type StoragePolicy = z.infer<typeof storagePolicySchema>;

const days = z.int().min(1).max(3650).nullable().default(null);

/** How long a project's data is kept after its start, in days; `null`: for ever. */
export const retentionSchema = z
  .strictObject({
    /** Inputs, outputs and all other text of calls, in every store. */
    payloadDays: days,
    /** Spans and scores with their figures. */
    spanDays: days,
  })
  .refine(({ payloadDays, spanDays }) => spanDays === null || (payloadDays !== null && payloadDays <= spanDays) || payloadDays === null, {
    error: "must not be longer than `spanDays`",
    path: ["payloadDays"],
  });
export type Retention = z.infer<typeof retentionSchema>;

/** What holds for all of a project's calls and events. */
export const projectPolicySchema = z.strictObject({
  /** `durable` here or on a key: the call is durable. */
  record: recordModeSchema.default("normal"),
  ...storagePolicySchema.shape,
  retention: retentionSchema.prefault({}),
});
export type ProjectPolicy = z.infer<typeof projectPolicySchema>;
