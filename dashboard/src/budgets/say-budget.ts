import type { BudgetAnswer } from "#core/contracts/api/budgets.ts";
import { formatCost } from "../format/money.ts";

/** Nano-dollars, short: cents, and below a dollar millionths. Cut off, not rounded: what is nearly all is not said to be all. */
export function usd(nanoUsd: number): string {
  const unitNanoUsd = Math.abs(nanoUsd) < 1_000_000_000 ? 1_000 : 10_000_000;
  return formatCost(nanoUsd - (nanoUsd % unitNanoUsd), false);
}

/** `$20.00 a day`. */
export function sayAmount({ amount, window: span }: Pick<BudgetAnswer, "amount" | "window">): string {
  const total = amount.totalNanoUsd === null ? "amounts by region," : usd(amount.totalNanoUsd);
  return `${total} ${sayWindow(span)}`;
}

function sayWindow(span: BudgetAnswer["window"]): string {
  switch (span.kind) {
    case "clock":
      return `a ${span.unit}`;
    case "calendar":
      return span.timeZone === "UTC" ? `a ${span.unit}` : `a ${span.unit} (${span.timeZone})`;
    case "rolling":
      return `in any ${span.count} ${span.unit}s`;
    case "never":
      return "in all";
  }
}

export function sayPart(part: number): string {
  return `${Number((100 * part).toFixed(2))}%`;
}
