import * as z from "zod";
import { providerNameSchema } from "./api/providers.ts";
import { keyIdSchema, projectIdSchema } from "./id.ts";
import { nanoUsdSchema } from "./money.ts";
import { nameSchema, storableTextSchema } from "./name.ts";
import { regionSchema } from "./region.ts";

const label = storableTextSchema.min(1).max(200);

export const limitIdSchema = z.uuid().brand<"LimitId">();
export type LimitId = z.infer<typeof limitIdSchema>;

/**
 * Whose calls are counted together. `id: null`: those of each team, project, key or user by itself, also of ones that are
 * seen for the first time; one with a limit of its own (the same selector, and window or measure) has that one instead.
 */
export const limitSubjectSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("organization") }),
  z.strictObject({ kind: z.literal("team"), id: label.nullable() }),
  z.strictObject({ kind: z.literal("project"), id: projectIdSchema.nullable() }),
  z.strictObject({ kind: z.literal("key"), id: keyIdSchema.nullable() }),
  /** The end user that a call names; a call that names none has none. */
  z.strictObject({ kind: z.literal("user"), id: label.nullable() }),
]);
export type LimitSubject = z.infer<typeof limitSubjectSchema>;

/** Which of the subject's calls are counted; `null`: all. */
export const limitSelectorSchema = z.strictObject({
  /** A model's name, with or without `provider/`; `*` stands for any characters. */
  model: storableTextSchema.min(1).max(512).nullable().default(null),
  provider: providerNameSchema.nullable().default(null),
  /** The region that serves the call. */
  region: regionSchema.nullable().default(null),
  tag: label.nullable().default(null),
});
export type LimitSelector = z.infer<typeof limitSelectorSchema>;

const timeZoneSchema = z.string().refine(isTimeZone, "is not a time zone: name one as `Europe/Dublin`").default("UTC");

/** To ask is dear, and each snapshot that is read asks again. There are some hundred names, in any case of letters. */
const knownTimeZones = new Set<string>();
const knownTimeZonesMax = 1_000;

/** Names only (`Europe/Dublin`, `UTC`): an offset knows no summer. */
function isTimeZone(text: string): boolean {
  if (knownTimeZones.has(text)) return true;
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    if (new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone === "") return false;
    if (knownTimeZones.size < knownTimeZonesMax) knownTimeZones.add(text);
    return true;
  } catch {
    return false;
  }
}

/** When a budget starts anew. */
export const limitWindowSchema = z.discriminatedUnion("kind", [
  /** By the clock, which shows the same minutes everywhere; hours are those of UTC. */
  z.strictObject({ kind: z.literal("clock"), unit: z.enum(["minute", "hour"]) }),
  /** By the calendar of a place: days of 23 to 25 hours, weeks from Monday. */
  z.strictObject({ kind: z.literal("calendar"), unit: z.enum(["day", "week", "month"]), timeZone: timeZoneSchema }),
  /** At every moment, the last `count` hours or days. */
  z.strictObject({ kind: z.literal("rolling"), unit: z.enum(["hour", "day"]), count: z.int().min(1).max(366) }),
  z.strictObject({ kind: z.literal("never") }),
]);
export type WindowSpec = z.infer<typeof limitWindowSchema>;

/** Of $5 million a safe integer holds what is granted and what is owed together. */
const amountNanoUsdSchema = nanoUsdSchema.min(0).max(5e15);

/** What may be spent in a window. A region without an amount of its own has what the total leaves, or nothing without a total. */
const budgetAmountSchema = z
  .strictObject({
    totalNanoUsd: amountNanoUsdSchema.nullable().default(null),
    perRegionNanoUsd: z.partialRecord(regionSchema, amountNanoUsdSchema).default({}),
  })
  .superRefine(({ totalNanoUsd, perRegionNanoUsd }, context) => {
    const regional = Object.entries(perRegionNanoUsd);
    if (totalNanoUsd === null && regional.length === 0) {
      context.addIssue({ code: "custom", path: ["totalNanoUsd"], message: "or `perRegionNanoUsd` must be given" });
    }
    for (const [region, amount] of regional) {
      if (totalNanoUsd === null || amount <= totalNanoUsd) continue;
      context.addIssue({ code: "custom", path: ["perRegionNanoUsd", region], message: "must not be more than `totalNanoUsd`" });
    }
  });

/** Parts of the amount (1: all of it). */
const alertThresholdsSchema = z
  .array(z.number().positive().max(1))
  .max(10)
  .default([0.5, 0.8, 1])
  .refine((parts) => new Set(parts).size === parts.length, "must not name a threshold twice");

const place = {
  name: nameSchema,
  subject: limitSubjectSchema,
  selector: limitSelectorSchema.prefault({}),
};

const unreachableSchema = z.enum(["closed", "open"]);

export const budgetFields = {
  ...place,
  amount: budgetAmountSchema,
  window: limitWindowSchema.meta({ description: "When the budget starts anew." }),
  enforcement: z
    .enum(["hard", "soft"])
    .default("hard")
    .meta({ description: "`hard`: a call that might pass the amount is refused. `soft`: it goes on, and is counted." }),
  alertThresholds: alertThresholdsSchema.meta({
    description: "Parts of the amount (1: all of it) at which an alert is raised, each once a window: see `limit-events`.",
  }),
  whenUnreachable: unreachableSchema.nullable().default(null).meta({
    description:
      "What becomes of calls when rights can be had from nowhere: `closed` refuses them once those in hand are spent. `null`: `closed` for a hard budget, `open` for a soft one.",
  }),
  whenTooLarge: z
    .enum(["refuse", "clamp"])
    .default("refuse")
    .meta({ description: "What becomes of a call that fits only with fewer output tokens than it asks for." }),
  streams: z.enum(["whole", "blocks"]).default("whole").meta({
    description:
      "What a streamed answer reserves. `whole`: the most that it can cost, before it begins. `blocks`: a part of it, and more as it comes; where nothing is left it is cut, as by its own `max_tokens`. Only of models that send all that they write.",
  }),
  whenUnpriced: z
    .enum(["refuse", "pass"])
    .default("refuse")
    .meta({ description: "What becomes of a call of which nobody knows the most that it can cost; one that passes is not counted." }),
} as const;

/** A budget, as an admin sets it. */
export const budgetSettingSchema = z
  .strictObject(budgetFields)
  .refine(({ selector, amount }) => selector.region === null || Object.keys(amount.perRegionNanoUsd).length === 0, {
    error: "must be empty where the selector names a region",
    path: ["amount", "perRegionNanoUsd"],
  });
export type BudgetSetting = z.infer<typeof budgetSettingSchema>;

/** What a limit of a rate counts: requests or tokens a minute, or calls under way at once. */
export const rateMeasureSchema = z.enum(["requests", "tokens", "concurrent"]);
export type RateMeasure = z.infer<typeof rateMeasureSchema>;

export const rateLimitFields = {
  ...place,
  measure: rateMeasureSchema.meta({ description: "What is counted: requests or tokens a minute, or calls under way at once." }),
  limit: z.int().min(1).max(1_000_000_000),
  burst: z.int().min(1).optional().meta({ description: "How much of a minute's limit may come at once; left out: all of it." }),
  whenUnreachable: unreachableSchema.default("open"),
} as const;

/** A limit of a rate, as an admin sets it. */
export const rateLimitSettingSchema = z
  .strictObject(rateLimitFields)
  .refine(({ measure, burst }) => measure !== "concurrent" || burst === undefined, {
    error: "calls under way have no burst",
    path: ["burst"],
  })
  .refine(({ limit, burst }) => burst === undefined || burst <= limit, { error: "must not be more than `limit`", path: ["burst"] });
export type RateLimitSetting = z.infer<typeof rateLimitSettingSchema>;

export type LimitKind = "budget" | "rate";

export type Budget = BudgetSetting & { readonly id: LimitId };
export type RateLimitPolicy = RateLimitSetting & { readonly id: LimitId };

/** A limit in force: `version` rises with every change of its setting. */
const inForce = { id: limitIdSchema, version: z.int().positive() };

/** The limits that may hold for a key's calls. During a deploy newer code writes them, so what a reader does not know is passed over. */
export const keyLimitsSchema = z.object({
  budgets: z.array(z.object({ ...budgetFields, ...inForce })),
  rateLimits: z.array(z.object({ ...rateLimitFields, ...inForce })),
});
export type KeyLimits = z.infer<typeof keyLimitsSchema>;
export type BudgetInForce = KeyLimits["budgets"][number];
export type RateLimitInForce = KeyLimits["rateLimits"][number];

/** What becomes of a budget's calls when rights can be had from nowhere. */
export function whenUnreachableOf({
  whenUnreachable,
  enforcement,
}: Pick<BudgetSetting, "whenUnreachable" | "enforcement">): "closed" | "open" {
  return whenUnreachable ?? (enforcement === "hard" ? "closed" : "open");
}

/** Where a limit stands among those of its kind. */
export type LimitPlace = {
  readonly subject: { readonly kind: LimitSubject["kind"]; readonly id?: string | null };
  readonly selector: LimitSelector;
} & ({ readonly window: WindowSpec } | { readonly measure: RateMeasure });

/** What two limits of one kind must differ in: two that agree in it would be one limit with two values. */
export function placeOf(limit: LimitPlace): string {
  const { subject, selector } = limit;
  const { model, provider, region, tag } = selector;
  const last = "measure" in limit ? limit.measure : Object.values(limit.window);
  return JSON.stringify([subject.kind, subject.id ?? null, model, provider, region, tag, last]);
}
