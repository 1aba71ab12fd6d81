import * as z from "zod";
import type { CallInput } from "../api/client.ts";

/** Whose calls are counted together, as it is said in the form. */
const subjects = {
  "the whole organization": { kind: "organization" },
  "each project by itself": { kind: "project", id: null },
  "each key by itself": { kind: "key", id: null },
  "each user by itself": { kind: "user", id: null },
} as const;
const subjectNames = ["the whole organization", "each project by itself", "each key by itself", "each user by itself"] as const;

const dollars = z.string().regex(/^\$?\d{1,7}(\.\d{1,9})?$/, "must be an amount in dollars, such as 25 or 0.50");

/** What the form asks for; amounts are dollars. */
export const newBudgetSchema = z.strictObject({
  name: z.string().trim().min(1, "must have a name").max(200),
  counts: z.enum(subjectNames).meta({ description: "Whose calls share the amount." }),
  dollars,
  per: z.enum(["day", "week", "month", "hour", "ever"]).meta({ description: "When it starts anew, by the calendar of UTC." }),
  enforcement: z
    .enum(["hard", "soft"])
    .meta({ description: "hard: a call that might pass the amount is refused. soft: it is only counted." }),
  usEast: dollars.optional().meta({ description: "The most of it that us-east may spend, in dollars." }),
  usWest: dollars.optional().meta({ description: "The most of it that us-west may spend, in dollars." }),
  euWest: dollars.optional().meta({ description: "The most of it that eu-west may spend, in dollars." }),
});

type BudgetBody = CallInput<"createBudget">["body"];

/** A form as the API takes it. */
export function budgetOf({
  name,
  counts,
  dollars: total,
  per,
  enforcement,
  usEast,
  usWest,
  euWest,
}: z.output<typeof newBudgetSchema>): BudgetBody {
  const regional = Object.entries({ "us-east": usEast, "us-west": usWest, "eu-west": euWest });
  const perRegionNanoUsd = Object.fromEntries(
    regional.flatMap(([region, amount]) => (amount === undefined ? [] : [[region, nanoUsdOf(amount)]])),
  );
  return {
    name,
    subject: subjects[counts],
    amount: { totalNanoUsd: nanoUsdOf(total), perRegionNanoUsd },
    window: windowOf(per),
    enforcement,
  };
}

function windowOf(per: z.output<typeof newBudgetSchema>["per"]): BudgetBody["window"] {
  switch (per) {
    case "hour":
      return { kind: "clock", unit: "hour" };
    case "day":
    case "week":
    case "month":
      return { kind: "calendar", unit: per, timeZone: "UTC" };
    case "ever":
      return { kind: "never" };
  }
}

/** Exact: decimal text is not put through floating point. */
export function nanoUsdOf(amount: string): number {
  const [whole = "0", fraction = ""] = amount.replace("$", "").split(".");
  return Number(BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0")));
}
