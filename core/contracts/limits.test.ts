import { describe, test } from "vitest";
import { budgetSettingSchema, placeOf, rateLimitSettingSchema, whenUnreachableOf } from "./limits.ts";

const budget = {
  name: "Europe",
  subject: { kind: "organization" },
  amount: { totalNanoUsd: 20e9, perRegionNanoUsd: { "eu-west": 5e9 } },
  window: { kind: "calendar", unit: "day", timeZone: "Europe/Dublin" },
};
const rateLimit = { name: "keys", subject: { kind: "key", id: null }, measure: "requests", limit: 60 };

/** The fields at fault. */
function faults(schema: typeof budgetSettingSchema | typeof rateLimitSettingSchema, value: unknown): string[] {
  return (schema.safeParse(value).error?.issues ?? []).map(({ path, code, ...issue }) =>
    [...path, ...(code === "unrecognized_keys" && "keys" in issue ? [String(issue.keys)] : [])].join("."),
  );
}

describe("a budget's setting", () => {
  test("$5 a day for one region and $20 over all of them, with what is usual", ({ expect }) => {
    expect(budgetSettingSchema.parse(budget)).toEqual({
      ...budget,
      selector: { model: null, provider: null, region: null, tag: null },
      enforcement: "hard",
      alertThresholds: [0.5, 0.8, 1],
      whenUnreachable: null,
      whenTooLarge: "refuse",
      streams: "whole",
      whenUnpriced: "refuse",
    });
    const reached = (change: object) => whenUnreachableOf(budgetSettingSchema.parse({ ...budget, ...change }));
    expect([reached({}), reached({ enforcement: "soft" }), reached({ whenUnreachable: "open" })]).toEqual(["closed", "open", "open"]);
  });

  test.for([
    ["a negative amount", { amount: { totalNanoUsd: -1 } }, "amount.totalNanoUsd"],
    ["no number", { amount: { totalNanoUsd: Number.NaN } }, "amount.totalNanoUsd"],
    ["a part of a nano-dollar", { amount: { totalNanoUsd: 0.5 } }, "amount.totalNanoUsd"],
    ["an absurd amount", { amount: { totalNanoUsd: 6e15 } }, "amount.totalNanoUsd"],
    ["no amount", { amount: {} }, "amount.totalNanoUsd"],
    [
      "more for a region than for all",
      { amount: { totalNanoUsd: 1, perRegionNanoUsd: { "eu-west": 2 } } },
      "amount.perRegionNanoUsd.eu-west",
    ],
    [
      "a region that does not exist",
      { amount: { totalNanoUsd: 3, perRegionNanoUsd: { "eu-north": 2 } } },
      "amount.perRegionNanoUsd.eu-north",
    ],
    ["a selector of a region that does not exist", { selector: { region: "mars" } }, "selector.region"],
    ["a region twice over", { selector: { region: "eu-west" } }, "amount.perRegionNanoUsd"],
    ["a window of zero", { window: { kind: "rolling", unit: "hour", count: 0 } }, "window.count"],
    ["an unknown window", { window: { kind: "sometimes" } }, "window.kind"],
    ["an unknown time zone", { window: { kind: "calendar", unit: "day", timeZone: "Europe/Atlantis" } }, "window.timeZone"],
    ["an offset for a time zone", { window: { kind: "calendar", unit: "day", timeZone: "+01:00" } }, "window.timeZone"],
    ["a threshold beyond all of it", { alertThresholds: [1.5] }, "alertThresholds.0"],
    ["a threshold twice", { alertThresholds: [0.5, 0.5] }, "alertThresholds"],
    ["an empty user", { subject: { kind: "user", id: "" } }, "subject.id"],
    ["a key that can be none", { subject: { kind: "key", id: "xyz" } }, "subject.id"],
    ["a field that nobody knows", { hard: true }, "hard"],
  ] as const)("%s is refused by the field's name", ([, change, field], { expect }) => {
    expect(faults(budgetSettingSchema, { ...budget, ...change })).toEqual([field]);
  });
});

describe("a rate limit's setting", () => {
  test("60 requests a minute for each key", ({ expect }) => {
    expect(rateLimitSettingSchema.parse(rateLimit)).toEqual({
      ...rateLimit,
      selector: { model: null, provider: null, region: null, tag: null },
      whenUnreachable: "open",
    });
  });

  test.for([
    ["a limit of zero", { limit: 0 }, "limit"],
    ["no number", { limit: Number.NaN }, "limit"],
    ["an absurd limit", { limit: 1e12 }, "limit"],
    ["a burst beyond the limit", { burst: 61 }, "burst"],
    ["a burst of calls under way", { measure: "concurrent", burst: 1 }, "burst"],
    ["an unknown measure", { measure: "images" }, "measure"],
  ] as const)("%s is refused by the field's name", ([, change, field], { expect }) => {
    expect(faults(rateLimitSettingSchema, { ...rateLimit, ...change })).toEqual([field]);
  });
});

describe("placeOf", () => {
  test("two limits overlap where subject, selector, and window or measure are the same, whatever else differs", ({ expect }) => {
    const first = budgetSettingSchema.parse(budget);
    expect(placeOf(budgetSettingSchema.parse({ ...budget, name: "again", enforcement: "soft" }))).toBe(placeOf(first));
    expect(placeOf(budgetSettingSchema.parse({ ...budget, window: { kind: "never" } }))).not.toBe(placeOf(first));
    expect(placeOf(budgetSettingSchema.parse({ ...budget, selector: { tag: "x" } }))).not.toBe(placeOf(first));
    const rate = rateLimitSettingSchema.parse(rateLimit);
    expect(placeOf(rateLimitSettingSchema.parse({ ...rateLimit, limit: 5 }))).toBe(placeOf(rate));
    expect(placeOf(rateLimitSettingSchema.parse({ ...rateLimit, measure: "tokens" }))).not.toBe(placeOf(rate));
  });
});
