import { describe, test } from "vitest";
import { budgetSchema, createBudget, putBudget } from "#core/contracts/api/budgets.ts";
import { initialValues, readForm, schemaFields } from "../forms/schema-fields.ts";
import { budgetBody, budgetFieldOf, budgetFormSchema, budgetHeld, dollarsOf, nanoUsdOf, newBudgetHeld } from "./budget-form.ts";

const fields = schemaFields(budgetFormSchema);
const stored = (setting: object) =>
  budgetSchema.parse({
    limitId: "019a0000-0000-7000-8000-000000000001",
    ...createBudget.body.parse({ name: "b", subject: { kind: "organization" }, window: { kind: "never" }, ...setting }),
    version: 1,
    createdAtMs: 0,
  });

/** What the API is sent when the form holds this, and `typed` on top. */
function sent(
  held: Readonly<Record<string, unknown>>,
  typed: Readonly<Record<string, string>>,
  standing: ReturnType<typeof stored> | null,
) {
  const outcome = readForm(budgetFormSchema, fields, { ...initialValues(fields, held), ...typed });
  if (outcome.kind === "invalid") throw new Error(JSON.stringify(outcome.faults));
  return budgetBody(outcome.value, standing);
}

describe("the form of a budget", () => {
  test("says a budget that the API takes, exact to the nano-dollar", ({ expect }) => {
    const body = sent(newBudgetHeld, { name: "Europe", counts: "keys", dollars: "25.000000001", per: "month", "eu-west": "0.1" }, null);
    expect(createBudget.body.parse(body)).toMatchObject({
      name: "Europe",
      subject: { kind: "key", id: null },
      amount: { totalNanoUsd: 25_000_000_001, perRegionNanoUsd: { "eu-west": 100_000_000 } },
      window: { kind: "calendar", unit: "month", timeZone: "UTC" },
      enforcement: "hard",
      alertThresholds: [0.5, 0.8, 1],
    });
    expect([nanoUsdOf("$0.3"), nanoUsdOf("1234567.123456789")]).toEqual([300_000_000, 1_234_567_123_456_789]);
    expect([20_000_000_000, 500_000_000, 1].map(dollarsOf)).toEqual(["20", "0.50", "0.000000001"]);
  });

  test.for([
    ["an amount for one region alone", { amount: { perRegionNanoUsd: { "us-east": 5 } } }],
    ["the calendar of a place", { amount: { totalNanoUsd: 1 }, window: { kind: "calendar", unit: "week", timeZone: "Europe/Dublin" } }],
    ["a window that it has no word for", { amount: { totalNanoUsd: 1 }, window: { kind: "rolling", unit: "hour", count: 5 } }],
    ["no alerts", { amount: { totalNanoUsd: 1 }, alertThresholds: [] }],
    ["uneven alerts", { amount: { totalNanoUsd: 1 }, alertThresholds: [0.07, 0.333, 1] }],
    [
      "all that can be said",
      {
        subject: { kind: "user", id: "ann" },
        selector: { model: "gpt-*", provider: "openai", region: "eu-west", tag: "batch" },
        amount: { totalNanoUsd: 7 },
        enforcement: "soft",
        whenTooLarge: "clamp",
        streams: "blocks",
        whenUnpriced: "pass",
        whenUnreachable: "open",
      },
    ],
  ] as const)("changes nothing of %s that is not changed in it", ([, setting], { expect }) => {
    const standing = stored(setting);
    const kept = putBudget.body.parse(sent(budgetHeld(standing), {}, standing));
    const { limitId, version, createdAtMs } = standing;
    expect({ ...kept, limitId, version, createdAtMs }).toEqual(standing);
  });

  test("has a field for each parameter that the API may complain of", ({ expect }) => {
    const params = [
      "name",
      "subject",
      "subject.id",
      "selector.model",
      "selector.region",
      "amount.totalNanoUsd",
      "amount.perRegionNanoUsd.eu-west",
      "window.timeZone",
      "window.count",
      "alertThresholds.1",
      "whenTooLarge",
    ];
    const names = fields.map(({ name }) => name);
    expect(params.map(budgetFieldOf).filter((name) => name === null || !names.includes(name))).toEqual([]);
  });
});
