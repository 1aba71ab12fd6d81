import * as z from "zod";
import type { RateLimitAnswer } from "#core/contracts/api/rate-limits.ts";
import type { RateMeasure } from "#core/contracts/limits.ts";
import type { CallInput } from "../api/client.ts";
import { placeBody, placeFieldOf, placeFormFields, placeHeld, selectorFieldNames, selectorFormFields } from "../limits/place-form.ts";

/** What a limit counts, in words. */
export const measures = {
  requests: "requests a minute",
  tokens: "tokens a minute",
  concurrent: "calls at once",
} as const satisfies Readonly<Record<RateMeasure, string>>;

const count = z
  .string()
  .trim()
  .regex(/^\d{1,10}$/, "must be a whole number");

/** What the form of a limit asks for that is changed: what it measures stays. */
export const rateLimitFormSchema = z.strictObject({
  ...placeFormFields,
  limit: count.meta({ title: "At most", description: "So many a minute, or at once." }),
  burst: count.optional().meta({ description: "How much of a minute's limit may come at once. Empty: all of it." }),
  whenUnreachable: z
    .enum(["open", "closed"])
    .meta({ description: "What becomes of calls when the limit cannot be checked: open lets them pass, closed refuses them." }),
  ...selectorFormFields,
});

const measureSchema = z
  .enum(["requests", "tokens", "concurrent"])
  .meta({ description: "Requests or tokens a minute, or calls under way at once." });
const { name, counts, who, ...others } = rateLimitFormSchema.shape;
export const newRateLimitFormSchema = z.strictObject({ name, counts, who, measure: measureSchema, ...others });

export const rareRateLimitFields = ["burst", "whenUnreachable", ...selectorFieldNames];

type RateLimitBody = CallInput<"createRateLimit">["body"];

/** A form as the API takes it, all of it: what is left out would be set to what is usual. */
export function rateLimitBody(
  form: z.output<typeof rateLimitFormSchema>,
  measure: RateMeasure,
): Required<Omit<RateLimitBody, "burst">> & Pick<RateLimitBody, "burst"> {
  return {
    name: form.name,
    ...placeBody(form),
    measure,
    limit: Number(form.limit),
    ...(form.burst === undefined ? {} : { burst: Number(form.burst) }),
    whenUnreachable: form.whenUnreachable,
  };
}

/** What stands in the form of a limit that is changed. */
export function rateLimitHeld(limit: RateLimitAnswer): Readonly<Record<string, unknown>> {
  return {
    name: limit.name,
    ...placeHeld(limit),
    limit: String(limit.limit),
    burst: limit.burst === undefined ? "" : String(limit.burst),
    whenUnreachable: limit.whenUnreachable,
  };
}

export const rateLimitFieldOf = (param: string): string | null => placeFieldOf(param) ?? param;
