import { outputTokensMax } from "../dialects/messages/output-tokens.ts";

/** What a model can read and write at most, in tokens; `outputTokens` `null`: not known. */
export interface ModelMaxima {
  readonly contextTokens: number;
  readonly outputTokens: number | null;
}

/** By the start of a model's name; of two that fit, the first counts. From the providers' own lists of models. */
const rows: readonly (readonly [prefix: string, contextTokens: number, outputTokens: number])[] = [
  ["gpt-3.5", 16_385, 4_096],
  ["gpt-4o", 128_000, 16_384],
  ["chatgpt-4o", 128_000, 16_384],
  ["gpt-4.1", 1_047_576, 32_768],
  ["gpt-4-turbo", 128_000, 4_096],
  ["gpt-4-32k", 32_768, 32_768],
  ["gpt-4-", 128_000, 8_192],
  ["gpt-4", 8_192, 8_192],
  ["gpt-5-chat", 400_000, 16_384],
  ["gpt-5-pro", 400_000, 272_000],
  ["gpt-5", 1_100_000, 128_000],
  ["o1-mini", 128_000, 65_536],
  ["o1", 200_000, 100_000],
  ["o3", 200_000, 100_000],
  ["o4", 200_000, 100_000],
  ["text-embedding-", 300_000, 0],
  ["gemini-2.0", 1_048_576, 8_192],
  ["gemini-2.5", 1_048_576, 65_536],
  ["deepseek-chat", 1_048_576, 65_536],
  ["deepseek-reasoner", 1_048_576, 65_536],
];

/** No model reads more than this. */
const contextTokensMax = 2_097_152;

export function maximaOf(model: string): ModelMaxima {
  const row = rows.find(([prefix]) => model.startsWith(prefix));
  if (row !== undefined) return { contextTokens: row[1], outputTokens: row[2] };
  if (model.includes("claude-")) return { contextTokens: 1_048_576, outputTokens: outputTokensMax(model) };
  return { contextTokens: contextTokensMax, outputTokens: null };
}

/** The most tokens that one image becomes, at its best resolution. */
const imageRows: readonly (readonly [prefix: string, tokens: number])[] = [
  // 2,833 and 5,667 for each of up to 8 tiles.
  ["gpt-4o-mini", 48_169],
  // 85 and 170 for each of up to 8 tiles, or 1,536 patches times 1.62.
  ["gpt-4", 4_000],
  // 10,000 patches times 2.46.
  ["gpt-", 24_600],
  ["claude-", 5_000],
];
const imageTokensMax = 24_600;

export function imageTokensOf(model: string): number {
  return imageRows.find(([prefix]) => model.startsWith(prefix))?.[1] ?? imageTokensMax;
}
