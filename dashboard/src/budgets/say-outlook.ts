import type { BudgetState } from "#core/contracts/api/budgets.ts";
import { formatMoment } from "../range/format-range.ts";

/** What becomes of a budget at the rate at which it is spent; empty: nobody can say. */
export function sayOutlook({
  spentNanoUsd,
  limitNanoUsd,
  usedUpAtMs,
  lasts,
}: Pick<BudgetState, "spentNanoUsd" | "limitNanoUsd" | "usedUpAtMs" | "lasts">): string {
  if (spentNanoUsd >= limitNanoUsd) return "Used up.";
  if (usedUpAtMs !== null) return `At this rate it is used up ${formatMoment(usedUpAtMs)}.`;
  return lasts ? "At this rate it lasts until it starts anew." : "";
}
