import type { DialectName } from "../dialects/dialect.ts";

/** A provider: where it is, what it speaks, and in what it differs from those that speak the same. */
export interface ProviderRow {
  readonly displayName: string;
  /** A dialect's path (`dialectPaths`) follows it. */
  readonly baseUrl: string;
  /** `<prefix>_API_KEY` and `<prefix>_BASE_URL` are its variables. */
  readonly variablePrefix: string;
  /** Its id in the price book; `null` where the book does not know it. */
  readonly priceBookId: string | null;
  /** The first is used where a call came in another one. Absent: chat completions alone. */
  readonly dialects?: readonly [DialectName, ...DialectName[]];
  /** It tells a stream's usage unasked, and refuses a request that asks for it. */
  readonly refusesUsageRequest?: true;
  /** Its whole streams end without OpenAI's end mark. */
  readonly endsUnmarked?: true;
}

/** The providers, by the name that stands before the slash in `provider/model`. */
export const providers = {
  openai: {
    displayName: "OpenAI",
    baseUrl: "https://api.openai.com/v1",
    variablePrefix: "OPENAI",
    priceBookId: "openai",
    dialects: ["chat", "responses"],
  },
  anthropic: {
    displayName: "Anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    variablePrefix: "ANTHROPIC",
    priceBookId: "anthropic",
    dialects: ["messages"],
  },
  google: {
    displayName: "Google Gemini",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    variablePrefix: "GEMINI",
    priceBookId: "google",
  },
  mistral: {
    displayName: "Mistral",
    baseUrl: "https://api.mistral.ai/v1",
    variablePrefix: "MISTRAL",
    priceBookId: "mistral",
    refusesUsageRequest: true,
  },
  deepseek: { displayName: "DeepSeek", baseUrl: "https://api.deepseek.com/v1", variablePrefix: "DEEPSEEK", priceBookId: "deepseek" },
  xai: { displayName: "xAI", baseUrl: "https://api.x.ai/v1", variablePrefix: "XAI", priceBookId: "x-ai" },
  groq: { displayName: "Groq", baseUrl: "https://api.groq.com/openai/v1", variablePrefix: "GROQ", priceBookId: "groq" },
  openrouter: {
    displayName: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    variablePrefix: "OPENROUTER",
    priceBookId: "openrouter",
  },
  together: { displayName: "Together AI", baseUrl: "https://api.together.xyz/v1", variablePrefix: "TOGETHER", priceBookId: "together" },
  fireworks: {
    displayName: "Fireworks AI",
    baseUrl: "https://api.fireworks.ai/inference/v1",
    variablePrefix: "FIREWORKS",
    priceBookId: "fireworks",
  },
  cerebras: { displayName: "Cerebras", baseUrl: "https://api.cerebras.ai/v1", variablePrefix: "CEREBRAS", priceBookId: "cerebras" },
  perplexity: {
    displayName: "Perplexity",
    baseUrl: "https://api.perplexity.ai",
    variablePrefix: "PERPLEXITY",
    priceBookId: "perplexity",
    endsUnmarked: true,
  },
  moonshot: { displayName: "Moonshot AI", baseUrl: "https://api.moonshot.ai/v1", variablePrefix: "MOONSHOT", priceBookId: "moonshotai" },
} as const satisfies Record<string, ProviderRow>;

export type ProviderName = keyof typeof providers;

export const providerNames = Object.keys(providers);

const rows = new Map<string, ProviderRow>(Object.entries(providers));

/** The row of a provider; `null` for one that is only known by a stored or configured base URL. */
export function providerRow(name: string): ProviderRow | null {
  return rows.get(name) ?? null;
}

/** The name's variables: a provider outside the table has them too, so that any base URL can be configured. */
export function variablePrefix(name: string): string {
  return providerRow(name)?.variablePrefix ?? name.toUpperCase().replaceAll("-", "_");
}

const chatAlone = ["chat"] as const;

/** What a provider speaks; one outside the table speaks chat completions. */
export function dialectsOf(name: string): readonly [DialectName, ...DialectName[]] {
  return providerRow(name)?.dialects ?? chatAlone;
}
