/** This dialect's `service_tier` of a request, and OpenAI's word for the same. */
const tiers = [
  ["auto", "auto"],
  ["standard_only", "default"],
] as const;

const unified: ReadonlyMap<unknown, string> = new Map(tiers);
const own: ReadonlyMap<string, string> = new Map(tiers.map(([wire, word]) => [word, wire]));

/** `null`: this dialect has no such tier. */
export function readServiceTier(tier: string): string | null {
  return unified.get(tier) ?? null;
}

/** `null`: this dialect has no such tier. */
export function writeServiceTier(tier: string): string | null {
  return own.get(tier) ?? null;
}
