import type { TimeRange } from "#core/analytics/coverage.ts";
import { failure, type Failure } from "#core/contracts/error.ts";

const defaultRangeMs = 7 * 86_400_000;
/** Clocks of callers may be ahead of ours; what they have just sent is to be seen. */
const clockSkewMs = 5 * 60_000;

/** The range that a query string names, or what is wrong with it. */
export function readRange(
  query: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
  nowMs: number,
): ({ readonly kind: "range" } & TimeRange) | Failure {
  const toMs = query.toMs ?? nowMs + clockSkewMs;
  const fromMs = query.fromMs ?? Math.max(0, toMs - defaultRangeMs);
  if (fromMs > toMs) return failure("invalid_field", "`fromMs` must not be later than `toMs`.", "fromMs");
  return { kind: "range", fromMs, toMs };
}
