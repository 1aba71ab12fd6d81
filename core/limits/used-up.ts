/** How a budget is spent in its window. */
interface Spending {
  readonly limitNanoUsd: number;
  readonly spentNanoUsd: number;
  readonly startMs: number;
  /** When the budget starts anew; `null`: never. */
  readonly endMs: number | null;
  /** Of the budget: it may be younger than its window. */
  readonly createdAtMs: number;
}

/** What becomes of a budget that is spent on as fast as in its window so far. */
export type Outlook =
  /** Epoch milliseconds. */
  | { readonly kind: "used-up"; readonly atMs: number }
  | { readonly kind: "lasts" }
  /** Nobody can say. */
  | { readonly kind: "unknown" };

/** Sooner than after this part of a window a rate says nothing: a minute's calls would use up any month. */
const tellingPart = 0.01;

export function outlookOf({ limitNanoUsd, spentNanoUsd, startMs, endMs, createdAtMs }: Spending, nowMs: number): Outlook {
  if (spentNanoUsd >= limitNanoUsd) return { kind: "used-up", atMs: nowMs };
  const sinceMs = Math.max(startMs, createdAtMs);
  const elapsedMs = nowMs - sinceMs;
  const isTelling = elapsedMs > 0 && (endMs === null || elapsedMs >= tellingPart * (endMs - startMs));
  if (spentNanoUsd <= 0 || !isTelling) return { kind: "unknown" };
  const atMs = Math.ceil(sinceMs + (elapsedMs * limitNanoUsd) / spentNanoUsd);
  if (endMs !== null && atMs >= endMs) return { kind: "lasts" };
  return Number.isSafeInteger(atMs) ? { kind: "used-up", atMs } : { kind: "unknown" };
}
