import * as z from "zod";
import type { Usage } from "../../contracts/usage.ts";
import type { Fields } from "./request-fields.ts";

const tokens = z.int().nonnegative();
const maybeTokens = tokens.nullish();

/** Anthropic's usage block. */
const usageBlockSchema = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: maybeTokens,
  cache_creation_input_tokens: maybeTokens,
  cache_creation: z.object({ ephemeral_5m_input_tokens: maybeTokens, ephemeral_1h_input_tokens: maybeTokens }).nullish(),
  output_tokens_details: z.object({ thinking_tokens: maybeTokens }).nullish(),
});

/** The fields that say something here; `service_tier` is no count. */
export const usageFields: readonly string[] = [...Object.keys(usageBlockSchema.shape), "service_tier"];

/**
 * Anthropic counts what was read from the cache and written to it beside `input_tokens`, and thinking within
 * `output_tokens`. Where both are given, the split of cache writes by time is a part of their total.
 *
 * @returns `null` where the block is not a usage block.
 */
export function readUsage(block: unknown): Usage | null {
  const parsed = usageBlockSchema.safeParse(block);
  if (!parsed.success) return null;
  const { data } = parsed;
  const hour = data.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  const written = data.cache_creation_input_tokens ?? (data.cache_creation?.ephemeral_5m_input_tokens ?? 0) + hour;
  const cacheWriteHourTokens = Math.min(hour, written);
  const reasoningTokens = Math.min(data.output_tokens_details?.thinking_tokens ?? 0, data.output_tokens);
  return {
    inputTokens: data.input_tokens,
    inputCachedTokens: data.cache_read_input_tokens ?? 0,
    cacheWriteTokens: written - cacheWriteHourTokens,
    cacheWriteHourTokens,
    inputAudioTokens: 0,
    inputImageTokens: 0,
    outputTokens: data.output_tokens - reasoningTokens,
    reasoningTokens,
    outputAudioTokens: 0,
  };
}

/** The usage block of an answer; `null`: its provider did not tell, and clients still read numbers. */
export function writeUsage(usage: Usage | null, serviceTier: string | null): Fields {
  const told = usage ?? noUsage;
  return {
    input_tokens: told.inputTokens + told.inputAudioTokens + told.inputImageTokens,
    cache_read_input_tokens: told.inputCachedTokens,
    cache_creation_input_tokens: told.cacheWriteTokens + told.cacheWriteHourTokens,
    cache_creation: { ephemeral_5m_input_tokens: told.cacheWriteTokens, ephemeral_1h_input_tokens: told.cacheWriteHourTokens },
    output_tokens: told.outputTokens + told.reasoningTokens + told.outputAudioTokens,
    output_tokens_details: { thinking_tokens: told.reasoningTokens },
    server_tool_use: null,
    service_tier: serviceTier,
  };
}

const noUsage: Usage = {
  inputTokens: 0,
  inputCachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  inputAudioTokens: 0,
  inputImageTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  outputAudioTokens: 0,
};
