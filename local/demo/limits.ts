import type { CallInput } from "#core/contracts/api/client.ts";
import type { KeyId, ProjectId } from "#core/contracts/id.ts";
import type { AppName } from "./apps/apps.ts";

export type BudgetBody = CallInput<"createBudget">["body"];
export type RateLimitBody = CallInput<"createRateLimit">["body"];
export type PriceBody = CallInput<"putPriceOverride">["body"] & { readonly provider: string };

/** Whose limits they are. */
export interface Owners {
  readonly projectId: ProjectId;
  readonly keyIdOf: (app: AppName) => KeyId;
}

/** Which keys are counted together as a team's. */
export const teams = {
  support: "customers",
  coding: "engineering",
  knowledge: "customers",
  research: "engineering",
  extractor: "back office",
  summaries: "back office",
  indexer: "back office",
} as const satisfies Record<AppName, string>;

const usd = (dollars: number): number => Math.round(dollars * 1e9);
const month = { kind: "calendar", unit: "month" } as const;

/**
 * From the organization down to each user, in proportion to what the calls of `lanes.ts` cost: most with much left, some
 * past an alert, and one, of the agents, used up.
 */
export function demoBudgets({ projectId, keyIdOf }: Owners): readonly BudgetBody[] {
  return [
    {
      name: "Everything",
      subject: { kind: "organization" },
      amount: { totalNanoUsd: usd(20) },
      window: month,
      whenTooLarge: "clamp",
    },
    {
      name: "Europe",
      subject: { kind: "organization" },
      selector: { region: "eu-west" },
      amount: { totalNanoUsd: usd(0.35) },
      window: { kind: "calendar", unit: "day", timeZone: "Europe/Dublin" },
      enforcement: "soft",
    },
    {
      name: "Engineering",
      subject: { kind: "team", id: teams.coding },
      amount: { totalNanoUsd: usd(2.5) },
      window: month,
      enforcement: "soft",
    },
    {
      name: "Applications",
      subject: { kind: "project", id: projectId },
      amount: { totalNanoUsd: usd(15), perRegionNanoUsd: { "us-west": usd(5), "eu-west": usd(5) } },
      window: month,
      whenTooLarge: "clamp",
    },
    {
      name: "Support chat",
      subject: { kind: "key", id: keyIdOf("support") },
      amount: { totalNanoUsd: usd(1) },
      window: { kind: "calendar", unit: "day" },
      whenTooLarge: "clamp",
    },
    {
      name: "Coding assistant",
      subject: { kind: "key", id: keyIdOf("coding") },
      amount: { totalNanoUsd: usd(2) },
      window: { kind: "calendar", unit: "week" },
    },
    {
      name: "Research agents",
      subject: { kind: "key", id: keyIdOf("research") },
      amount: { totalNanoUsd: usd(1) },
      window: { kind: "rolling", unit: "day", count: 7 },
      alertThresholds: [0.5, 0.8, 0.9],
    },
    {
      name: "Each user",
      subject: { kind: "user", id: null },
      amount: { totalNanoUsd: usd(1) },
      window: { kind: "calendar", unit: "day" },
      alertThresholds: [0.8, 1],
    },
  ];
}

/** Wide enough for who tries the demo. */
export function demoRateLimits({ projectId, keyIdOf }: Owners): readonly RateLimitBody[] {
  return [
    { name: "Every key", subject: { kind: "key", id: null }, measure: "requests", limit: 1_200, burst: 200 },
    { name: "Every user", subject: { kind: "user", id: null }, measure: "requests", limit: 60 },
    {
      name: "Claude, all of us",
      subject: { kind: "organization" },
      selector: { provider: "anthropic" },
      measure: "tokens",
      limit: 20_000_000,
    },
    { name: "Applications", subject: { kind: "project", id: projectId }, measure: "requests", limit: 6_000, burst: 1_000 },
    { name: "Agents at once", subject: { kind: "key", id: keyIdOf("research") }, measure: "concurrent", limit: 8 },
  ];
}

/** What was agreed with providers, in nano-dollars for 1,000 tokens. */
export const demoPrices: readonly PriceBody[] = [
  { provider: "openai", model: "gpt-4o-mini", ratesNanoUsdPerThousand: { inputTokens: 120_000, outputTokens: 480_000 } },
  { provider: "mistral", model: "mistral-small-latest", ratesNanoUsdPerThousand: { inputTokens: 80_000, outputTokens: 240_000 } },
];
