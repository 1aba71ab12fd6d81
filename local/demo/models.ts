import type { PricedRates } from "#core/contracts/cost.ts";

/** The API that a model is called by. */
export type Api = "chat" | "messages" | "embedding";

/** A model, what it costs and how fast it is. */
export interface Model {
  readonly provider: string;
  readonly name: string;
  /** As its provider calls the one that answered. */
  readonly served: string;
  readonly api: Api;
  readonly url: string;
  /** Half of its calls give their first token sooner. */
  readonly ttftMs: number;
  readonly outputTokensPerSecond: number;
  /** Half of its answers think less. */
  readonly reasoningTokens: number;
  readonly priced: PricedRates;
}

interface Prices {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** Dollars for a million tokens, as providers publish them. */
function priced({ input, cached, cacheWrite, output }: Prices): PricedRates {
  const rate = (usdPerMillion: number): number => Math.round(usdPerMillion * 1e6);
  const ratesNanoUsdPerThousand = {
    inputTokens: rate(input),
    inputCachedTokens: rate(cached),
    cacheWriteTokens: rate(cacheWrite),
    cacheWriteHourTokens: rate(cacheWrite),
    inputAudioTokens: null,
    inputImageTokens: null,
    outputTokens: rate(output),
    reasoningTokens: rate(output),
    outputAudioTokens: null,
  };
  return { source: "price-book", priceVersion: "demo@1", requestNanoUsd: 0, tiers: [{ fromInputTokens: 0, ratesNanoUsdPerThousand }] };
}

const openai = { provider: "openai", api: "chat", url: "https://api.openai.com/v1/chat/completions" } as const;
const anthropic = { provider: "anthropic", api: "messages", url: "https://api.anthropic.com/v1/messages", reasoningTokens: 0 } as const;

export const models = {
  gpt5: {
    ...openai,
    name: "gpt-5",
    served: "gpt-5-2025-08-07",
    ttftMs: 1_900,
    outputTokensPerSecond: 70,
    reasoningTokens: 320,
    priced: priced({ input: 1.25, cached: 0.125, cacheWrite: 1.25, output: 10 }),
  },
  gpt5Mini: {
    ...openai,
    name: "gpt-5-mini",
    served: "gpt-5-mini-2025-08-07",
    ttftMs: 900,
    outputTokensPerSecond: 120,
    reasoningTokens: 128,
    priced: priced({ input: 0.25, cached: 0.025, cacheWrite: 0.25, output: 2 }),
  },
  gpt4o: {
    ...openai,
    name: "gpt-4o",
    served: "gpt-4o-2024-08-06",
    ttftMs: 520,
    outputTokensPerSecond: 85,
    reasoningTokens: 0,
    priced: priced({ input: 2.5, cached: 1.25, cacheWrite: 2.5, output: 10 }),
  },
  gpt4oMini: {
    ...openai,
    name: "gpt-4o-mini",
    served: "gpt-4o-mini-2024-07-18",
    ttftMs: 430,
    outputTokensPerSecond: 95,
    reasoningTokens: 0,
    priced: priced({ input: 0.15, cached: 0.075, cacheWrite: 0.15, output: 0.6 }),
  },
  sonnet: {
    ...anthropic,
    name: "claude-sonnet-4-5",
    served: "claude-sonnet-4-5-20250929",
    ttftMs: 1_100,
    outputTokensPerSecond: 68,
    priced: priced({ input: 3, cached: 0.3, cacheWrite: 3.75, output: 15 }),
  },
  haiku: {
    ...anthropic,
    name: "claude-haiku-4-5",
    served: "claude-haiku-4-5-20251001",
    ttftMs: 520,
    outputTokensPerSecond: 140,
    priced: priced({ input: 1, cached: 0.1, cacheWrite: 1.25, output: 5 }),
  },
  geminiFlash: {
    provider: "google",
    name: "google/gemini-2.5-flash",
    served: "gemini-2.5-flash",
    api: "chat",
    url: "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
    ttftMs: 610,
    outputTokensPerSecond: 180,
    reasoningTokens: 0,
    priced: priced({ input: 0.3, cached: 0.03, cacheWrite: 0.3, output: 2.5 }),
  },
  mistralSmall: {
    provider: "mistral",
    name: "mistral/mistral-small-latest",
    served: "mistral-small-2506",
    api: "chat",
    url: "https://api.mistral.ai/v1/chat/completions",
    ttftMs: 380,
    outputTokensPerSecond: 110,
    reasoningTokens: 0,
    priced: priced({ input: 0.1, cached: 0.1, cacheWrite: 0.1, output: 0.3 }),
  },
  embeddingSmall: {
    ...openai,
    name: "text-embedding-3-small",
    served: "text-embedding-3-small",
    api: "embedding",
    url: "https://api.openai.com/v1/embeddings",
    ttftMs: 140,
    outputTokensPerSecond: 1e9,
    reasoningTokens: 0,
    priced: priced({ input: 0.02, cached: 0.02, cacheWrite: 0.02, output: 0 }),
  },
} as const satisfies Record<string, Model>;
