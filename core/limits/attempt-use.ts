import type { CallOutcome } from "../gateway/call-span.ts";

/** What is known of an attempt at its end. */
export type AttemptEnd = Pick<CallOutcome, "failure" | "upstreamStatus" | "facts" | "cost">;

/** What an attempt used; each `null`: nobody knows. */
export interface AttemptUse {
  readonly nanoUsd: number | null;
  readonly tokens: number | null;
}

export const unusedAttempt: AttemptUse = { nanoUsd: 0, tokens: 0 };

/** Beyond a 4xx, statuses with which a call is refused before any work: overloads, and Cloudflare's own of an origin that it did not reach. */
const refusingStatuses: ReadonlySet<number> = new Set([503, 521, 522, 523, 525, 526, 529]);
const requestTimeout = 408;

/**
 * What an attempt used. What a provider said of an answer that it did not finish is only what it had written by then
 * (Anthropic's first event says one token), while it bills what it wrote until it was stopped: nobody knows. A provider that
 * refused a call takes nothing for it; one that failed, or a proxy that lost patience, may.
 */
export function usedBy({ failure, upstreamStatus, facts, cost }: AttemptEnd): AttemptUse {
  if (failure !== null && facts.finishReason === null) {
    return upstreamStatus !== null && isRefusal(upstreamStatus) ? unusedAttempt : { nanoUsd: null, tokens: null };
  }
  const { usage } = facts;
  const tokens = usage === null ? null : Object.values(usage).reduce((sum, bucket) => sum + bucket, 0);
  return { nanoUsd: cost?.totalNanoUsd ?? null, tokens };
}

function isRefusal(status: number): boolean {
  return (status >= 400 && status < 500 && status !== requestTimeout) || refusingStatuses.has(status);
}
