import fc from "fast-check";
import { describe, test } from "vitest";
import { keyIdSchema, organizationIdSchema, projectIdSchema } from "../contracts/id.ts";
import { budgetSettingSchema, limitIdSchema, rateLimitSettingSchema, type Budget, type RateLimitPolicy } from "../contracts/limits.ts";
import { fitsPattern, matchLimits, totalOf, type LimitedCall } from "./match.ts";

const call: LimitedCall = {
  organizationId: organizationIdSchema.parse("019a0000-0000-7000-8000-000000000001"),
  teamId: "search",
  projectId: projectIdSchema.parse("019a0000-0000-7000-8000-000000000002"),
  keyId: keyIdSchema.parse("0123456789abcdef"),
  userId: "ann",
  provider: "openai",
  model: "gpt-4o-mini",
  region: "eu-west",
  tags: ["batch"],
};

let limits = 0;
const nextId = () => limitIdSchema.parse(`019a0000-0000-7000-8000-1000000000${String(++limits).padStart(2, "0")}`);

function budget(subject: object, change: object = {}): Budget {
  const setting = { name: "b", subject, amount: { totalNanoUsd: 100 }, window: { kind: "never" }, ...change };
  return { ...budgetSettingSchema.parse(setting), id: nextId() };
}

function rateLimit(subject: object, change: object = {}): RateLimitPolicy {
  return { ...rateLimitSettingSchema.parse({ name: "r", subject, measure: "requests", limit: 5, ...change }), id: nextId() };
}

const organization = { kind: "organization" };

describe("matchLimits", () => {
  test("all that hold, from the organisation down to the user, in whatever order they are given", ({ expect }) => {
    const all = [
      budget({ kind: "user", id: null }),
      budget({ kind: "key", id: call.keyId }),
      budget(organization),
      budget({ kind: "project", id: call.projectId }),
      budget({ kind: "team", id: "search" }),
      budget(organization, { selector: { tag: "batch" } }),
    ];
    const [user, key, root, project, team, batch] = all;
    const expected = [
      { limit: root, counted: call.organizationId },
      { limit: batch, counted: call.organizationId },
      { limit: team, counted: "search" },
      { limit: project, counted: call.projectId },
      { limit: key, counted: call.keyId },
      { limit: user, counted: "ann" },
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(matchLimits(shuffled, call)).toEqual(expected);
      }),
    );
  });

  test.for([
    ["the provider", { provider: "openai" }, { provider: "anthropic" }],
    ["the model", { model: "gpt-4o*" }, { model: "gpt-5*" }],
    ["the model with its provider", { model: "openai/gpt-*" }, { model: "anthropic/*" }],
    ["the region", { region: "eu-west" }, { region: "us-east" }],
    ["a tag", { tag: "batch" }, { tag: "live" }],
  ] as const)("a selector holds by %s", ([, held, other], { expect }) => {
    const fits = budget(organization, { selector: held });
    expect(matchLimits([fits, budget(organization, { selector: other })], call).map(({ limit }) => limit)).toEqual([fits]);
  });

  test("a limit for every user holds for each that is seen for the first time, and counts each by itself", ({ expect }) => {
    const each = rateLimit({ kind: "user", id: null });
    expect(matchLimits([each], { ...call, userId: "never seen" })).toEqual([{ limit: each, counted: "never seen" }]);
    expect(matchLimits([each], { ...call, userId: "" })).toEqual([]);
    // As no store takes them.
    expect(matchLimits([each], { ...call, userId: "a\0b\ud800" })).toEqual([{ limit: each, counted: "a\ufffdb\ufffd" }]);
    expect(matchLimits([rateLimit({ kind: "team", id: null })], { ...call, teamId: null })).toEqual([]);
  });

  test("a limit of one's own takes the place of the one for each, where all else is the same", ({ expect }) => {
    const each = budget({ kind: "user", id: null });
    const own = budget({ kind: "user", id: "ann" });
    const ownForBatch = budget({ kind: "user", id: "ann" }, { selector: { tag: "batch" } });
    expect(matchLimits([each, own], call).map(({ limit }) => limit)).toEqual([own]);
    expect(matchLimits([each, own], { ...call, userId: "bob" }).map(({ limit }) => limit)).toEqual([each]);
    expect(matchLimits([each, ownForBatch], call).map(({ limit }) => limit)).toEqual([each, ownForBatch]);
  });

  test("a budget of some regions says nothing of the others", ({ expect }) => {
    const regional = budget(organization, { amount: { perRegionNanoUsd: { "eu-west": 5, "us-east": 7 } } });
    expect(matchLimits([regional], call)).toHaveLength(1);
    expect(matchLimits([regional], { ...call, region: "us-west" })).toEqual([]);
    expect([totalOf(regional), totalOf(budget(organization))]).toEqual([12, 100]);
  });
});

describe("fitsPattern", () => {
  test("it fits what the same pattern as a regular expression fits", ({ expect }) => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-", ".") });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "."), minLength: 1 });
    fc.assert(
      fc.property(text, pattern, (name, glob) => {
        const pieces = glob.split("*").map((piece) => piece.replaceAll(".", "\\."));
        expect(fitsPattern(name, glob)).toBe(new RegExp(`^${pieces.join(".*")}$`).test(name));
      }),
      { numRuns: 1_000 },
    );
  });
});
