import type { OrganizationId } from "#core/contracts/id.ts";
import { regions } from "#core/contracts/region.ts";
import type { BudgetRootRpc, LimiterPlace, RegionLimiterRpc } from "#core/limits/limiter-rpc.ts";

type RootObject = BudgetRootRpc & Rpc.DurableObjectBranded;
type LimiterObject = RegionLimiterRpc & Rpc.DurableObjectBranded;

export interface RootBinding {
  readonly BUDGET_ROOT: DurableObjectNamespace<RootObject>;
}

export interface LimiterBinding {
  readonly REGION_LIMITER: DurableObjectNamespace<LimiterObject>;
  /** `off` where the runtime has no jurisdictions (one machine). */
  readonly JURISDICTIONS?: "off";
}

/** The root of an organisation's limits. */
export function rootStub({ BUDGET_ROOT: namespace }: RootBinding, organizationId: OrganizationId): DurableObjectStub<RootObject> {
  return namespace.get(namespace.idFromName(organizationId));
}

/** The limiter of an organisation in a region, in the region's place and jurisdiction. */
export function limiterStub(env: LimiterBinding, { organizationId, region }: LimiterPlace): DurableObjectStub<LimiterObject> {
  const { jurisdiction, locationHint } = regions[region];
  const namespace =
    jurisdiction === null || env.JURISDICTIONS === "off" ? env.REGION_LIMITER : env.REGION_LIMITER.jurisdiction(jurisdiction);
  return namespace.get(namespace.idFromName(`${organizationId}:${region}`), { locationHint });
}

/** What an object answers, let go of: an answer that comes by RPC is held at both ends until it is disposed of. */
export async function answerOf<Call>(call: Call): Promise<Awaited<Call>> {
  const answer = await call;
  const held: unknown = answer;
  if (typeof held === "object" && held !== null && Symbol.dispose in held) {
    const dispose: unknown = held[Symbol.dispose];
    if (typeof dispose === "function") Reflect.apply(dispose, held, []);
  }
  return answer;
}
