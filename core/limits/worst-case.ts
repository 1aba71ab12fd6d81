import type { PricedRates, Rates } from "../contracts/cost.ts";
import { isNanoUsd, type NanoUsd } from "../contracts/money.ts";
import { usageBuckets, type UsageBucket } from "../contracts/usage.ts";
import type { InputBound } from "./input-bound.ts";
import type { OutputBound } from "./output-bound.ts";

/** What a call can cost at most. */
export interface WorstCase {
  /** What is reserved for it. */
  readonly nanoUsd: NanoUsd;
  /** What of that its input and the provider's fee can cost, whatever is written. */
  readonly inputNanoUsd: number;
  /** Of 1,000 tokens of output. */
  readonly outputNanoUsdPerThousand: number;
}

/** Each bucket is rounded by itself. */
const roundingNanoUsd = usageBuckets.length;

/**
 * The most that a call can cost whose usage is within its bounds: all input in its dearest form (a cache write costs more than
 * plain input), all output in its dearest form, at the dearest tier that so much input can reach. For every such usage
 * `priceUsage` gives no more.
 *
 * @returns `null` where no price is known for what the call may use, or where it is no safe integer.
 */
export function worstCase(input: InputBound, output: OutputBound, priced: PricedRates): WorstCase | null {
  const reachable = priced.tiers.filter((tier, index) => index === 0 || tier.fromInputTokens <= input.tokens);
  const tiers = reachable.map(({ ratesNanoUsdPerThousand }) => ratesNanoUsdPerThousand);
  const inputRate = dearest(tiers, inputForms[input.cacheWrites]);
  const outputRate = dearest(tiers, output.hasAudio ? soundForms : textForms);
  const audioRate = dearest(tiers, ["inputAudioTokens"]);
  if (inputRate === null || (input.audioTokens > 0 && audioRate === null)) return null;
  const outputTokens = output.tokens * output.answers + output.extraTokens;
  if (outputTokens > 0 && (outputRate === null || (output.hasAudio && dearest(tiers, ["outputAudioTokens"]) === null))) return null;
  const audioPremium = Math.max(0, (audioRate ?? 0) - inputRate);
  const inputNanoUsd =
    priced.requestNanoUsd + Math.ceil((input.tokens * inputRate + input.audioTokens * audioPremium) / 1000) + roundingNanoUsd;
  const nanoUsd = inputNanoUsd + Math.ceil((outputTokens * (outputRate ?? 0)) / 1000);
  return isNanoUsd(nanoUsd) ? { nanoUsd, inputNanoUsd, outputNanoUsdPerThousand: outputRate ?? 0 } : null;
}

/** Providers' APIs take no smaller cap (OpenAI's Responses API), and a shorter answer is of no use. */
const outputTokensMin = 16;

/**
 * What each answer's cap must be lowered to, so that the call costs no more than `affordable`; `null`: not even the least
 * answer fits, or not one that is longer than the thinking that the call asks for. A cap that fits as it is stays.
 */
export function clampedTokens(worst: WorstCase, output: OutputBound, affordable: number): number | null {
  if (worst.nanoUsd <= affordable) return output.tokens;
  if (worst.outputNanoUsdPerThousand === 0) return null;
  const left = Math.floor(((affordable - worst.inputNanoUsd) * 1000) / worst.outputNanoUsdPerThousand);
  const tokens = Math.floor((left - output.extraTokens) / output.answers);
  return tokens < outputTokensMin || tokens <= output.thinkingTokens ? null : Math.min(tokens, output.tokens);
}

const plainForms = ["inputTokens", "inputCachedTokens", "inputImageTokens"] as const;
const inputForms = {
  none: plainForms,
  minutes: [...plainForms, "cacheWriteTokens"],
  hour: [...plainForms, "cacheWriteTokens", "cacheWriteHourTokens"],
} as const satisfies Record<InputBound["cacheWrites"], readonly UsageBucket[]>;
const textForms = ["outputTokens", "reasoningTokens"] as const;
const soundForms = [...textForms, "outputAudioTokens"] as const;

/** The highest rate that is known; `null`: none is. */
function dearest(tiers: readonly Rates[], buckets: readonly UsageBucket[]): number | null {
  const known = tiers.flatMap((rates) => buckets.map((bucket) => rates[bucket])).filter((rate) => rate !== null);
  return known.length === 0 ? null : Math.max(...known);
}
