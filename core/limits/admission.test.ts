import { describe, test } from "vitest";
import { keyIdSchema, organizationIdSchema, projectIdSchema } from "../contracts/id.ts";
import { keyLimitsSchema } from "../contracts/limits.ts";
import { nanoUsdSchema } from "../contracts/money.ts";
import { claimsOf, type CallBounds } from "./admission.ts";
import type { LimitedCall } from "./match.ts";

const call: LimitedCall = {
  organizationId: organizationIdSchema.parse("019a0000-0000-7000-8000-000000000001"),
  teamId: null,
  projectId: projectIdSchema.parse("019a0000-0000-7000-8000-000000000002"),
  keyId: keyIdSchema.parse("0123456789abcdef"),
  userId: "ann",
  provider: "openai",
  model: "gpt-4o-mini",
  region: "eu-west",
  tags: [],
};
const bounds: CallBounds = {
  worst: { nanoUsd: nanoUsdSchema.parse(70), inputNanoUsd: 10, outputNanoUsdPerThousand: 60 },
  block: null,
  tokens: 900,
  requestCountedBy: new Set(),
};

const ids = ["1", "2", "3", "4"].map((digit) => `019a0000-0000-7000-8000-00000000000${digit}`);
const everybody = { kind: "organization" };
const limits = keyLimitsSchema.parse({
  budgets: [
    {
      name: "all",
      id: ids[0],
      version: 3,
      subject: everybody,
      amount: { totalNanoUsd: 100, perRegionNanoUsd: { "eu-west": 40 } },
      window: { kind: "never" },
    },
  ],
  rateLimits: [
    { name: "requests", id: ids[1], version: 1, subject: everybody, measure: "requests", limit: 60, burst: 5 },
    { name: "tokens", id: ids[2], version: 1, subject: everybody, measure: "tokens", limit: 1_000, burst: 500 },
    { name: "slots", id: ids[3], version: 1, subject: { kind: "user", id: null }, measure: "concurrent", limit: 2 },
  ],
});

describe("claimsOf", () => {
  test("a call asks its budgets for what it can cost at most, a slot for one, requests for one, tokens for what fits at once", ({
    expect,
  }) => {
    const all = { counted: call.organizationId };
    expect(claimsOf(limits, call, bounds)).toEqual({
      kind: "claims",
      inBlocks: [],
      budgets: [
        {
          ...all,
          amount: 70,
          terms: {
            limitId: ids[0],
            version: 3,
            unit: "nano-usd",
            window: { kind: "never" },
            total: 100,
            perRegion: { "eu-west": 40 },
            isHard: true,
            alertThresholds: [0.5, 0.8, 1],
            whenUnreachable: "closed",
          },
        },
        {
          counted: "ann",
          amount: 1,
          terms: {
            limitId: ids[3],
            version: 1,
            unit: "calls",
            window: { kind: "never" },
            total: 2,
            perRegion: {},
            isHard: true,
            whenUnreachable: "open",
          },
        },
      ],
      rates: [
        {
          ...all,
          amount: 1,
          terms: {
            limitId: ids[1],
            version: 1,
            unit: "requests",
            rate: { limit: 60, periodMs: 60_000, burst: 5 },
            whenUnreachable: "open",
          },
        },
        {
          ...all,
          amount: 500,
          terms: {
            limitId: ids[2],
            version: 1,
            unit: "tokens",
            rate: { limit: 1_000, periodMs: 60_000, burst: 500 },
            whenUnreachable: "open",
          },
        },
      ],
    });
  });

  test("a retry is no new request where it was counted, and one where it was not", ({ expect }) => {
    const unitsOf = (...countedBy: readonly string[]) => {
      const claims = claimsOf(limits, call, { ...bounds, requestCountedBy: new Set(countedBy) });
      return claims.kind === "claims" && claims.rates.map(({ terms }) => terms.unit);
    };
    expect(unitsOf(`${ids[1]}/${call.organizationId}`)).toEqual(["tokens"]);
    expect(unitsOf(`${ids[0]}/${call.organizationId}`)).toEqual(["requests", "tokens"]);
  });

  test("a call that nobody can bound is refused by the budget that says so, and passes one that lets it", ({ expect }) => {
    const unknown = { ...bounds, worst: null };
    const [budget] = limits.budgets;
    if (budget === undefined) throw new Error("there is a budget");
    expect(claimsOf(limits, call, unknown)).toEqual({ kind: "unpriced", budget });
    const passing = { budgets: [{ ...budget, whenUnpriced: "pass" as const }], rateLimits: [] };
    expect(claimsOf(passing, call, unknown)).toEqual({ kind: "claims", budgets: [], inBlocks: [], rates: [] });
  });

  test("a stream asks the budgets that let it for its first block, and all others for all that it can cost", ({ expect }) => {
    const block = { nanoUsd: nanoUsdSchema.parse(30), inputNanoUsd: 10, outputNanoUsdPerThousand: 60 };
    const [budget] = limits.budgets;
    if (budget === undefined) throw new Error("there is one");
    const two = { budgets: [budget, { ...budget, id: limits.rateLimits[0]?.id ?? budget.id, streams: "blocks" as const }], rateLimits: [] };
    const claims = claimsOf(two, call, { ...bounds, block });
    if (claims.kind !== "claims") throw new Error("its price is known");
    expect([claims.budgets.map(({ amount }) => amount), claims.inBlocks]).toEqual([[70, 30], [claims.budgets[1]]]);
    expect(claimsOf(two, call, bounds)).toMatchObject({ inBlocks: [], budgets: [{ amount: 70 }, { amount: 70 }] });
  });
});
