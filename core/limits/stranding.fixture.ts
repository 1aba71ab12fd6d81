import { pocketGrant, pocketLeaseMs } from "./grant-policy.ts";

/** How isolates end: with a deployment all at once, and each by itself after so long. */
export interface Deaths {
  readonly deploymentsADay: number;
  /** `null`: none ends by itself. */
  readonly isolateLifeMs: number | null;
}

export interface Month {
  readonly calls: number;
  /** Calls that asked their region. */
  readonly hops: number;
  /** What isolates had that ended, as a part of the budget. */
  readonly strandedPart: number;
  /** What calls cost, as a part of the budget. */
  readonly costPart: number;
}

const isolates = 4;
const callsASecond = 50;
const callMs = 2_000;
const worstCase = 10_000;
const cost = 1_000;
const days = 30;
const costPartOfMonth = 0.75;

/**
 * A month of one budget, of which calls cost three quarters: four isolates with 50 calls a second each, which last 2 s and cost a tenth
 * of what they reserve. Lease by lease: who gets a pocket has one call that asks, and those that do not fit in it; who gets none has
 * calls that all ask. An isolate that ends loses what its calls have not spent of its pocket.
 */
export function strandingMonth({ deploymentsADay, isolateLifeMs }: Deaths): Month {
  const leases = (days * 86_400_000) / pocketLeaseMs;
  const callsALease = (callsASecond * pocketLeaseMs) / 1_000;
  const underWay = (callsASecond * callMs) / 1_000;
  const limit = Math.ceil((leases * isolates * callsALease * cost) / costPartOfMonth);
  let [calls, hops, costs, stranded, seed] = [0, 0, 0, 0, 7];
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 4_294_967_296;
  };
  const deploymentPart = (deploymentsADay * pocketLeaseMs) / 86_400_000;
  const lifePart = isolateLifeMs === null ? 0 : pocketLeaseMs / isolateLifeMs;
  for (let lease = 0; lease < leases; lease += 1) {
    const isDeployment = random() < deploymentPart;
    for (let isolate = 0; isolate < isolates; isolate += 1) {
      const free = limit - costs - stranded;
      const granted = pocketGrant({
        limit,
        free,
        inHand: Math.max(0, free),
        stranded,
        perMs: (callsASecond * worstCase) / 1_000,
        worstCase,
        pockets: isolates,
      });
      const fits = Math.min(1, granted / (underWay * worstCase));
      calls += callsALease;
      hops += granted === 0 ? callsALease : 1 + (callsALease - 1) * (1 - fits);
      costs += callsALease * cost;
      if (granted > 0 && (isDeployment || random() < lifePart))
        stranded += granted - Math.min(granted, random() * callsALease * fits * cost);
    }
  }
  return { calls, hops, strandedPart: stranded / limit, costPart: costs / limit };
}
