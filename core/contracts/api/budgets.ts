import * as z from "zod";
import { organizationIdSchema } from "../id.ts";
import { budgetFields, budgetSettingSchema, limitIdSchema } from "../limits.ts";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";
import { nextCursorSchema, pageQuerySchema } from "./page.ts";
import { wholeNumber } from "./range.ts";

export const budgetSchema = z
  .strictObject({
    limitId: limitIdSchema,
    ...budgetFields,
    version: z.int().meta({ description: "Rises with every change." }),
    createdAtMs: z.number(),
  })
  .meta({ id: "Budget", description: "What may be spent in a window, by whom, and where." });

export type BudgetAnswer = z.infer<typeof budgetSchema>;

const params = z.strictObject({ organizationId: organizationIdSchema });
const budgetParams = params.extend({ limitId: limitIdSchema });

const body = budgetSettingSchema.meta({
  examples: [
    {
      name: "Europe, and all",
      subject: { kind: "organization" },
      amount: { totalNanoUsd: 20_000_000_000, perRegionNanoUsd: { "eu-west": 5_000_000_000 } },
      window: { kind: "calendar", unit: "day", timeZone: "UTC" },
    },
  ],
});

export const createBudget = {
  method: "POST",
  path: "/api/organizations/{organizationId}/budgets",
  summary: "Set a budget; every region knows it within 5 seconds",
  group: "limits",
  scope: "admin",
  params,
  query: z.strictObject({}),
  body,
  output: budgetSchema,
  creates: true,
} as const satisfies Endpoint;

export const listBudgets = {
  method: "GET",
  path: "/api/organizations/{organizationId}/budgets",
  summary: "Budgets of an organization, newest first",
  group: "limits",
  scope: "admin",
  params,
  query: pageQuerySchema,
  body: null,
  output: z.strictObject({ budgets: z.array(budgetSchema), nextCursor: nextCursorSchema }),
} as const satisfies Endpoint;

export const getBudget = {
  method: "GET",
  path: "/api/organizations/{organizationId}/budgets/{limitId}",
  summary: "A budget",
  group: "limits",
  scope: "admin",
  params: budgetParams,
  query: z.strictObject({}),
  body: null,
  output: budgetSchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const putBudget = {
  method: "PUT",
  path: "/api/organizations/{organizationId}/budgets/{limitId}",
  summary: "Change a budget; every region keeps to it within 5 seconds",
  group: "limits",
  scope: "admin",
  params: budgetParams,
  query: z.strictObject({}),
  body,
  output: budgetSchema,
  hasVersion: true,
} as const satisfies Endpoint;

export const deleteBudget = {
  method: "DELETE",
  path: "/api/organizations/{organizationId}/budgets/{limitId}",
  summary: "Remove a budget; within 5 seconds no region asks it any more",
  group: "limits",
  scope: "admin",
  params: budgetParams,
  query: z.strictObject({}),
  body: null,
  output: z.strictObject({ limitId: limitIdSchema }),
} as const satisfies Endpoint;

const amount = z.int();

/** What is known of a budget's money in one region. */
const regionStateSchema = z.strictObject({
  region: regionSchema,
  limitNanoUsd: amount.nullable().meta({ description: "The most that may be out in this region; `null`: what the budget leaves." }),
  spentNanoUsd: amount,
  reservedNanoUsd: amount.meta({ description: "Of calls under way." }),
  inHandNanoUsd: amount.meta({ description: "Granted to the region, and neither spent nor reserved there." }),
});

const usedUpAtMs = z.number().nullable();
const lasts = z.boolean();

const ifLimitSchema = z.strictObject({ limitNanoUsd: amount, leftNanoUsd: amount, usedUpAtMs, lasts });

export const budgetStateSchema = z
  .strictObject({
    counted: z.string().meta({ description: "The organization, team, project, key or user that is counted." }),
    window: z.strictObject({ startMs: z.number(), endMs: z.number().nullable().meta({ description: "`null`: it never ends." }) }),
    limitNanoUsd: amount,
    spentNanoUsd: amount,
    reservedNanoUsd: amount,
    leftNanoUsd: amount.meta({
      description: "The limit less what is spent and reserved; below 0 after it was lowered, or where it is soft.",
    }),
    usedUpAtMs: usedUpAtMs.meta({
      description:
        "When it is used up, if it is spent on as fast as in this window so far; `null`: not before it starts anew (`lasts`), or nobody can say (of a rolling window, and until 1 % of the window has passed since it began or the budget was made).",
    }),
    lasts: lasts.meta({
      description: "Whether it is not used up before it starts anew, if it is spent on so; `false` also where nobody can say.",
    }),
    ifLimit: ifLimitSchema.nullable().meta({ description: "How it would stand with the limit that was asked for; `null`: none was." }),
    regions: z.array(regionStateSchema),
  })
  .meta({ id: "BudgetState", description: "Where a budget's money is, in its present window." });
export type BudgetState = z.infer<typeof budgetStateSchema>;

export const getBudgetState = {
  method: "GET",
  path: "/api/organizations/{organizationId}/budgets/{limitId}/state",
  summary:
    "What of a budget is spent, reserved, in hand of each region, and left, for all that it counts in its present window, most spent first",
  group: "limits",
  scope: "admin",
  params: budgetParams,
  query: z.strictObject({
    ifLimitNanoUsd: wholeNumber.optional().meta({ description: "How would it stand with this limit? Nothing is changed." }),
  }),
  body: null,
  output: z.strictObject({ states: z.array(budgetStateSchema).meta({ description: "At most 100." }) }),
} as const satisfies Endpoint;
