import * as z from "zod";
import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import { regionSchema } from "#core/contracts/region.ts";
import type { CallInput } from "../api/client.ts";
import { placeBody, placeFieldOf, placeFormFields, placeHeld, selectorFieldNames, selectorFormFields } from "../limits/place-form.ts";

type BudgetBody = CallInput<"createBudget">["body"];
type WindowBody = BudgetBody["window"];

const dollars = z.string().regex(/^\$?\d{1,7}(\.\d{1,9})?$/, "must be an amount in dollars, such as 25 or 0.50");
const regionalDollars = (region: string) =>
  dollars.optional().meta({ title: `At most in ${region}`, description: `What ${region} may spend of it, in dollars.` });

/** When a budget starts anew, as it is said in the form; calendars are those of the time zone. */
const windows = {
  day: ({ timeZone }) => ({ kind: "calendar", unit: "day", timeZone }),
  week: ({ timeZone }) => ({ kind: "calendar", unit: "week", timeZone }),
  month: ({ timeZone }) => ({ kind: "calendar", unit: "month", timeZone }),
  hour: () => ({ kind: "clock", unit: "hour" }),
  minute: () => ({ kind: "clock", unit: "minute" }),
  "any 24 hours": () => ({ kind: "rolling", unit: "hour", count: 24 }),
  "any 7 days": () => ({ kind: "rolling", unit: "day", count: 7 }),
  "any 30 days": () => ({ kind: "rolling", unit: "day", count: 30 }),
  ever: () => ({ kind: "never" }),
} as const satisfies Readonly<Record<string, (zone: { readonly timeZone: string }) => WindowBody>>;
const windowNames = ["day", "week", "month", "hour", "minute", "any 24 hours", "any 7 days", "any 30 days", "ever"] as const;
/** A window that the form has no word for, as it was set elsewhere. */
const asItIs = "as it is";

/** What the form asks for. */
export const budgetFormSchema = z.strictObject({
  ...placeFormFields,
  dollars: dollars.optional().meta({ description: "Over all regions, in dollars. Empty: the regions below have amounts of their own." }),
  "us-east": regionalDollars("us-east"),
  "us-west": regionalDollars("us-west"),
  "eu-west": regionalDollars("eu-west"),
  per: z.enum([...windowNames, asItIs]).meta({ description: "When it starts anew." }),
  timeZone: z.string().trim().optional().meta({ description: "Whose days, weeks and months, such as Europe/Dublin. Empty: those of UTC." }),
  enforcement: z
    .enum(["hard", "soft"])
    .meta({ description: "hard: a call that might pass the amount is refused. soft: it is only counted." }),
  alerts: z
    .string()
    .trim()
    .optional()
    .meta({ description: "At which percentages of the amount an alert is raised, such as 50, 80, 100. Empty: none." }),
  whenTooLarge: z
    .enum(["refuse", "clamp"])
    .meta({ description: "What becomes of a call that fits only with fewer output tokens: clamp gives it fewer." }),
  streams: z.enum(["whole", "blocks"]).meta({
    description: "What a streamed answer reserves: the most that it can cost, or a block and more as it comes, cut where nothing is left.",
  }),
  whenUnpriced: z.enum(["refuse", "pass"]).meta({ description: "What becomes of a call of which nobody knows the most that it can cost." }),
  whenUnreachable: z.enum(["as usual", "closed", "open"]).meta({
    description: "What becomes of calls when no rights can be had: usually closed (refused) for a hard budget, open for a soft one.",
  }),
  ...selectorFormFields,
});
type BudgetForm = z.output<typeof budgetFormSchema>;

export const rareBudgetFields = ["timeZone", "alerts", "whenTooLarge", "streams", "whenUnpriced", "whenUnreachable", ...selectorFieldNames];

/** What stands in the form of a new budget. */
export const newBudgetHeld = { alerts: "50, 80, 100" } as const;

/** A form as the API takes it, all of it: what is left out would be set to what is usual. `standing`: the budget that is changed. */
export function budgetBody(form: BudgetForm, standing: BudgetAnswer | null): Required<BudgetBody> {
  const { name, dollars: total, per, enforcement, alerts, whenTooLarge, streams, whenUnpriced, whenUnreachable } = form;
  const regional = regionSchema.options.flatMap((region): [string, number][] => {
    const amount = form[region];
    return amount === undefined ? [] : [[region, nanoUsdOf(amount)]];
  });
  return {
    name,
    ...placeBody(form),
    amount: { totalNanoUsd: total === undefined ? null : nanoUsdOf(total), perRegionNanoUsd: Object.fromEntries(regional) },
    window: windowBody(per, form.timeZone ?? "UTC", standing),
    enforcement,
    alertThresholds: partsOf(alerts ?? ""),
    whenTooLarge,
    streams,
    whenUnpriced,
    whenUnreachable: whenUnreachable === "as usual" ? null : whenUnreachable,
  };
}

/** What stands in the form of a budget that is changed. */
export function budgetHeld(budget: BudgetAnswer): Readonly<Record<string, unknown>> {
  const { name, amount, window: span, enforcement, alertThresholds, whenTooLarge, streams, whenUnpriced, whenUnreachable } = budget;
  const regional = Object.entries(amount.perRegionNanoUsd).map(([region, nanoUsd]): [string, string] => [region, dollarsOf(nanoUsd)]);
  const timeZone = span.kind === "calendar" ? span.timeZone : "UTC";
  const written = JSON.stringify(span);
  return {
    name,
    ...placeHeld(budget),
    ...Object.fromEntries(regional),
    dollars: amount.totalNanoUsd === null ? "" : dollarsOf(amount.totalNanoUsd),
    per: windowNames.find((each) => JSON.stringify(windows[each]({ timeZone })) === written) ?? asItIs,
    timeZone: timeZone === "UTC" ? "" : timeZone,
    enforcement,
    alerts: alertThresholds.map((part) => String(Number((100 * part).toFixed(6)))).join(", "),
    whenTooLarge,
    streams,
    whenUnpriced,
    whenUnreachable: whenUnreachable ?? "as usual",
  };
}

/** The field of the form in which a parameter of the API is asked for. */
export function budgetFieldOf(param: string): string | null {
  const [, region] = /^amount\.perRegionNanoUsd\.(.+)$/.exec(param) ?? [];
  if (region !== undefined) return region;
  if (param.startsWith("amount")) return "dollars";
  if (param.startsWith("window")) return param.endsWith("timeZone") ? "timeZone" : "per";
  if (param.startsWith("alertThresholds")) return "alerts";
  return placeFieldOf(param) ?? param;
}

function windowBody(per: BudgetForm["per"], timeZone: string, standing: BudgetAnswer | null): WindowBody {
  if (per !== asItIs) return windows[per]({ timeZone });
  return standing?.window ?? windows.day({ timeZone });
}

/** `50, 80` are 0.5 and 0.8; what is no number the API refuses. */
function partsOf(percentages: string): number[] {
  return percentages
    .split(/[\s,;%]+/)
    .filter((each) => each !== "")
    .map((each) => Number(`${each}e-2`));
}

/** Exact: decimal text is not put through floating point. */
export function nanoUsdOf(amount: string): number {
  const [whole = "0", fraction = ""] = amount.replace("$", "").split(".");
  return Number(BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0")));
}

/** What `nanoUsdOf` reads, without zeros that say nothing. */
export function dollarsOf(nanoUsd: number): string {
  const nano = BigInt(nanoUsd);
  const fraction = (nano % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${nano / 1_000_000_000n}${fraction === "" ? "" : `.${fraction.padEnd(2, "0")}`}`;
}
