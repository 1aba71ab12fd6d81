import type { RateStanding, Refusal } from "./limiter-rpc.ts";

/** `x-ratelimit-…` as OpenAI's clients read them; of several limits of one unit the one with the least left. */
export function rateHeaders(standings: readonly RateStanding[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [unit, all] of Map.groupBy(standings, (standing) => standing.unit)) {
    const [tightest] = all.toSorted((left, right) => left.remaining - right.remaining);
    if (tightest === undefined) continue;
    headers[`x-ratelimit-limit-${unit}`] = String(tightest.limit);
    headers[`x-ratelimit-remaining-${unit}`] = String(tightest.remaining);
    headers[`x-ratelimit-reset-${unit}`] = `${(tightest.resetMs / 1000).toFixed(3)}s`;
  }
  return headers;
}

/** SDKs try again by themselves: within a minute that helps, after it their caller should know. */
const retriedWithinMs = 60_000;

/** When to come back. */
export function refusalHeaders({ retryAfterMs, standings }: Refusal): Record<string, string> {
  const headers = rateHeaders(standings);
  if (retryAfterMs !== null) headers["retry-after"] = String(Math.ceil(retryAfterMs / 1000));
  if (retryAfterMs === null || retryAfterMs > retriedWithinMs) headers["x-should-retry"] = "false";
  return headers;
}

const units = {
  "nano-usd": "",
  calls: "calls under way",
  requests: "requests a minute",
  tokens: "tokens a minute",
} as const satisfies Record<Refusal["unit"], string>;

/** What a refused caller is told: which limit, what is left, and when to come back. `wanted`: what the call asked of it. */
export function refusalText({ unit, limit, left, retryAfterMs, counted }: Refusal, name: string, wanted: number | null): string {
  const amount = (value: number): string => (unit === "nano-usd" ? usd(value) : `${value} ${units[unit]}`);
  const kind = unit === "nano-usd" ? "budget" : "limit";
  const needs = wanted === null ? "" : ` This call may need up to ${amount(wanted)}.`;
  const when = retryAfterMs === null ? "Waiting does not help." : `Try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
  return `The ${kind} "${name}" (${amount(limit)}, counted for ${counted}) has ${amount(left)} left.${needs} ${when}`;
}

function usd(nanoUsd: number): string {
  return `$${(nanoUsd / 1e9).toFixed(9).replace(/(\.\d\d)(\d*?)0+$/, "$1$2")}`;
}
