import { test } from "vitest";
import { createBudget } from "#core/contracts/api/budgets.ts";
import { budgetOf, nanoUsdOf, newBudgetSchema } from "./new-budget.ts";

test("what the form says is a budget that the API takes, exact to the nano-dollar", ({ expect }) => {
  const form = newBudgetSchema.parse({
    name: "Europe",
    counts: "each key by itself",
    dollars: "25.000000001",
    per: "month",
    enforcement: "hard",
    euWest: "0.1",
  });
  const body = budgetOf(form);
  expect(body).toEqual({
    name: "Europe",
    subject: { kind: "key", id: null },
    amount: { totalNanoUsd: 25_000_000_001, perRegionNanoUsd: { "eu-west": 100_000_000 } },
    window: { kind: "calendar", unit: "month", timeZone: "UTC" },
    enforcement: "hard",
  });
  expect(createBudget.body.safeParse(body).success).toBe(true);
  expect([nanoUsdOf("$0.3"), nanoUsdOf("1234567.123456789")]).toEqual([300_000_000, 1_234_567_123_456_789]);
});
