import { readRecordedSpending, type DifferingCall } from "#adapters/clickhouse/recorded-spending.ts";
import { answerOf, rootStub } from "#adapters/limits/stubs.ts";
import { connect } from "#adapters/postgres/database.ts";
import { readProjectHomes } from "#adapters/postgres/projects.ts";
import { attempt } from "#adapters/unavailable.ts";
import { within } from "#adapters/within.ts";
import type { BudgetLedger } from "#core/contracts/api/budget-ledger.ts";
import { totalOf } from "#core/limits/match.ts";
import { longestCallMs } from "#core/limits/lent-pockets.ts";
import { reconcile } from "#core/limits/reconcile.ts";
import type { RegionLedger } from "#core/limits/root-ledger.ts";
import { windowOf } from "#core/limits/window.ts";
import { readBudget, rootWithinMs } from "./budgets.ts";
import type { Handler } from "./handler.ts";

const callsMax = 100;

/**
 * The root is asked before the records are read: what is spent in between stands in them alone, and is told as not heard of. The
 * other way round it would look lost.
 */
export const getBudgetLedger: Handler<"getBudgetLedger"> = async (env, { params: { organizationId, limitId }, query }) => {
  const found = await readBudget(env, organizationId, limitId);
  if (found.kind !== "answered") return found;
  const nowMs = Date.now();
  const { id: windowId, startMs, endMs } = windowOf(found.value.window, query.atMs ?? nowMs);
  const homes = await attempt("postgres", async () => await readProjectHomes(connect(env), organizationId));
  if (homes.kind === "unavailable") return homes;
  const ledger = await attempt(
    "limits",
    async () => await within(answerOf(rootStub(env, organizationId).ledger(organizationId, limitId, windowId)), rootWithinMs),
  );
  if (ledger.kind === "unavailable") return ledger;
  const sinceMs = Math.max(startMs, found.value.createdAtMs) - longestCallMs;
  const recorded = await attempt(
    "clickhouse",
    async () =>
      await Promise.all(
        [...homes.value].map(async ([home, projectIds]) => {
          const request = { projectIds, limitId, windowId, sinceMs, untilMs: endMs ?? nowMs + longestCallMs };
          return await readRecordedSpending(env, home, request, callsMax);
        }),
      ),
  );
  if (recorded.kind === "unavailable") return recorded;
  const { accounts, spent, presumed, reserved, regions } = ledger.value;
  const reconciled = reconcile(
    regions,
    recorded.value.flatMap(({ sums }) => sums),
  );
  return {
    kind: "answered",
    value: {
      window: { startMs, endMs },
      accounts,
      limitNanoUsd: totalOf(found.value),
      spentNanoUsd: spent,
      presumedNanoUsd: presumed,
      reservedNanoUsd: reserved,
      regions: regions.map(toRegion),
      reconciliation: {
        recordedNanoUsd: reconciled.recorded,
        recordedCalls: reconciled.calls,
        differenceNanoUsd: reconciled.difference,
        differences: reconciled.differences.map(({ amount, ...each }) => ({ ...each, amountNanoUsd: amount })),
        calls: mostDiffering(recorded.value.flatMap(({ differing }) => differing)),
      },
    },
  };
};

function toRegion({ region, limit, granted, spent, presumed, reserved }: RegionLedger): BudgetLedger["regions"][number] {
  return {
    region,
    limitNanoUsd: limit,
    grantedNanoUsd: granted,
    spentNanoUsd: spent,
    presumedNanoUsd: presumed,
    reservedNanoUsd: reserved,
    inHandNanoUsd: Math.max(0, granted - spent - reserved),
    debtNanoUsd: Math.max(0, spent + reserved - granted),
  };
}

function mostDiffering(calls: readonly DifferingCall[]): BudgetLedger["reconciliation"]["calls"] {
  const byHow = ({ settledNanoUsd, costNanoUsd }: DifferingCall): number => Math.abs(settledNanoUsd - (costNanoUsd ?? 0));
  return calls
    .toSorted((left, right) => byHow(right) - byHow(left))
    .slice(0, callsMax)
    .map(({ isPresumed, ...call }) => ({ ...call, cause: isPresumed ? "presumed" : "attempts" }));
}
