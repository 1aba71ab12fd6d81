/** How a budget is spent in its window. */
interface Spending {
  readonly limitNanoUsd: number;
  readonly spentNanoUsd: number;
  /** Since when that was spent. */
  readonly sinceMs: number;
  /** When the budget starts anew; `null`: never. */
  readonly endMs: number | null;
}

/**
 * When a budget is used up, if it is spent on as fast as in its window so far: epoch milliseconds. `null`: not before it starts
 * anew.
 */
export function usedUpAtMs({ limitNanoUsd, spentNanoUsd, sinceMs, endMs }: Spending, nowMs: number): number | null {
  if (spentNanoUsd >= limitNanoUsd) return nowMs;
  const elapsedMs = nowMs - sinceMs;
  if (spentNanoUsd <= 0 || elapsedMs <= 0) return null;
  const atMs = Math.ceil(sinceMs + (elapsedMs * limitNanoUsd) / spentNanoUsd);
  return (endMs !== null && atMs >= endMs) || !Number.isSafeInteger(atMs) ? null : atMs;
}
