import type { createClient, CallResult } from "#core/contracts/api/client.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { demoBudgets, demoPrices, demoRateLimits, type Owners } from "./limits.ts";
import { valueOf } from "./value-of.ts";

type ControlApi = ReturnType<typeof createClient>;

const all = { limit: 200 };

/**
 * Sets the demo's budgets. Those of a demo that was interrupted go first: they count keys that nobody has. Where somebody
 * has set one in the same place, theirs stays. Throws `StartFailure`.
 */
export async function makeBudgets({ call }: ControlApi, organizationId: OrganizationId, owners: Owners): Promise<void> {
  const params = { organizationId };
  const wanted = demoBudgets(owners);
  const { budgets } = valueOf(await call("listBudgets", { params, query: all }));
  const old = budgets.filter(({ name }) => wanted.some((budget) => budget.name === name));
  await Promise.all(
    old.map(async ({ limitId }) => valueOf(await call("deleteBudget", { params: { organizationId, limitId }, query: {} }))),
  );
  await Promise.all(wanted.map(async (body) => assertSet(await call("createBudget", { params, query: {}, body }))));
}

/** Sets the demo's rate limits, in the same way. Throws `StartFailure`. */
export async function makeRateLimits({ call }: ControlApi, organizationId: OrganizationId, owners: Owners): Promise<void> {
  const params = { organizationId };
  const wanted = demoRateLimits(owners);
  const { rateLimits } = valueOf(await call("listRateLimits", { params, query: all }));
  const old = rateLimits.filter(({ name }) => wanted.some((limit) => limit.name === name));
  await Promise.all(
    old.map(async ({ limitId }) => valueOf(await call("deleteRateLimit", { params: { organizationId, limitId }, query: {} }))),
  );
  // The newest is listed first.
  for (const body of wanted.toReversed()) assertSet(await call("createRateLimit", { params, query: {}, body }));
}

/** Sets what some models cost the demo's organization. Throws `StartFailure`. */
export async function makePrices({ call }: ControlApi, organizationId: OrganizationId): Promise<void> {
  for (const { provider, ...body } of demoPrices) {
    valueOf(await call("putPriceOverride", { params: { organizationId, provider }, query: {}, body }));
  }
}

function assertSet(result: CallResult<unknown>): void {
  if (result.kind !== "conflict") valueOf(result);
}
