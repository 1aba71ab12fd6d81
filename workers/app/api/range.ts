import type { TimeRange } from "#core/analytics/coverage.ts";
import { failure, type Failure } from "#core/contracts/error.ts";

const defaultRangeMs = 7 * 86_400_000;
/** Clocks of callers may be ahead of ours; what they have just sent is to be seen. */
const clockSkewMs = 5 * 60_000;
/** A range up to now ends at one of these, so that the same question within that time has the same answer at hand. */
const stepMs = 10_000;

/** The range that a query string names, or what is wrong with it. */
export function readRange(
  query: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
  nowMs: number,
): ({ readonly kind: "range" } & TimeRange) | Failure {
  const toMs = query.toMs ?? Math.ceil((nowMs + clockSkewMs) / stepMs) * stepMs;
  const fromMs = query.fromMs ?? Math.max(0, toMs - defaultRangeMs);
  if (fromMs > toMs) return failure("invalid_field", "`fromMs` must not be later than `toMs`.", "fromMs");
  return { kind: "range", fromMs, toMs };
}
