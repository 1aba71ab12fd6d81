import * as z from "zod";

export type Fits = (value: unknown) => boolean;

/** What a schema asks beside its type (lengths, limits, patterns); `null` where some of it is not known here. */
export function checksOf(schema: z.ZodType): Fits[] | null {
  const checks: Fits[] = [];
  // A format (`z.uuid()`, `z.int()`) is a check of its own.
  for (const each of [...(schema instanceof z.core.$ZodCheck ? [schema] : []), ...(schema.def.checks ?? [])]) {
    const check = checkOf(each);
    if (check === null) return null;
    checks.push(check);
  }
  return checks;
}

function checkOf(check: z.core.$ZodCheck<never>): Fits | null {
  if (check instanceof z.core.$ZodCheckMaxLength) {
    const { maximum } = check._zod.def;
    return (value) => lengthOf(value) <= maximum;
  }
  if (check instanceof z.core.$ZodCheckMinLength) {
    const { minimum } = check._zod.def;
    return (value) => lengthOf(value) >= minimum;
  }
  if (check instanceof z.core.$ZodCheckStringFormat) {
    const { pattern } = check._zod.def;
    return pattern === undefined || pattern.global || pattern.sticky ? null : (value) => typeof value === "string" && pattern.test(value);
  }
  if (check instanceof z.core.$ZodCheckNumberFormat)
    return check._zod.def.format === "safeint" ? (value) => Number.isSafeInteger(value) : null;
  if (check instanceof z.core.$ZodCheckLessThan) return limitCheck(check._zod.def, -1);
  if (check instanceof z.core.$ZodCheckGreaterThan) return limitCheck(check._zod.def, 1);
  if (check instanceof z.core.$ZodCustom) {
    const { fn } = check._zod.def;
    // A promise is none of the two answers.
    return (value) => fn(value) === true;
  }
  return null;
}

function lengthOf(value: unknown): number {
  return typeof value === "string" || Array.isArray(value) ? value.length : Number.NaN;
}

/** `sign`: 1 for a least value, -1 for a greatest. */
function limitCheck({ value: limit, inclusive }: { readonly value: unknown; readonly inclusive: boolean }, sign: 1 | -1): Fits | null {
  if (typeof limit !== "number") return null;
  return (value) => typeof value === "number" && (inclusive ? sign * value >= sign * limit : sign * value > sign * limit);
}
