import type { BudgetAnswer, BudgetState } from "#core/contracts/api/budgets.ts";
import { formatMoment } from "../range/format-range.ts";

/** Sooner than after this part of a window a rate says nothing: a minute's calls would use up any month. */
const tellingPart = 0.01;

/** What becomes of a budget at the rate at which it is spent; empty: nobody can say. */
export function sayOutlook(
  { window: kind, createdAtMs }: Pick<BudgetAnswer, "window" | "createdAtMs">,
  { spentNanoUsd, limitNanoUsd, usedUpAtMs, window: span }: Pick<BudgetState, "spentNanoUsd" | "limitNanoUsd" | "usedUpAtMs" | "window">,
  nowMs: number,
): string {
  if (spentNanoUsd >= limitNanoUsd) return "Used up.";
  const sinceMs = Math.max(span.startMs, createdAtMs);
  if (span.endMs !== null && nowMs - sinceMs < tellingPart * (span.endMs - span.startMs)) return "";
  if (usedUpAtMs !== null) return `At this rate it is used up ${formatMoment(usedUpAtMs)}.`;
  return spentNanoUsd === 0 || span.endMs === null || kind.kind === "rolling" ? "" : "At this rate it lasts until it starts anew.";
}
