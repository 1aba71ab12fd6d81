import type { OrganizationId } from "#core/contracts/id.ts";
import { regions } from "#core/contracts/region.ts";
import type { BudgetRootRpc, LimiterPlace, RegionLimiterRpc, ReserveReply, ReserveRequest } from "#core/limits/limiter-rpc.ts";
import { fromWire, toWire } from "#core/limits/wire-text.ts";

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
  const name = `${organizationId}:${region}`;
  const id = remembered.get(name) ?? namespace.idFromName(name);
  if (remembered.size >= rememberedMax) remembered.clear();
  remembered.set(name, id);
  return namespace.get(id, { locationHint });
}

/** To make an id of a name is a hundredth of a call. */
const remembered = new Map<string, DurableObjectId>();
const rememberedMax = 1_000;

/** Asks a limiter for what a call may use. */
export async function askLimiter(env: LimiterBinding, request: ReserveRequest): Promise<ReserveReply> {
  return fromWire(await limiterStub(env, request.place).reserve(toWire(request)));
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
