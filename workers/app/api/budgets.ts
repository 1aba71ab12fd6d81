import { answerOf, rootStub } from "#adapters/limits/stubs.ts";
import type { StoredLimit } from "#adapters/postgres/limits.ts";
import { attempt } from "#adapters/unavailable.ts";
import { within } from "#adapters/within.ts";
import type { BudgetAnswer, BudgetState } from "#core/contracts/api/budgets.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { budgetSettingSchema, type LimitId } from "#core/contracts/limits.ts";
import { termsOfBudget } from "#core/limits/admission.ts";
import type { AccountState } from "#core/limits/limiter-rpc.ts";
import { outlookOf } from "#core/limits/used-up.ts";
import type { AppEnvironment } from "../environment.ts";
import type { Handled, Handler } from "./handler.ts";
import { createLimit, deleteLimit, getLimit, listLimits, putLimit } from "./limits.ts";

/** The root asks the regions, which takes it up to 1.5 s. */
export const rootWithinMs = 4_000;

function shelfOf(organizationId: OrganizationId) {
  return { organizationId, kind: "budget" } as const;
}

function toAnswer({ setting, ...stored }: StoredLimit) {
  return { ...stored, ...budgetSettingSchema.parse(setting) };
}

function faceOf(organizationId: OrganizationId) {
  return { shelf: shelfOf(organizationId), toAnswer };
}

export const createBudget: Handler<"createBudget"> = async (env, { params, body }, request) =>
  await createLimit(env, faceOf(params.organizationId), body, request);

export const listBudgets: Handler<"listBudgets"> = async (env, { params, query }) => {
  const listed = await listLimits(env, faceOf(params.organizationId), query);
  if (listed.kind !== "answered") return listed;
  return { kind: "answered", value: { budgets: listed.value.rows, nextCursor: listed.value.nextCursor } };
};

/** A budget as it is set. */
export async function readBudget(env: AppEnvironment, organizationId: OrganizationId, limitId: LimitId): Promise<Handled<BudgetAnswer>> {
  return await getLimit(env, faceOf(organizationId), limitId);
}

export const getBudget: Handler<"getBudget"> = async (env, { params }) => await readBudget(env, params.organizationId, params.limitId);

/** The root is told at once: where the amount was lowered, it wants back what lies idle in the regions. */
export const putBudget: Handler<"putBudget"> = async (env, { params: { organizationId, limitId }, body }, request) => {
  const changed = await putLimit(env, faceOf(organizationId), limitId, body, request);
  if (changed.kind !== "answered") return changed;
  const { version } = changed.value;
  const told = await attempt(
    "limits",
    async () =>
      await within(
        answerOf(rootStub(env, organizationId).adopt(organizationId, termsOfBudget({ ...body, id: limitId, version }))),
        rootWithinMs,
      ),
  );
  return told.kind === "unavailable" ? told : changed;
};

export const deleteBudget: Handler<"deleteBudget"> = async (env, { params }) =>
  await deleteLimit(env, shelfOf(params.organizationId), params.limitId);

export const getBudgetState: Handler<"getBudgetState"> = async (env, { params: { organizationId, limitId }, query }) => {
  const found = await readBudget(env, organizationId, limitId);
  if (found.kind !== "answered") return found;
  const nowMs = Date.now();
  return await attempt("limits", async () => {
    const states = await within(answerOf(rootStub(env, organizationId).state(organizationId, limitId)), rootWithinMs);
    return { states: states.map((state) => toState(state, found.value, query.ifLimitNanoUsd ?? null, nowMs)) };
  });
};

function toState(
  { counted, window, limit, spent, reserved, regions }: AccountState,
  budget: BudgetAnswer,
  ifLimitNanoUsd: number | null,
  nowMs: number,
): BudgetState {
  // What was spent in a rolling window falls out of it again: no rate says when it is full.
  const outlook = (limitNanoUsd: number): Pick<BudgetState, "usedUpAtMs" | "lasts"> => {
    if (budget.window.kind === "rolling") return { usedUpAtMs: null, lasts: false };
    const told = outlookOf({ ...window, limitNanoUsd, spentNanoUsd: spent, createdAtMs: budget.createdAtMs }, nowMs);
    return { usedUpAtMs: told.kind === "used-up" ? told.atMs : null, lasts: told.kind === "lasts" };
  };
  return {
    ...outlook(limit),
    ifLimit:
      ifLimitNanoUsd === null
        ? null
        : { limitNanoUsd: ifLimitNanoUsd, leftNanoUsd: ifLimitNanoUsd - spent - reserved, ...outlook(ifLimitNanoUsd) },
    counted,
    window: { ...window },
    limitNanoUsd: limit,
    spentNanoUsd: spent,
    reservedNanoUsd: reserved,
    leftNanoUsd: limit - spent - reserved,
    regions: regions.map((each) => ({
      region: each.region,
      limitNanoUsd: each.limit,
      spentNanoUsd: each.spent,
      reservedNanoUsd: each.reserved,
      inHandNanoUsd: each.inHand,
    })),
  };
}
