import * as z from "zod";
import { budgetDifferenceNames, budgetDifferences } from "../budget-difference.ts";
import { organizationIdSchema, projectIdSchema } from "../id.ts";
import { limitIdSchema } from "../limits.ts";
import { regionSchema } from "../region.ts";
import type { Endpoint } from "./endpoint.ts";
import { wholeNumber } from "./range.ts";

const amount = z.int();
const presumed = amount.meta({
  description: "What of that no call was said to have cost: reserves of calls that were cut, and rights that died with their holder.",
});

const regionLedgerSchema = z.strictObject({
  region: regionSchema,
  limitNanoUsd: amount.nullable().meta({ description: "The most that may be out in this region; `null`: what the budget leaves." }),
  grantedNanoUsd: amount.meta({ description: "Granted to the region, and not given back." }),
  spentNanoUsd: amount,
  presumedNanoUsd: presumed,
  reservedNanoUsd: amount.meta({ description: "Of calls under way." }),
  inHandNanoUsd: amount.meta({ description: "Granted, and neither spent nor reserved." }),
  debtNanoUsd: amount.meta({
    description: "Spent beyond what was granted: a provider billed more than its calls could cost, or the budget is soft.",
  }),
});

const causeSchema = z.enum(budgetDifferenceNames).meta({
  description: budgetDifferenceNames.map((name) => `\`${name}\`: ${budgetDifferences[name]}`).join(" "),
});

const differingCallSchema = z.strictObject({
  projectId: projectIdSchema,
  traceId: z.string(),
  spanId: z.string(),
  region: regionSchema,
  costNanoUsd: amount.nullable().meta({ description: "As it is recorded; `null`: not known." }),
  settledNanoUsd: amount.meta({ description: "What the budget counted for it." }),
  cause: z.enum(["presumed", "attempts"]),
});

export const budgetLedgerSchema = z
  .strictObject({
    window: z.strictObject({ startMs: z.number(), endMs: z.number().nullable().meta({ description: "`null`: it never ends." }) }),
    accounts: z.int().meta({ description: "How many the budget counts, each by itself: their money is told together." }),
    limitNanoUsd: amount.meta({ description: "Of each." }),
    spentNanoUsd: amount,
    presumedNanoUsd: presumed,
    reservedNanoUsd: amount,
    regions: z.array(regionLedgerSchema),
    reconciliation: z.strictObject({
      recordedNanoUsd: amount.meta({ description: "What the recorded calls cost that were counted by this budget in this window." }),
      recordedCalls: z.int(),
      differenceNanoUsd: amount.meta({ description: "What is spent less what is recorded." }),
      differences: z
        .array(z.strictObject({ region: regionSchema, cause: causeSchema, amountNanoUsd: amount }))
        .meta({ description: "Why they differ: together exactly `differenceNanoUsd`." }),
      calls: z.array(differingCallSchema).meta({ description: "Those that differ most, at most 100." }),
    }),
  })
  .meta({
    id: "BudgetLedger",
    description: "Where a budget's money went in one window, and whether the records of its calls say the same.",
  });
export type BudgetLedger = z.infer<typeof budgetLedgerSchema>;

export const getBudgetLedger = {
  method: "GET",
  path: "/api/organizations/{organizationId}/budgets/{limitId}/ledger",
  summary: "What of a budget was granted, spent and reserved in a window, reconciled with the recorded calls to the nano-dollar",
  group: "limits",
  scope: "admin",
  params: z.strictObject({ organizationId: organizationIdSchema, limitId: limitIdSchema }),
  query: z.strictObject({
    atMs: wholeNumber
      .optional()
      .meta({ description: "A moment in the window, in epoch milliseconds; now, where left out. Windows are kept for 400 days." }),
  }),
  body: null,
  output: budgetLedgerSchema,
} as const satisfies Endpoint;
