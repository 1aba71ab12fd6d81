/** The most that a model writes, in tokens; of two that fit, the first counts. */
const maxima: readonly (readonly [prefix: string, tokens: number])[] = [
  ["claude-3-5", 8_192],
  ["claude-3-7", 64_000],
  ["claude-3-", 4_096],
  ["claude-opus-4-5", 64_000],
  ["claude-opus-4-6", 128_000],
  ["claude-opus-4-7", 128_000],
  ["claude-opus-4-8", 128_000],
  ["claude-opus-4", 32_000],
  ["claude-opus-", 128_000],
  ["claude-sonnet-4-6", 128_000],
  ["claude-sonnet-4", 64_000],
  ["claude-sonnet-", 128_000],
  ["claude-haiku-4", 64_000],
  ["claude-haiku-", 128_000],
  ["claude-fable-", 128_000],
  ["claude-mythos-", 128_000],
];

/** Of a model that is not known. */
const otherwiseTokens = 64_000;

/**
 * What a request asks for where its caller set no limit: all that the model can write, as this dialect has no request
 * without a limit. `model`: also with a vendor before it and dots in its version, as resellers write it.
 */
export function outputTokensMax(model: string): number {
  const name = model.slice(Math.max(0, model.indexOf("claude-"))).replaceAll(".", "-");
  return maxima.find(([prefix]) => name.startsWith(prefix))?.[1] ?? otherwiseTokens;
}
